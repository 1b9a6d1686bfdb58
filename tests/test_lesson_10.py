"""What lesson 10 says in prose is what the data and the model give."""

import re

import lessons
import pytest
from conftest import ROOT

from immunolib import datasets, explorers, figures, quiz
from immunolib._errors import UnknownNameError

BOOK = lessons.read("10_the_price_of_power")
CELLS = {cell.id: cell.source for cell in BOOK.cells if cell.cell_type == "markdown"}
SAFETY = datasets.load_safety().set_index("safety_id")
SHARE, BESIDE = SAFETY["percent"], SAFETY["comparator_percent"]


def whole(value):
    return int(float(value) + 0.5)


def plain(value):
    return f"{float(value):.1f}".removesuffix(".0")


def test_the_two_pictures_of_the_prediction():
    mine, other = whole(SHARE["nivo-76k-trae-any"]), whole(BESIDE["nivo-76k-trae-any"])
    said = CELLS["reveal"]
    assert f'"{mine} of 100 had an event called treatment-related"' in said
    assert f"{mine} less {other} leaves {mine - other} of 100" in said
    severe = whole(SHARE["nivo-76k-trae3"]) - whole(BESIDE["nivo-76k-trae3"])
    assert f"The difference is {severe} of 100." in CELLS["severe-after"]
    assert f"{mine - other} and {severe}, answer two questions" in CELLS["severe-after"]


def test_the_severe_events_are_grades_3_and_4_and_a_death_is_counted_apart():
    note = SAFETY.loc["nivo-76k-trae3", "note"]
    assert note.startswith("grade 3 or 4;")
    assert "one treatment-related death is counted apart" in note
    assert "counted grades 3 and 4 here and deaths apart" in CELLS["severe-after"]


def test_fewer_is_not_none():
    claim = datasets.load_claims().set_index("claim").loc["fewer-side-effects-rates"]
    found = re.match(
        r"(\d+) of (\d+) \((\d+)%\) against (\d+) of (\d+) \((\d+)%\)", claim["number"]
    )
    a, n, p, b, m, q = found.groups()
    said = CELLS["fewer-after"]
    assert f"{a} of {n} on pembrolizumab" in said
    assert f"which is {p} percent" in said
    assert f"{b} of {m} on chemotherapy, {q} percent" in said
    assert (round(100 * int(a) / int(n)), round(100 * int(b) / int(m))) == (int(p), int(q))


def test_organ_by_organ():
    said = CELLS["organs-after"]
    key = "ipi-eortc-pituitary"
    assert f"in {SHARE[key]} percent on ipilimumab, and in {BESIDE[key]} percent" in said
    key = "ipi-eortc-irae-any"
    assert f"in {SHARE[key]} percent, and in {BESIDE[key]} percent on placebo" in said
    death = SAFETY.loc["ipi-eortc-death"]
    assert (death["events"], death["total"], death["comparator_percent"]) == (5, 471, 0)
    assert "Five of 471 people on ipilimumab" in said
    pool = SAFETY.loc["pembro-pool-imae3"]
    assert f"{pool['percent']} percent had an event of grade 3 or worse" in said
    assert "50.6%" in pool["note"]
    assert "50.6 percent had one of *any* cause" in said
    first = explorers.plans()["price"]
    text = first.words(first.state(first.clean({}))).description
    assert "hypophysitis" in text


def test_one_brake_or_two():
    said = CELLS["two-brakes-after"]
    both, lag = SAFETY.loc["combo-067-trae3"], SAFETY.loc["rela-047-trae3"]
    assert f"{plain(both['percent'])} percent of those on nivolumab with ipilimumab" in said
    assert f"against {both['comparator_percent']} percent on ipilimumab alone" in said
    assert f"{lag['percent']} percent on nivolumab with relatlimab" in said
    assert f"{SHARE['nivo-067-trae3']} percent in one trial, and {SHARE['nivo-047-trae3']}" in said
    table = figures.harm_slopes().table
    falls = table[table["percent"] < table["comparator percent"]]
    assert len(falls) == 2
    assert falls["comparator"].str.startswith("ipilimumab").all()
    assert "The two lines that fall have ipilimumab as their comparator." in said


def test_living_cells():
    shares = [plain(SHARE[f"tisa-{key}-crs-3"]) for key in ("all", "dlbcl", "reg")]
    assert f"{shares[0]}, {shares[1]} and {shares[2]} percent" in CELLS["cells-after"]


