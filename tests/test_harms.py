"""Unwanted effects, drawn: the numbers are those of the table, and unknown is not zero."""

import pytest
from figure_checks import FigureChecks

from immunolib import datasets
from immunolib._errors import ImmunolibError, UnknownNameError, ValueRangeError
from immunolib.figures import harms_by_organ, harms_by_regimen, icon_array
from immunolib.figures._harm_rows import percent

SAFETY = datasets.load_safety().set_index("safety_id")
COMPARED = set(SAFETY.index[SAFETY["comparator_percent"].notna()])
REGIMENS = sorted(set(SAFETY["regimen"]))
FIGURES = {
    "three regimens": harms_by_organ,
    "a secondary source": lambda: harms_by_organ("cilta-cel"),
    "no share": lambda: harms_by_organ("adalimumab", "infliximab"),
    "treatment-related": lambda: harms_by_regimen(event="treatment-related"),
    "cytokine release": lambda: harms_by_regimen(event="cytokine release"),
    "every event": harms_by_regimen,
    "rare": lambda: harms_by_regimen("serious", "nerve"),
    "both dials": lambda: harms_by_regimen("serious", "blood"),
    "with a comparator": lambda: icon_array("nivo-76k-trae-any"),
    "without one": lambda: icon_array("axi-crs-any"),
    "rarer than a mark": lambda: icon_array("nata-pml-pos"),
    "doses": lambda: icon_array("vax-anaphylaxis"),
    "deaths": lambda: icon_array("fatal-share-combo-heart"),
}


@pytest.fixture(params=FIGURES)
def made(request):
    return FIGURES[request.param]()


class TestHarmsFigures(FigureChecks):
    """What every figure must pass."""


def held(figure, kind):
    """The artists of a kind, by the row they stand for."""
    found = {}
    for one in figure.findobj(lambda artist: str(artist.get_gid() or "").startswith(f"{kind} ")):
        found[one.get_gid().removeprefix(f"{kind} ")] = one
    return found


def test_every_cell_holds_the_number_of_its_row_and_no_other_is_drawn():
    made = harms_by_organ("pembrolizumab alone", "ipilimumab 10 mg/kg, adjuvant")
    cells = {name: text.get_text() for name, text in held(made.figure, "cell").items()}
    mine = SAFETY[SAFETY["regimen"].isin(["pembrolizumab alone", "ipilimumab 10 mg/kg, adjuvant"])]
    assert set(cells) == set(mine.index) == set(made.table["safety_id"])
    assert cells["ipi-eortc-irae-any"] == "90.4 (39.7)"
    assert cells["ipi-eortc-death"] == "1.1 (0)"
    for name, text in cells.items():
        assert float(text.split(" ")[0]) == pytest.approx(float(mine.loc[name, "percent"]))


def test_a_secondary_source_is_hatched_and_a_row_without_a_share_says_so():
    made = harms_by_organ("cilta-cel")
    boxes = held(made.figure, "box")
    for name, box in boxes.items():
        assert bool(box.get_hatch()) == (SAFETY.loc[name, "evidence"] != "primary")
    assert any(box.get_hatch() for box in boxes.values())
    cells = held(harms_by_organ("adalimumab").figure, "cell")
    assert cells["tb-adalimumab"].get_text() == "no share"


def test_shares_of_deaths_are_never_drawn_among_the_risks():
    shares = set(SAFETY.index[SAFETY["arm"] == "fatal reports"])
    assert shares
    for grade in ("any", "3 or worse", "serious", "5"):
        for organ in ("heart", "gut", "lung", "whole body"):
            try:
                drawn = held(harms_by_regimen(grade, organ).figure, "dot")
            except ImmunolibError:
                continue
            assert not shares & set(drawn)
    with pytest.raises(ImmunolibError, match="no risks"):
        harms_by_organ("combination of both kinds")


