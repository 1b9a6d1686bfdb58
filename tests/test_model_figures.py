"""Figures of models: what is drawn and told agrees with numbers worked out another way."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from figure_checks import FigureChecks, texts_stand_apart
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from scipy.integrate import solve_ivp

from immunolib import models
from immunolib._errors import ImmunolibError, UnknownNameError, ValueRangeError
from immunolib.figures import _fate_map, _trial
from immunolib.figures._fate_map import fate_map
from immunolib.figures._phase_plane import phase_plane
from immunolib.figures._trial import survival, waterfall
from immunolib.models import Cohort

KUZNETSOV = models.get("kuznetsov1994")
CREEMERS = models.get("creemers2021")


def patients(many=120, seed=1):
    chance = np.random.default_rng(seed)
    return pd.DataFrame({
        "rho": np.clip(chance.lognormal(np.log(1.6), 0.35, many), 0.2, 6),
        "xi": chance.lognormal(np.log(0.001), 0.5, many),
    })  # fmt: skip


UNTREATED = CREEMERS.cohort(patients(), progress=False)
TREATED = CREEMERS.cohort(patients().assign(raise_killing=15.0), progress=False)
WEAK = CREEMERS.cohort(patients().assign(raise_killing=6.0), progress=False)
TUMOURS = KUZNETSOV.cohort(
    pd.DataFrame({"T": np.random.default_rng(2).lognormal(np.log(5e7), 1, 90)}), progress=False
)
ORDERS = models.get("gevertz2018").cohort(
    pd.DataFrame({"OV_dose": np.linspace(2, 3, 41)}), progress=False
)
LEUKAEMIA = models.get("leontriana2020").cohort(
    pd.DataFrame({"share": np.linspace(0.2, 0.4, 30)}), progress=False
)
THREE = {"no treatment": UNTREATED, "killing × 6": WEAK, "killing × 15": TREATED}


def of(cohort, rows):
    """The same with other rows, as if they had come out of it."""
    return replace(cohort, table=rows)


def unfinished():
    """A trial in which every fifth patient was not computed."""
    table = TREATED.table.copy()
    table.loc[::5, "complete"] = False
    table.loc[::5, "outcome"] = "not computed"
    table.loc[::5, ["diagnosis", "death", "last"]] = np.nan
    return of(TREATED, table)


FIGURES = {
    "plane": lambda ax=None: phase_plane(ax=ax),
    "plane, few effector cells": lambda ax=None: phase_plane(s=6000.0, ax=ax),
    "plane, none arrive": lambda ax=None: phase_plane(s=0.0, starts=[(1e5, 1e4)], ax=ax),
    "plane, six starts": lambda ax=None: phase_plane(
        starts=[(1e5, 1e6), (1e6, 3e8), (3e6, 4e8), (2e5, 1e4), (5e5, 0), (2e6, 2e7)], ax=ax
    ),
    "plane of virus": lambda ax=None: phase_plane("neumann1998", ax=ax),
    "plane of doses": lambda ax=None: phase_plane("elassaiss2017", ax=ax),
    "map": lambda ax=None: fate_map("creemers2021", "rho", "xi", ax=ax),
    "map, coarse": lambda ax=None: fate_map("creemers2021", "rho", "xi", (2, 2), ax=ax),
    "map of starts": lambda ax=None: fate_map("kuznetsov1994", "E", "T", preset="escape", ax=ax),
    "map of small numbers": lambda ax=None: fate_map(
        "kuznetsov1994", "s", "m", (24, 18), T=1e8, ax=ax
    ),
    "map of long names": lambda ax=None: fate_map("alexander2010", "sigma1", "b1", (24, 18), ax=ax),
    "map of bcg": lambda ax=None: fate_map("bcg2007", "b", "U", (24, 18), ax=ax),
    "map of five fates": lambda ax=None: fate_map("friberg2002", "MTT", "slope", (24, 18), ax=ax),
    "bars": lambda ax=None: waterfall(TUMOURS, "T", ax=ax),
    "bars since diagnosis": lambda ax=None: waterfall(TREATED, "T", "diagnosis", "death", ax=ax),
    "bars in percent": lambda ax=None: waterfall(ORDERS, "change", ax=ax),
    "bars, survival": lambda ax=None: waterfall(UNTREATED, "survival", ax=ax),
    "bars, unfinished": lambda ax=None: waterfall(unfinished(), "last", ax=ax),
    "survival": lambda ax=None: survival(UNTREATED, ax=ax),
    "survival of three": lambda ax=None: survival(THREE, ax=ax),
    "survival of five": lambda ax=None: survival(
        {f"the group with a long name, number {n}": TREATED for n in range(5)}, None, ax=ax
    ),
    "survival, unfinished": lambda ax=None: survival({"some": unfinished()}, ax=ax),
    "relapse": lambda ax=None: survival(LEUKAEMIA, None, "relapse", ax=ax),
}


@pytest.fixture(params=FIGURES, scope="module")
def made(request):
    return FIGURES[request.param]()


class TestModelFiguresFigures(FigureChecks):
    """What every figure must pass."""


def by_gid(ax, start):
    """What is drawn, by the end of its name."""
    return {
        gid.removeprefix(start): artist
        for artist in ax.get_children()
        if (gid := artist.get_gid() or "").startswith(start)
    }


def test_lines_are_two_points_wide_and_there_is_a_grid(made):
    (ax,) = made.figure.axes
    for line in [*ax.lines, *ax.collections]:
        gid = line.get_gid() or ""
        if gid.startswith(("field", "band", "leader")):
            continue
        for width in np.atleast_1d(line.get_linewidth()):
            shown = line.get_linestyle() != "None"
            assert width >= 2 or not shown, gid
    assert any(one.get_visible() for one in [*ax.get_xgridlines(), *ax.get_ygridlines()])


def test_the_description_ends_with_what_the_model_is_not(made):
    lines = made.description.splitlines()
    assert lines[-1].startswith("A model, not a forecast for a person: ")
    assert re.search(r"\d{4};", lines[-1])
    for line in lines:
        assert line.endswith("."), line
        assert "nan" not in line.split(), line


def test_it_draws_into_the_axes_it_is_given_and_the_same_each_time(made, request):
    name = request.node.callspec.params["made"]
    figure = Figure(figsize=(8, 10))
    ax = figure.add_axes((0.2, 0.3, 0.5, 0.4))
    before = dict(mpl.rcParams)
    there, again = FIGURES[name](ax), FIGURES[name]()
    assert dict(mpl.rcParams) == before
    assert there.figure is figure
    assert ax.get_children()
    assert there.description == again.description == made.description
    pd.testing.assert_frame_equal(there.table, made.table)
    assert again.png() == made.png()


def sliders(key):
    model = models.get(key)
    return [name for name, one in {**model.parameters, **model.states}.items() if one.slider]


MAPPED = [key for key in models.names() if len(sliders(key)) > 1]


@pytest.mark.parametrize("key", MAPPED)
def test_the_sliders_of_every_model_can_be_mapped(key):
    for x, y in pairwise(sliders(key)):
        done = fate_map(key, x, y, (4, 5))
        texts_stand_apart(done)
        assert done.table["pairs"].sum() == 20
        assert len(done.alt) <= 150


# --- the phase plane


def test_the_steady_states_are_those_of_the_paper():
    """In millions of cells, as the paper's are transcribed."""
    found = phase_plane().table.query("point == 'steady state'")
    stable = found[found["kind or outcome"] == "stable focus"].iloc[0]
    assert stable["E"] == pytest.approx(1.61e6, rel=0.005)
    assert stable["T"] == pytest.approx(8.19e6, rel=0.005)
    assert found["kind or outcome"].tolist() == ["saddle", "stable focus", "saddle", "stable node"]
    text = phase_plane().description
    assert "A stable focus at 1.61 million effector cells and 8.19 million tumour cells" in text
    assert "A stable node at 173,000 effector cells and 447 million tumour cells" in text


