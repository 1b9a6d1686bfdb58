"""Figures say what they draw: picture, words and table come from the same data and agree."""

import re
from dataclasses import replace
from datetime import date, timedelta

import matplotlib as mpl
import numpy as np
import pytest
from figure_checks import FigureChecks, extents, texts_stand_apart
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from immunolib import datasets, figures
from immunolib._dates import period
from immunolib._errors import DateError, ImmunolibError, UnknownNameError
from immunolib.figures import DescribedFigure, _dials, _timeline, _wiring
from immunolib.figures import _timeline_scene as _scene
from immunolib.figures import _timeline_words as _words
from immunolib.figures._style import DIALS

DAYS = st.dates(_scene.FIRST_DAY, datasets.edition())
FIGURES = {
    "timeline": lambda ax=None: figures.timeline(ax=ax),
    "timeline of 2011": lambda ax=None: figures.timeline("2011-02-01", ax=ax),
    "timeline of a class": lambda ax=None: figures.timeline(group="PD-1 antibody", ax=ax),
    "timeline of a family": lambda ax=None: figures.timeline(group="interleukin blockers", ax=ax),
    "timeline of an agent": lambda ax=None: figures.timeline(agent="rituximab", ax=ax),
    "timeline of 1890": lambda ax=None: figures.timeline("1890-01-01", ax=ax),
    "approvals per year": lambda ax=None: figures.approvals_per_year(),
    "classes by decade": lambda ax=None: figures.classes_by_decade(),
    "receptor occupancy": lambda ax=None: figures.receptor_occupancy(),
    "receptor occupancy, rare doses": lambda ax=None: figures.receptor_occupancy(10, 4, 84),
    "receptor occupancy, all": lambda ax=None: figures.receptor_occupancy(1000, 0.01, 7),
    "receptor occupancy, none": lambda ax=None: figures.receptor_occupancy(0.1, 1000, 84),
    "protection": lambda ax=None: figures.protection(ax=ax),
    "protection, little left": lambda ax=None: figures.protection(0.01, 40, 250, ax),
    "protection, much": lambda ax=None: figures.protection(10, ax=ax),
    "protection, a variant": lambda ax=None: figures.protection(4, 5, 100, ax),
    "reach": lambda ax=None: figures.reach(),
    "survival sandbox": lambda ax=None: figures.survival_sandbox(),
    "survival sandbox, by chance": lambda ax=None: figures.survival_sandbox(people=20, luck=3),
    "survival sandbox, no median": lambda ax=None: figures.survival_sandbox(36, 0.3, 60),
    "two dials": lambda ax=None: figures.two_dials(ax=ax),
    "where agents act": lambda ax=None: figures.where_agents_act(ax=ax),
    "what acts on T cells": lambda ax=None: figures.where_agents_act(place="T cell", ax=ax),
}


@pytest.fixture(params=FIGURES)
def made(request):
    return FIGURES[request.param]()


class TestEveryFigure(FigureChecks):
    """Every figure that needs no other table than those of the data."""


# They lay out axes of their own.
PANELS = {"approvals per year", "classes by decade", "reach"} | {
    n for n in FIGURES if "receptor" in n or "sandbox" in n
}


@pytest.mark.parametrize("name", sorted(FIGURES.keys() - PANELS))
def test_it_draws_into_the_axes_it_is_given(name):
    figure = Figure(figsize=(8, 16))
    ax = figure.add_subplot()
    made = FIGURES[name](ax)
    assert made.figure is figure
    assert ax.get_children()


@pytest.mark.parametrize("name", FIGURES)
def test_it_changes_no_global_style(name):
    before = dict(mpl.rcParams)
    FIGURES[name]()
    assert dict(mpl.rcParams) == before


def test_html_is_escaped():
    made = DescribedFigure(
        Figure(figsize=(1, 1)), "a <b>", 'x "quoted" & <i>', "d <script>alert(1)</script>",
        datasets.load_cells().head(1),
    )  # fmt: skip
    html = made.html()
    assert "<script>" not in html
    assert "&lt;i&gt;" in html
    assert 'alt="x &quot;quoted&quot; &amp; &lt;i&gt;"' in html


@pytest.mark.parametrize(("alt", "words"), [("", "text"), ("x" * 151, "text"), ("fine", "  ")])
def test_a_figure_without_words_is_refused(alt, words):
    with pytest.raises(ValueError, match=r"alternative text|description"):
        DescribedFigure(Figure(), "t", alt, words, datasets.load_cells())