def test_dots_intervals_and_comparators_stand_where_the_table_puts_them():
    made = harms_by_regimen()
    wanted = SAFETY[
        SAFETY["grade"].isin(["3 or worse", "3 or 4"])
        & (SAFETY["organ"] == "whole body")
        & SAFETY["percent"].notna()
    ]
    dots = held(made.figure, "dot")
    assert set(dots) == set(wanted.index)
    for name, dot in dots.items():
        assert float(dot.get_xdata()[0]) == pytest.approx(float(wanted.loc[name, "percent"]))
    beside = held(made.figure, "comparator")
    assert set(beside) == set(wanted.index[wanted["comparator_percent"].notna()])
    for name, dot in beside.items():
        row = wanted.loc[name]
        assert float(dot.get_xdata()[0]) == pytest.approx(float(row["comparator_percent"]))
    intervals = held(made.figure, "interval")
    assert set(intervals) == set(wanted.index[wanted["low"].notna()])
    levels = made.table.groupby("event", sort=False)["regimen"].apply(list)
    assert all(names == sorted(names, key=str.casefold) for names in levels)


@pytest.mark.parametrize("name", SAFETY.index[SAFETY["percent"].notna()][::2])
def test_as_many_marks_are_filled_as_the_rounded_percentage(name):
    made = icon_array(name)
    share = float(SAFETY.loc[name, "percent"])
    filled = len(held(made.figure, "with").get("0").get_xdata())
    assert filled + len(held(made.figure, "without")["0"].get_xdata()) == 100
    assert abs(filled - share) <= 0.5 + 1e-9
    some = 0 < share < 0.5
    assert ("0" in held(made.figure, "part")) == some
    assert ("fewer than 1 of 100" in made.description.splitlines()[1]) == some
    assert (len(made.table) == 2) == (name in COMPARED)


def test_counts_of_people_and_of_comparators_are_told():
    said = icon_array("nivo-76k-trae-any").description
    assert "exactly 433 of 524 people (82.6 percent)" in said
    assert "placebo: 54 of 100 people; exactly 142 of 264 people (53.8 percent)" in said
    assert "doses" in icon_array("vax-anaphylaxis").title
    assert "not a risk" in icon_array("fatal-share-combo-heart").description
    assert "No comparator is on record" in icon_array("axi-crs-any").description


@pytest.mark.parametrize(
    ("share", "text"), [(0.0000043, "0.0000043"), (14.0, "14"), (0, "0"), (0.216, "0.216")]
)
def test_percentages_are_written_out(share, text):
    assert percent(share) == text


@pytest.mark.parametrize("regimen", REGIMENS)
def test_every_regimen_is_drawn_or_refused_in_words(regimen):
    rows = SAFETY[SAFETY["regimen"] == regimen]
    if (rows["arm"] == "fatal reports").all():
        with pytest.raises(ImmunolibError, match="shares of reported deaths"):
            harms_by_organ(regimen)
    elif rows["trial"].nunique() > 3:
        with pytest.raises(ValueRangeError, match="Choose fewer"):
            harms_by_organ(regimen)
    else:
        made = harms_by_organ(regimen)
        assert "An empty cell is not recorded" in made.description
        assert len(made.table) == (rows["arm"] != "fatal reports").sum()


def test_wrong_names_are_refused_with_help():
    with pytest.raises(UnknownNameError, match="pembrolizumab alone"):
        harms_by_organ("pembrolizumab alon")
    with pytest.raises(UnknownNameError):
        harms_by_regimen("4")
    with pytest.raises(ImmunolibError, match="Events there"):
        harms_by_regimen(event="sneezing")
    with pytest.raises(ImmunolibError, match="no percentage"):
        icon_array("tb-adalimumab")
    with pytest.raises(ValueRangeError, match="fit side by side"):
        harms_by_organ("cilta-cel", "liso-cel", "axi-cel", "tisa-cel")


def test_grades_3_and_4_alone_are_not_called_3_or_worse():
    named = SAFETY[SAFETY["note"].str.startswith("grade 3 or 4")]
    assert len(named) >= 8
    assert set(named["grade"]) == {"3 or 4"}
    told = harms_by_regimen().description
    assert "[CheckMate 067], any treatment-related event (grade 3 or 4): 55 percent" in told
    assert "grade 3 or 4" in icon_array("nivo-76k-trae3").title
    assert set(harms_by_regimen("3 or 4").table["safety_id"]) < set(
        harms_by_regimen("3 or worse").table["safety_id"]
    )