@settings(max_examples=8, deadline=None)
@given(
    s=st.floats(5e3, 3e4), m=st.floats(1e-10, 1e-9), n=st.floats(5e-8, 2e-7),
    starts=st.lists(st.tuples(st.floats(1e5, 3e6), st.floats(1e4, 4e8)), min_size=1, max_size=3),
)  # fmt: skip
def test_points_stand_still_paths_come_to_their_fate_and_labels_keep_apart(s, m, n, starts):
    values = {"s": s, "m": m, "n": n}
    done = phase_plane(starts=starts, **values)
    texts_stand_apart(done)
    points = done.table[done.table["point"] == "steady state"]
    p = {name: one.default for name, one in KUZNETSOV.parameters.items()} | values
    for E, T in points[["E", "T"]].to_numpy():  # noqa: N806
        change = (
            p["s"] + p["p"] * E * T / (p["g"] + T) - p["m"] * E * T - p["d"] * E,
            p["a"] * T * (1 - p["b"] * T) - p["n"] * E * T,
        )
        assert np.abs(change).max() < 1e-4 * max(E, T, 1)
    told = done.description
    drawn = by_gid(done.figure.axes[0], "point ")
    assert set(drawn) == set(points["kind or outcome"])
    for start, row in zip(dict.fromkeys(starts), done.table[len(points) :].itertuples(),
                          strict=True):  # fmt: skip
        fate = KUZNETSOV.simulate(initial=dict(zip("ET", start, strict=True)), **values).outcome
        assert row[-1] == fate
        assert f"to day 600: {fate}" in told