# --- the timeline


def drawn_marks(ax):
    """Where each agent's mark stands: agent and dial to decimal year."""
    found = {}
    for line in ax.get_lines():
        gid = line.get_gid() or ""
        if gid.startswith("mark "):
            _, direction, agent = gid.split(" ", 2)
            found[agent, direction] = float(line.get_xdata()[0])
    return found


@settings(max_examples=12, deadline=None)
@given(DAYS)
def test_every_mark_stands_at_its_date_and_no_other_is_drawn(day):
    what = _scene.scene(day)
    drawn = drawn_marks(_timeline.draw(what))
    expected = {
        (m.agent, m.direction): _timeline.year(period(m.since).middle)
        for m in what.marks
        if m.since
    }
    assert drawn.keys() == expected.keys()
    for key, at in expected.items():
        assert drawn[key] == pytest.approx(at)
    cursor = [ln for ln in _timeline.draw(what).get_lines() if ln.get_gid() == "as-of"]
    assert float(cursor[0].get_xdata()[0]) == pytest.approx(_timeline.year(day))


def test_landmarks_stand_where_the_calendar_puts_them():
    """Plotted positions, worked out by hand: day of the year over its days."""
    drawn = drawn_marks(_timeline.draw(_scene.scene()))
    assert drawn["pembrolizumab", "activation"] == pytest.approx(2014 + 246 / 365)  # 2014-09-04
    assert drawn["belatacept", "suppression"] == pytest.approx(2011 + 165 / 365)  # 2011-06-15
    assert drawn["filgrastim", "activation"] == pytest.approx(1991 + 50 / 365)  # 1991-02-20


@settings(max_examples=20, deadline=None)
@given(DAYS)
def test_the_sentence_counts_what_the_status_table_counts(day):
    """Counted here by another way than the scene's."""
    text = _words.describe(_scene.scene(day))
    status = datasets.load_status(day)
    status = status[status["use"] != ""]
    held = status[status["status"] == "approved"]
    match = re.search(r"On (\S+), (\d+) of the (\d+) agents", text)
    assert match.groups() == (
        day.isoformat(),
        str(held["agent"].nunique()),
        str(datasets.load_uses()["agent"].nunique()),
    )
    for name in DIALS:
        number = held.loc[held["direction"] == name, "agent"].nunique()
        assert (f"{number} for {name}" in text) == (number > 0)


def test_an_emergency_use_is_told_apart_from_a_licence():
    """On 2020-12-15 tozinameran had the FDA's emergency use, and no licence of anybody."""
    old, new = _scene.scene("2020-12-01"), _scene.scene("2020-12-15")
    mark = next(m for m in new.marks if m.agent == "tozinameran")
    assert mark.status == "emergency use"
    assert not mark.licensed
    assert "tozinameran allowed for emergency use" in _words.changed(old, new)
    told = next(line for line in _words.describe(new).splitlines() if "emergency" in line)
    assert told.startswith("Allowed for emergency use, which is no licence: ")
    assert "tozinameran" in told
    line = next(
        ln for ln in _timeline.draw(new).get_lines()
        if ln.get_gid() == "mark activation tozinameran"
    )  # fmt: skip
    assert line.get_fillstyle() == "left"
    later = _scene.scene("2021-12-15")
    assert next(m for m in later.marks if m.agent == "tozinameran").licensed
    told = [line for line in _words.describe(later).splitlines() if "emergency" in line]
    assert not any("tozinameran" in line for line in told)


def test_no_licence_in_one_register_is_not_called_no_licence():
    text = _words.describe(_scene.scene("2015-01-01", regulator="EMA"))
    assert "with no licence in the records of EMA" in text
    assert "not licensed" not in text


def test_the_counts_at_the_ends_of_the_rows_are_those_of_the_scene():
    what = _scene.scene("2011-02-01")
    ax = _timeline.draw(what)
    counts = [int(t.get_text()) for t in ax.texts if t.get_text().isdigit()]
    assert counts == [row.licensed for row in what.rows if row.licensed]