def test_infections_and_twenty_times():
    said = CELLS["tb-after"]
    for key, name in (
        ("tb-adalimumab", "11 cases in 7,634"),
        ("tb-etanercept", "5 cases in 12,744"),
    ):
        cases, years = re.match(r"(\d+) cases in ([\d,]+)", name).groups()
        assert int(SAFETY.loc[key, "events"]) == int(cases)
        assert years.replace(",", "") in SAFETY.loc[key, "note"].replace(",", "").replace(" ", "")
        assert name in said
    assert round(11 / 7634 * 1000, 1) == 1.4
    row = SAFETY.loc["nata-pml-pos"]
    assert round(row["percent"] / row["comparator_percent"]) == 20
    assert round(10 * (row["percent"] - row["comparator_percent"])) == 2
    assert "two more in 1,000" in CELLS["pml-after"]
    rare = SAFETY.loc["nata-pml-all"]
    assert (
        f"{rare['events']} of {rare['total']:,} people on natalizumab had PML" in CELLS["pml-after"]
    )
    assert f"{rare['percent']} percent" in CELLS["pml-after"]


def test_the_valley_of_the_neutrophils():
    plan = explorers.plans()["neutrophil_valley"]
    dose, interval = plan.controls[:2]

    def told(**values):
        return plan.words(plan.state(plan.clean(values))).description

    above = [at for at in dose.sweep() if re.search(r" 0 days under 1\b", told(**{dose.name: at}))]
    assert f"{max(above):.0f} mg per square metre is the highest step" in CELLS["valley-after"]
    day = float(re.search(r"on day ([\d.]+)", told())[1])
    assert 6 <= day <= 8
    assert "about a week after the infusion" in CELLS["valley-after"]
    assert told(**{interval.name: 7}).startswith("Grade 4")
    assert "the lowest count is of grade 4" in CELLS["valley-after"]


def test_gcsf_has_a_price():
    right = next(q for q in quiz.questions("10") if q.name == "gcsf").options[0].feedback
    assert f"{SHARE['fn-kuderer']} against {BESIDE['fn-kuderer']} percent" in right
    assert f"{SHARE['bone-kuderer']} against {BESIDE['bone-kuderer']} percent" in right


def test_the_news_of_the_heart():
    row = datasets.load_headlines().set_index("headline").loc["hl-cardiac-antigen"]
    assert row["verdict"] == "overstated"
    assert row["n"].startswith("3 people")
    said = CELLS["news-after"]
    assert "Blood T cells of three people" in said
    heart, most = SAFETY.loc["pembro-pool-heart"], SAFETY.loc["myocarditis-registry"]
    assert f"{heart['events']} of {heart['total']:,} people on pembrolizumab" in said
    assert f"found {most['percent']} percent" in said
    fatal = SAFETY.loc["fatal-share-combo-heart"]
    assert f"of {fatal['total']} reported deaths" in said
    assert f"together {fatal['events']} named the heart" in said


def test_the_heart_and_vessels_on_tofacitinib():
    said = CELLS["jak-after"]
    for key in ("tofa-mace", "tofa-mace-ascvd", "tofa-mace-noascvd"):
        assert f"{SHARE[key]} against {BESIDE[key]}" in said
    higher = re.search(
        r"at 10 mg twice a day (\d+) of (\d+)", SAFETY.loc["tofa-mace-noascvd", "note"]
    )
    assert f"({100 * int(higher[1]) / int(higher[2]):.1f} on the higher dose)" in said
    assert "hazard ratio 1.48 (1.04 to 2.09)" in SAFETY.loc["tofa-cancer", "note"]
    assert "1.48, from 1.04 to 2.09" in said


def test_the_solutions():
    for key, absolute in (("fn-vogel-gcsf", "-16.0"), ("fn-kuderer", "-17.1")):
        ratio, apart = SHARE[key] / BESIDE[key], SHARE[key] - BESIDE[key]
        assert f"{apart:+.1f}" == absolute
        assert (
            f"`{key}`: relative risk {ratio:.2f}, absolute difference {absolute}"
            in CELLS["solution"]
        )
    for key in ("pd1-pool-trae-any", "pd1-pool-trae3"):
        row = SAFETY.loc[key]
        assert f"{row['events']:,} of {row['total']:,}" in CELLS["solution-2"]


def test_a_typo_in_the_exercise_is_answered_with_a_name():
    source = next(c.source for c in BOOK.cells if c.id == "exercise-cell")
    with pytest.raises(UnknownNameError, match="fn-vogel-gcsf"):
        exec(source.replace("fn-vogel-gcsf", "fn-vogel-gscf"), {"figures": figures})


def test_each_question_is_on_the_teachers_page():
    page = (ROOT / "notebooks/teaching/10_the_price_of_power.md").read_text(encoding="utf-8")
    for question in quiz.questions("10"):
        assert f"`{question.name}`" in page