def test_on_a_nullcline_nothing_moves():
    ax = phase_plane(s=6000.0).figure.axes[0]
    p = {name: one.default for name, one in KUZNETSOV.parameters.items()} | {"s": 6000.0}
    lines = by_gid(ax, "nullcline ")
    E, T = np.concatenate([path.vertices for path in lines["E"].get_paths()]).T  # noqa: N806
    parts = p["s"] + p["p"] * E * T / (p["g"] + T), p["m"] * E * T + p["d"] * E
    assert np.abs(parts[0] / parts[1] - 1).max() < 0.02
    E, T = np.concatenate([path.vertices for path in lines["T"].get_paths()]).T  # noqa: N806
    assert np.abs(p["a"] * (1 - p["b"] * T) / (p["n"] * E) - 1).max() < 0.05


def test_the_arrows_point_where_the_states_go():
    ax = phase_plane().figure.axes[0]
    field = by_gid(ax, "field")[""]
    for at in range(0, len(field.X), 23):
        start = np.array([field.X[at], field.Y[at]])
        rates = KUZNETSOV.rates(0.0, start, _namespace())
        there = ax.transData.transform(start + 1e-4 * np.array(rates))
        way = there - ax.transData.transform(start)
        assert np.array([field.U[at], field.V[at]]) == pytest.approx(way / np.hypot(*way), abs=0.02)


def _namespace(**values):
    from immunolib.models._plane import parameters

    return parameters(KUZNETSOV, **values)


def test_the_line_between_fates_parts_them():
    """From just beside it, on its two sides, the states come to two fates."""
    for line in by_gid(phase_plane().figure.axes[0], "between").values():
        E, T = np.array(line.get_data())  # noqa: N806
        held = np.nonzero((T > 3e7) & (T < 4e8) & (E > 1e5))[0]
        for at in held[:: max(1, len(held) // 4)]:
            fates = {
                str(KUZNETSOV.simulate([0, 2000], {"E": E[at] * by, "T": T[at]}).outcome)
                for by in (0.97, 1.03)
            }
            assert fates == {"dormant tumour", "escape"}


def test_a_path_is_the_solution_of_the_equations():
    """Solved here by another method."""
    line = by_gid(phase_plane(starts=[(5e5, 2e7)]).figure.axes[0], "path ")["1"]
    p = _namespace()
    found = solve_ivp(lambda t, y: KUZNETSOV.rates(t, y, p), (0, 600), [5e5, 2e7], method="Radau",
                      rtol=1e-9, atol=1e-3, t_eval=np.linspace(0, 600, 1601))  # fmt: skip
    assert np.array(line.get_data()) == pytest.approx(found.y, rel=1e-3)


def test_the_sneaking_start_is_drawn_where_its_preset_holds():
    assert not phase_plane().table["T"].eq(1).any()
    done = phase_plane(s=6000.0)
    assert done.table["T"].eq(1).any()
    assert "1 tumour cell) to day 900: escape" in done.description


# --- the map of fates


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 39), st.integers(0, 29))
def test_a_cell_has_the_fate_of_a_single_simulation(column, row):
    table = _maps()["xi"].table
    rho, xi = np.linspace(0.5, 4, 40), np.geomspace(1e-4, 0.02, 30)
    # The cells that hold the model's own values take these.
    rho[np.argmin(abs(rho - 1))] = 1
    xi[np.argmin(abs(np.log(xi / 0.001)))] = 0.001
    held = table[np.isclose(table["xi"], xi[row])]
    assert held["pairs"].sum() == 40
    here = (held["rho from"] <= rho[column] + 1e-9) & (held["rho to"] >= rho[column] - 1e-9)
    (fate,) = held.loc[here, "outcome"]
    assert fate == CREEMERS.simulate(rho=rho[column], xi=xi[row]).outcome