def test_a_row_is_a_family_a_class_an_agent_or_a_licence_as_the_view_narrows():
    agents = datasets.load_agents()
    licences = datasets.load_status()
    levels = {
        "family": (_scene.scene(), set(agents["family"])),
        "class": (_scene.scene(group="interleukin blockers"), set(agents["class"])),
        "agent": (_scene.scene(group="TNF inhibitor"), set(agents["agent"])),
        "licence": (_scene.scene(agent="rituximab"), set(licences["use"])),
    }
    for level, (what, names) in levels.items():
        assert what.level == level
        assert {row.label for row in what.rows} <= names
    for family in _scene.families():
        what = _scene.scene(group=family)
        assert len(what.rows) <= 34, family
        assert {m.agent for m in what.marks} == set(
            agents.loc[agents["family"] == family, "agent"]
        ) & set(datasets.load_uses()["agent"])


def test_every_agent_can_be_looked_at_alone():
    status = datasets.load_status()
    for agent in _scene.agents()[1:]:
        what = _scene.scene(agent=agent)
        held = status[(status["agent"] == agent) & (status["status"] == "approved")]
        assert f"{agent} held {len(held) or 'no'} licence" in _words.describe(what)
        assert {m.agent for m in what.marks} <= {agent}


def test_the_band_of_a_family_counts_its_licences():
    """Its height at the right end, against the count written beside it."""
    what = _scene.scene("2015-01-01")
    ax = _timeline.draw(what)
    bands = {b.get_gid(): b for b in ax.patches if (b.get_gid() or "").startswith("band ")}
    for row in what.rows:
        gid = f"band {row.direction} {row.label}"
        if not row.licensed:
            assert gid not in bands
            continue
        points = bands[gid].get_xy()
        last = points[points[:, 0] > _timeline.year(what.as_of) - 0.01]
        height = np.ptp(last[:, 1])
        assert height == pytest.approx(row.licensed / what.most * _timeline._BAND, abs=1e-6)


def test_a_date_that_is_not_verified_is_drawn_and_told_so():
    doubtful = datasets.not_verified()
    assert len(doubtful) > 0
    what = _scene.scene()
    marks = [m for m in what.marks if not m.verified]
    assert {m.agent for m in marks} <= set(doubtful["agent"])
    ax = _timeline.draw(what)
    asked = [t.xy for t in ax.texts if t.get_text() == "?"]
    lines = {id(row): level for level, row in enumerate(_timeline._lines(what))}
    for row in what.rows:
        unsure = [m for m in row.marks if m.since and not m.verified]
        near = [at for at, level in asked if level == lines[id(row)]]
        assert bool(near) == bool(unsure)
        for mark in unsure:
            at = _timeline.year(period(mark.since).middle)
            assert min(abs(at - other) for other in near) < 20
    assert "With a date that is not verified" in _words.describe(what)
    assert set(_timeline.table(what).query("verified == 'no'")["agent"]) == {m.agent for m in marks}


def test_no_family_class_or_agent_is_cut_short():
    for filters in ({}, *({"group": group} for group in _scene.groups())):
        texts = [t.get_text() for t in _timeline.draw(_scene.scene(**filters)).texts]
        assert not [text for text in texts if "…" in text]


def test_the_rows_do_not_move_when_the_day_does():
    for filters in ({}, {"group": "TNF inhibitor"}, {"direction": "redirection"}):
        labels = {
            tuple(row.label for row in _scene.scene(day, **filters).rows)
            for day in ("1900-01-01", "1995-06-01", datasets.edition())
        }
        assert len(labels) == 1


def test_twice_as_many_agents_stay_legible(monkeypatch, request):
    real = _scene._marks

    def many(day, *filters):
        marks = real(day, *filters)
        more = [replace(mark, agent=f"{mark.agent} 2", verified=True) for mark in marks]
        return marks + more

    monkeypatch.setattr(_scene, "_marks", many)
    _scene._layout.cache_clear()
    request.addfinalizer(_scene._layout.cache_clear)
    what = _scene.scene("2020-06-01")
    assert len(what.marks) >= 2 * datasets.load_uses()["agent"].nunique()
    texts_stand_apart(_timeline.show(what))


def test_what_lies_beyond_the_records_is_hatched_and_said():
    what = _scene.scene(regulator="EMA")
    ends = dict(datasets.regulators()[["name", "covered_through"]].itertuples(index=False))
    assert what.covered_through == date.fromisoformat(ends["EMA"])
    hatched = [p for p in _timeline.draw(what).patches if p.get_gid() == "uncovered"]
    assert hatched[0].get_hatch()
    assert hatched[0].get_x() == pytest.approx(_timeline.year(what.covered_through))
    assert ends["EMA"] in _words.describe(what)
    inside = _scene.scene(what.covered_through, regulator="EMA")
    assert "records are complete" not in _words.describe(inside)
    assert "records are complete" in _words.describe(what)
    selected = _words.describe(_scene.scene(agent="pembrolizumab", regulator="PMDA"))
    assert "hold single events only" in selected