def _maps(held={}):  # noqa: B006
    if not held:
        held["xi"] = fate_map("creemers2021", "rho", "xi")
    return held


def test_the_map_tells_its_counts_and_where_the_fate_changes():
    done = _maps()["xi"]
    counts = done.table.groupby("outcome")["pairs"].sum()
    assert counts.sum() == 1200
    for fate, number in counts.items():
        assert f"{fate[0].upper()}{fate[1:]} in {number:,} of 1,200 pairs" in done.description
        keys = [t.get_text() for t in done.figure.axes[0].get_legend().get_texts()]
        assert f"{fate}: {number:,} of 1,200" in keys
    told = re.findall(r"from (\w+) to (\w+) between ([\d.]+) and ([\d.]+\d)", done.description)
    assert [one[:2] for one in told] == [("clearance", "control"), ("control", "outgrowth")]
    line = done.table[np.isclose(done.table["xi"], 0.001)]
    assert [one[0] for one in told] == line["outcome"].tolist()[:-1]
    for before, after, low, high in told:
        assert CREEMERS.simulate(rho=float(low), xi=0.001).outcome == before
        assert CREEMERS.simulate(rho=float(high), xi=0.001).outcome == after
        assert float(high) - float(low) == pytest.approx(3.5 / 39, rel=0.55)
    mark = by_gid(done.figure.axes[0], "usual")[""]
    assert np.ravel(mark.get_data()) == pytest.approx([1.0, 0.001])


def test_the_areas_cover_the_map_and_stand_where_their_pairs_are():
    ax = fate_map("creemers2021", "rho", "xi", (8, 6)).figure.axes[0]
    table = fate_map("creemers2021", "rho", "xi", (8, 6)).table
    areas = by_gid(ax, "fate ")
    assert set(areas) == set(table["outcome"])
    assert len({area.get_hatch() for area in areas.values()}) == len(areas)
    for row in table.itertuples(index=False):
        for rho in (row[1], row[2]):
            inside = {f for f, a in areas.items() if a.get_path().contains_point((rho, row[0]))}
            assert inside == {row.outcome}


@pytest.mark.parametrize("key", MAPPED)
def test_the_diamond_stands_on_the_fate_of_the_models_own_values(key):
    x, y, *_ = sliders(key)
    ax = fate_map(key, x, y, (7, 6)).figure.axes[0]
    at = np.ravel(by_gid(ax, "usual")[""].get_data())
    found = [f for f, a in by_gid(ax, "fate ").items() if a.get_path().contains_point(at)]
    assert found == [models.get(key).simulate().outcome]


def test_settings_hold_all_over_the_map():
    done = fate_map("creemers2021", "rho", "xi", (6, 5), raise_killing=15.0)
    assert "factor on killing during treatment (raise_killing) 15" in done.description
    row = done.table.iloc[-1]
    run = CREEMERS.simulate(rho=row["rho from"], xi=row["xi"], raise_killing=15.0)
    assert row["outcome"] == run.outcome
    other = fate_map("gevertz2018", "OV_dose", "DC_dose", (4, 4), preset="DDDVVV")
    run = models.get("gevertz2018").simulate(preset="DDDVVV", OV_dose=3.75, DC_dose=1.5)
    assert other.table.iloc[-1]["outcome"] == run.outcome
    assert "preset 'DDDVVV'" in other.description
    many = fate_map("kuznetsov1994", "E", "T", (5, 5), preset="escape")
    assert "With T at 100 million cells, its value" in many.description


def test_another_executor_draws_the_same_map():
    with ThreadPoolExecutor(2) as pool:
        there = fate_map("creemers2021", "rho", "xi", (40, 30), executor=pool)
    assert there.description == _maps()["xi"].description