def test_an_uncertain_day_is_drawn_hollow_with_its_whole_period():
    what = _scene.scene("1990-06-15", group="live bacteria")
    mark = next(m for m in what.marks if m.agent == "BCG")
    assert mark.status == "uncertain"
    ax = _timeline.draw(what)
    line = next(ln for ln in ax.get_lines() if ln.get_gid() == "mark activation BCG")
    assert line.get_markerfacecolor() == "#ffffff"
    spans = [np.round(ln.get_xdata(), 2).tolist() for ln in ax.get_lines()]
    assert [1990.0, 1991.0] in spans
    assert "Uncertain" in _words.describe(what)


def test_the_time_scale_is_monotone_and_its_inverse_is_exact():
    years = np.linspace(1880, 2030, 400)
    there = _timeline._squeeze(years)
    assert (np.diff(there) > 0).all()
    assert _timeline._stretch(there) == pytest.approx(years)


def test_what_changed_names_who_came_and_who_left():
    old, new = _scene.scene("2011-02-01"), _scene.scene("2011-03-25")
    assert "ipilimumab" in _words.changed(old, new)
    assert "came in" in _words.changed(old, new)
    assert "ipilimumab had not come in yet" in _words.changed(new, old)
    assert _words.changed(old, old) == "Nothing has changed."
    a, b = (_scene.scene(d, group="anti-integrin antibody") for d in ("2005-01-01", "2005-06-01"))
    assert "natalizumab left" in _words.changed(a, b)
    assert "natalizumab was still licensed" in _words.changed(b, a)
    quiet = _scene.scene(old.as_of + timedelta(days=1), group="anti-IgE antibody")
    before = _scene.scene(old.as_of, group="anti-IgE antibody")
    assert "no licence in this view began or ended" in _words.changed(before, quiet)
    assert "view now shows" in _words.changed(old, _scene.scene("2011-02-01", "activation"))


@pytest.mark.parametrize(
    ("call", "error", "expected"),
    [
        (lambda: figures.timeline(direction="activatoin"), UnknownNameError, "activation"),
        (lambda: figures.timeline(group="PD1 antibody"), UnknownNameError, "PD-1 antibody"),
        (lambda: figures.timeline(agent="rituximap"), UnknownNameError, "rituximab"),
        (lambda: figures.timeline(regulator="FAD"), UnknownNameError, "FDA"),
        (lambda: figures.timeline(as_of="2011"), DateError, "YYYY-MM-DD"),
        (lambda: figures.where_agents_act(as_of="x"), DateError, "YYYY-MM-DD"),
        (lambda: figures.where_agents_act(place="T cel"), UnknownNameError, "T cell"),
        (lambda: figures.two_dials("ipilimumba"), UnknownNameError, "ipilimumab"),
        (lambda: figures.two_dials("rituximab: gout"), UnknownNameError, "rheumatoid arthritis"),
        (lambda: figures.two_dials(*["BCG"] * 7), ImmunolibError, "up to 6"),
    ],
)
def test_bad_input_is_answered_with_what_would_do(call, error, expected):
    with pytest.raises(error, match=expected):
        call()


# --- the two dials


def arrows(ax, prefix):
    return {p.get_gid(): p for p in ax.patches if (p.get_gid() or "").startswith(prefix)}


def test_every_line_of_the_diagram_is_a_row_of_the_data():
    what = _dials.scene([_dials.case("ipilimumab"), _dials.case("belatacept")])
    ax = _dials.draw(what)
    pathway = datasets.load_pathway()
    rows = {
        (str(start), str(end)): str(sign)
        for start, end, sign in pathway[["from", "to", "sign"]].itertuples(index=False)
    }
    links = arrows(ax, "link ")
    assert links.keys() == {f"link {li.start} {li.end}" for li in what.links}
    for link in what.links:
        assert rows[link.start, link.end] == ("stimulates" if link.sign > 0 else "inhibits")
        style = type(links[f"link {link.start} {link.end}"].get_arrowstyle()).__name__
        assert style == ("CurveFilledB" if link.sign > 0 else "BracketB")