def test_pairs_that_were_not_computed_are_drawn_and_told_as_such(monkeypatch):
    real = type(CREEMERS).cohort

    def broken(self, table, executor=None, **more):
        done = real(self, table, executor, **more)
        rows = done.table.copy()
        rows.loc[:9, ["outcome", "complete"]] = ["not computed", False]
        return replace(done, table=rows)

    monkeypatch.setattr(type(CREEMERS), "cohort", broken)
    done = fate_map("creemers2021", "rho", "xi", (10, 8))
    assert "Not computed in 10 of 80 pairs (12 %): the solver stopped" in done.description
    assert "not computed" in by_gid(done.figure.axes[0], "fate ")
    texts_stand_apart(done)


def test_small_numbers_are_told_as_powers_of_ten_and_near_ones_apart():
    assert _fate_map.told(3.422e-10) == "3.42 × 10⁻¹⁰"
    assert _fate_map.told(1e-9) == "10⁻⁹"
    assert _fate_map.told(-49.7) == "−49.7"
    assert _fate_map.told(2.5e15) == "2.5 × 10¹⁵"
    assert _fate_map.told_apart(1.00001, 1.00002) == ("1.00001", "1.00002")


@settings(max_examples=60)
@given(st.floats(1e-12, 1e12), st.floats(1.5, 1e10), st.integers(3, 8))
def test_ticks_are_few_round_and_inside(low, factor, most):
    found = _fate_map.decades(low, low * factor, most)
    assert len(found) <= most or factor > 1e10
    assert all(low * 0.999 <= one <= low * factor * 1.001 for one in found)
    assert len({_fate_map.told(one) for one in found}) == len(found)


# --- a bar for each


def test_the_bars_are_the_changes_worked_out_by_hand():
    done = waterfall(TUMOURS, "T")
    wanted = 100 * (TUMOURS["T"][:, -1] / TUMOURS.table["T"].to_numpy() - 1)
    column = done.table.columns[1]
    assert done.table[column].to_numpy() == pytest.approx(np.sort(wanted)[::-1], rel=1e-9)
    fell, rose = int((wanted < -30).sum()), int((wanted > 20).sum())
    assert f"below −30 percent in {fell} of 90 virtual patients" in done.description
    assert f"above +20 percent in {rose} of 90" in done.description
    for fate, rows in done.table.groupby("outcome"):
        assert len(rows) == TUMOURS.outcomes[fate]
        area = by_gid(done.figure.axes[0], "bars ")[fate]
        assert len(area.get_path().vertices) == 5 * len(rows)
        for row in rows.itertuples():
            outcome = TUMOURS.table.loc[row.patient, "outcome"]
            assert outcome == fate
            assert wanted[row.patient] == pytest.approx(row[2])


def test_a_change_since_diagnosis_begins_at_its_size():
    """Diagnosis is at 6.5 billion cells, death at a trillion, whatever the times in between."""
    done = waterfall(TREATED, "T", "diagnosis", "death")
    found = TREATED.table["diagnosis"].notna()
    assert f"Each of {found.sum()} bars" in done.description
    assert f"Left out: {(~found).sum()} without diagnosis" in done.description
    died = TREATED.table["death"].notna()
    risen = done.table[done.table["outcome"] == "outgrowth"]
    assert len(risen) == died.sum()
    wanted = 100 * (1e12 / 6.5e9 - 1)
    assert risen.iloc[:, 1].to_numpy() == pytest.approx(np.full(len(risen), wanted), rel=0.1)
    fine = CREEMERS.cohort(
        patients().assign(raise_killing=15.0), times=np.linspace(0, 1825, 3651), progress=False
    )
    risen = waterfall(fine, "T", "diagnosis", "death").table.query("outcome == 'outgrowth'")
    assert risen.iloc[:, 1].to_numpy() == pytest.approx(np.full(len(risen), wanted), rel=0.005)


def test_a_measure_is_told_in_its_unit_without_the_limits_of_a_trial():
    done = waterfall(UNTREATED, "survival")
    days = UNTREATED.table["survival"].dropna()
    assert len(done.table) == len(days)
    assert "RECIST" not in done.description
    assert f"Highest {days.max():.0f} days, middle (median) {days.median():.0f} days" in (
        done.description
    )
    last = waterfall(TREATED, "last").description
    assert f"{(TREATED.table['last'] == 0).sum()} of 120 have no bar" in last


# --- survival

# Freireich and colleagues 1963, as in every textbook: weeks in remission, + where still in it.
SIX_MP = "6 6 6 7 10 13 16 22 23 6+ 9+ 10+ 11+ 17+ 19+ 20+ 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
PUBLISHED = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}


def by_hand(text, end=35.0):
    """A trial with these times, those with + cut off by its end."""
    rows = []
    for one in text.split():
        time = float(one.removesuffix("+"))
        rows.append((end - time, np.nan) if one.endswith("+") else (0.0, time))
    table = pd.DataFrame(rows, columns=["diagnosis", "death"])
    table = table.assign(outcome="control", complete=True)
    return Cohort(CREEMERS, np.array([0.0, end]), {}, table)


def curve(done, name=""):
    line = by_gid(done.figure.axes[0], "curve ")[name]
    at, share = np.array(line.get_data())
    return lambda day: share[np.searchsorted(at, day, side="right") - 1] / 100


def test_the_estimate_is_the_one_in_the_textbooks():
    done = survival({"6-MP": by_hand(SIX_MP), "placebo": by_hand(PLACEBO)})
    six, none = curve(done, "6-MP"), curve(done, "placebo")
    for week, share in PUBLISHED.items():
        assert six(week) == pytest.approx(share, abs=5e-4)
        assert six(week - 0.01) > six(week)
    assert none(8) == pytest.approx(8 / 21)
    assert "6-MP: median time to death: 23 days." in done.description
    assert "Placebo: median time to death: 8 days." in done.description
    assert "death in 9 of 21, and in 12 of 21 the time ended without it" in done.description
    table = done.table.set_index(["group", "days"])
    assert table.loc[("6-MP", 10), "at risk"] == 15
    assert table.loc[("6-MP", 20), "at risk"] == 8
    assert table.loc[("placebo", 10), "at risk"] == 8
    assert table.loc[("6-MP", 10), "percent without death"] == pytest.approx(75.3, abs=0.05)
    ended = by_gid(done.figure.axes[0], "ended ")["6-MP"].get_xdata()
    assert ended.tolist() == [6, 9, 10, 11, 17, 19, 20, 25, 32, 34, 35]


def test_the_band_is_the_log_log_one_worked_out_by_hand():
    """Greenwood's formula at week 10: deaths 3 of 21, 1 of 17 and 1 of 15."""
    share = 18 / 21 * 16 / 17 * 14 / 15
    spread = np.sqrt(3 / (21 * 18) + 1 / (17 * 16) + 1 / (15 * 14)) / abs(np.log(share))
    low, high = (share ** np.exp(sign * 1.959964 * spread) for sign in (1, -1))
    row = survival({"6-MP": by_hand(SIX_MP)}).table.set_index("days").loc[10]
    assert row["band from"] == pytest.approx(100 * low, abs=0.006)
    assert row["band to"] == pytest.approx(100 * high, abs=0.006)


def test_survival_agrees_with_what_is_counted_in_the_table():
    """Before anybody's time ends, the share is a plain count."""
    for name, cohort in THREE.items():
        table = cohort.table.dropna(subset=["diagnosis"])
        days = (table["death"] - table["diagnosis"]).to_numpy()
        ends = np.where(np.isnan(days), 1825 - table["diagnosis"], np.inf)
        line = curve(survival({name: cohort}), name)
        for day in np.linspace(0, min(ends.min(), 1200), 40):
            assert line(day) == pytest.approx(1 - (days <= day).mean(), abs=1e-9)
        told = survival({name: cohort}).description
        died = int(np.isfinite(days).sum())
        assert f"{len(days)} virtual patients with diagnosis; death in {died} of" in told
        left = len(cohort.table) - len(days)
        assert f"left out: {left} without diagnosis" in told.lower()


def test_nobody_at_risk_is_told_wrongly_in_an_unfinished_trial():
    cohort = unfinished()
    done = survival(cohort)
    held = cohort.table["complete"] & cohort.table["diagnosis"].notna()
    assert f"{held.sum()} virtual patients with diagnosis" in done.description
    assert f"Left out: {(~cohort.table['complete']).sum()} not computed" in done.description
    first = done.table.iloc[0]
    assert first["at risk"] == held.sum()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.booleans()), min_size=1, max_size=25))