def test_ipilimumab_and_belatacept_stand_on_opposite_sides_of_one_pathway():
    made = figures.two_dials("ipilimumab", "belatacept")
    ax = made.figure.axes[0]
    up, down = arrows(ax, "agent ipilimumab"), arrows(ax, "agent belatacept")
    assert min(p.get_y() for p in up.values()) > max(p.get_y() for p in down.values())
    nodes = {gid.removeprefix("node ") for gid in arrows(ax, "node ")}
    assert {"CTLA4", "CD80/CD86", "CD28", "T cell", "immune response"} <= nodes
    for gid in ("action ipilimumab CTLA4", "action belatacept CD80/CD86"):
        assert type(arrows(ax, gid)[gid].get_arrowstyle()).__name__ == "BracketB"
    assert "the response goes up" in made.description
    assert "the response goes down" in made.description
    assert "meet at the T cell" in made.description


NO_WIRING = {"iberdomide", "BB-10010",
             ("alemtuzumab", "chronic lymphocytic leukaemia")}  # fmt: skip


@pytest.mark.parametrize(
    ("agent", "use", "direction"),
    [(r.agent, r.use, r.direction) for r in datasets.load_uses().itertuples()],
)
def test_the_wiring_explains_the_dial_of_each_use(agent, use, direction):
    """The direction on record follows from the signs along the way, where there is one."""
    acting = _wiring.actions_of(agent, use)
    if agent in NO_WIRING or (agent, use) in NO_WIRING:
        assert not any(_wiring.ways(a.node) for a in acting)
    else:
        assert any(_wiring.explanation(a, direction) for a in acting)


@pytest.mark.parametrize("agent", sorted(datasets.load_agents()["agent"]))
def test_any_agent_in_scope_can_be_drawn(agent):
    uses = datasets.load_uses()
    uses = uses.loc[uses["agent"] == agent, "use"]
    for use in uses:
        made = figures.two_dials(f"{agent}: {use}")
        texts_stand_apart(made)
        canvas = FigureCanvasAgg(made.figure)
        boxes = [
            patch.get_window_extent(canvas.get_renderer())
            for patch in made.figure.axes[0].patches
            if (patch.get_gid() or "").startswith(("node ", "agent "))
        ]
        for text, box in extents(made.figure):
            x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
            for around in (b for b in boxes if b.x0 < x < b.x1 and b.y0 < y < b.y1):
                assert around.x0 - 1 <= box.x0, text.get_text()
                assert box.x1 <= around.x1 + 1, text.get_text()
        assert agent.casefold() in made.description.casefold()


def test_a_question_does_not_give_its_answer_away():
    """Before a prediction, an activator and a suppressor are drawn and told alike."""
    for agent in ("ipilimumab", "belatacept"):
        what = _dials.scene([_dials.case(agent)], verdict=False)
        ax = _dials.draw(what)
        box = next(iter(arrows(ax, "agent ").values()))
        nodes = arrows(ax, "node ").values()
        assert box.get_y() > max(p.get_y() for p in nodes)
        assert mpl.colors.to_hex(box.get_facecolor()) == "#ffffff"
        text = _dials.describe(what) + " ".join(t.get_text() for t in ax.texts)
        assert "goes up" not in text
        assert "goes down" not in text
        assert "suppress" not in text
        assert "activation" not in text


def test_where_agents_act_draws_what_its_table_says():
    made = figures.where_agents_act("2011-02-01")
    for place, rows in made.table.groupby("cell"):
        close = figures.where_agents_act("2011-02-01", place)
        texts = {t.get_text() for t in close.figure.axes[0].texts}
        assert set(close.table["target"]) == set(rows["target"]) <= texts
        assert len(close.table) == len(rows)
    drawn = {t.get_text() for t in made.figure.axes[0].texts}
    for (place, target), rows in made.table.groupby(["cell", "target"]):
        busy = rows["agent"].nunique() >= 4 or {"activation", "suppression"} <= set(rows["dial"])
        assert (target in drawn) or not busy, (place, target)
    status = datasets.load_status("2011-02-01")
    held = set(status.loc[status["status"] == "approved", "agent"])
    assert set(made.table["agent"]) <= held
    assert "ipilimumab" not in set(made.table["agent"])
    assert "ipilimumab" in set(figures.where_agents_act().table["agent"])