def test_any_small_trial_is_drawn_and_never_rises(rows):
    text = " ".join(f"{day}{'' if died else '+'}" for day, died in rows)
    done = survival({"some": by_hand(text)})
    texts_stand_apart(done)
    share = np.array(by_gid(done.figure.axes[0], "curve ")["some"].get_ydata())
    assert (np.diff(share) <= 1e-9).all()
    assert share[0] == 100
    reached = (share <= 50 + 1e-9).any()
    assert ("not reached" in done.description) == (not reached)
    assert "nan" not in done.description


@settings(max_examples=60)
@given(st.lists(st.floats(0, 100), min_size=1, max_size=5))
def test_labels_keep_their_order_and_their_distance(levels):
    found = _trial._spread(levels, 7.0)
    order = np.argsort(np.array(levels), kind="stable")
    assert (np.diff(np.array(found)[order]) >= 7 - 1e-9).all()
    assert max(found) <= 100


# --- what is wrong


@pytest.mark.parametrize(
    ("call", "error", "expected"),
    [
        (lambda: phase_plane("creemers2021"), ImmunolibError, "a phase plane needs two"),
        (lambda: phase_plane("kuznetsov"), UnknownNameError, "kuznetsov1994"),
        (lambda: phase_plane(S=1.0), UnknownNameError, "parameter of kuznetsov1994"),
        (lambda: phase_plane(s=-1.0), ValueRangeError, "from 0 to"),
        (lambda: phase_plane(starts=[(1, 2, 3)]), ValueRangeError, "pairs of numbers"),
        (lambda: phase_plane(starts=[]), ValueRangeError, "1 to 6 pairs"),
        (lambda: phase_plane(starts="ab"), ValueRangeError, r"\(E, T\)"),
        (lambda: phase_plane(starts=[(-1, 5)]), ValueRangeError, "effector cells"),
        (lambda: fate_map("creemers2021", "roh", "xi"), UnknownNameError, "rho"),
        (lambda: fate_map("creemers2021", "rho", "delta"), ValueRangeError, "xi, raise_killing"),
        (lambda: fate_map("creemers2021", "rho", "rho"), ValueRangeError, "another for y: xi"),
        (lambda: fate_map("creemers2021", "rho", "xi", (1, 5)), ValueRangeError, "2 to 200"),
        (lambda: fate_map("creemers2021", "rho", "xi", 12), ValueRangeError, "two whole numbers"),
        (lambda: fate_map("creemers2021", "rho", "xi", rho=1), ValueRangeError, "Leave rho= out"),
        (lambda: fate_map("creemers2021", "rho", "xi", dleta=1), UnknownNameError, "delta"),
        (lambda: fate_map("creemers2021", "rho", "xi", h=-1), ValueRangeError, "from 1 to"),
        (lambda: fate_map("creemers2021", "rho", "xi", preset="x"), UnknownNameError, "control"),
        (lambda: waterfall(TREATED, "size"), UnknownNameError, "last"),
        (lambda: waterfall(TREATED, "T", "diagnoses"), UnknownNameError, "diagnosis"),
        (lambda: waterfall(TREATED, "last", "diagnosis"), ImmunolibError, "Leave start and end"),
        (lambda: waterfall(TREATED, "I"), ImmunolibError, "None of 120 virtual patients"),
        (lambda: survival(TREATED, "diagnoses"), UnknownNameError, "diagnosis"),
        (lambda: survival(TUMOURS), UnknownNameError, "cleared"),
        (lambda: survival({}), ValueRangeError, "1 to 5 cohorts"),
        (lambda: survival([TREATED]), ValueRangeError, "dictionary"),
        (lambda: survival(TREATED, "death", "diagnosis"), ValueRangeError, "earlier event"),
    ],
)  # fmt: skip
def test_bad_input_is_answered_with_what_would_do(call, error, expected):
    with pytest.raises(error, match=expected):
        call()


def test_a_trial_in_which_nobody_is_found_cannot_be_drawn():
    safe = CREEMERS.cohort(pd.DataFrame({"xi": [0.005, 0.006]}), progress=False)
    with pytest.raises(
        ImmunolibError, match="None of 2 virtual patients has the event 'diagnosis'"
    ):
        survival(safe)
