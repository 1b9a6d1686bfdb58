"""Lesson 09: every number of its prose against the tables, the intervals and the sandbox."""

import re
from pathlib import Path

import lessons
import pytest
from scipy.stats import binomtest

from immunolib import datasets, figures, quiz
from immunolib.figures import _sandbox_scene as sandbox

ROOT = Path(__file__).resolve().parent.parent
BOOK = lessons.read("09_reading_the_evidence")
CELLS = {cell.id: cell.source for cell in BOOK.cells}
OUTCOMES = datasets.load_outcomes().set_index("outcome_id")
TRIALS = datasets.load_trials().set_index("trial")


def says(cell, *parts):
    """Whether a cell says all of these, line ends aside."""
    text = " ".join(CELLS[cell].split())
    for part in parts:
        assert part in text, (cell, part)


def number(row, column="value"):
    return f"{OUTCOMES.loc[row, column]:g}"


def fixed(row, column="value", places=1):
    return f"{OUTCOMES.loc[row, column]:.{places}f}"


def of(row):
    return f"{OUTCOMES.loc[row, 'events']} of {OUTCOMES.loc[row, 'total']}"


def interval(row, places=2):
    return f"{fixed(row, 'low', places)} to {fixed(row, 'high', places)}"


def wilson(events, total):
    found = binomtest(events, total).proportion_ci(method="wilson")
    return f"{100 * found.low:.1f} to {100 * found.high:.1f}"


def test_the_response_rates_are_those_of_the_counts():
    says("response", f"{of('keynote-024-01')} had a response",
         f"against {of('keynote-024-02')} (2016)",
         f"prints {fixed('keynote-024-01')} and {fixed('keynote-024-02')} percent")  # fmt: skip
    for events, total in ((69, 154), (42, 151)):
        assert f"{events}, {total}" in CELLS["interval"]
    for row in ("keynote-024-01", "keynote-024-02"):
        events, total = OUTCOMES.loc[row, ["events", "total"]]
        low, high = (f"{end}%" for end in wilson(int(events), int(total)).split(" to "))
        assert f"interval {low} to {high}" in str(cell_output("interval"))


def cell_output(name):
    return next(cell for cell in BOOK.cells if cell.id == name).outputs


def test_impower133_had_fewer_responses_and_a_longer_median():
    says("not-survival-after",
         f"{of('impower133-04')} responded with atezolizumab, and {of('impower133-05')} without",
         f"alive at {number('impower133-02')} months, against {number('impower133-03')}",
         OUTCOMES.loc["impower133-02", "at"])  # fmt: skip
    assert OUTCOMES.loc["impower133-04", "value"] < OUTCOMES.loc["impower133-05", "value"]
    assert OUTCOMES.loc["impower133-02", "value"] > OUTCOMES.loc["impower133-03", "value"]
    assert OUTCOMES.loc["impower133-04", "evidence"] == "secondary"


def test_keynote_002_has_close_medians_and_ratios_far_below_one():
    lower, higher, other = (number(f"keynote-002-{n:02d}") for n in (3, 4, 5))
    assert lower == higher
    says("story", f"without growth for {lower} months, against {other}")
    says("reveal", f"{other} by {lower}, and gets {float(other) / float(lower):.2f}",
         f"{fixed('keynote-002-01', places=2)} at the lower dose ({interval('keynote-002-01')})",
         f"{fixed('keynote-002-02', places=2)} at the higher ({interval('keynote-002-02')})",
         f"{number('keynote-002-10')} months at the lower dose, against "
         f"{fixed('keynote-002-12')} months with chemotherapy",
         f"hazard ratio of {fixed('keynote-002-08', places=2)} ({interval('keynote-002-08')}",
         f"it was {fixed('keynote-002-09', places=2)} ({interval('keynote-002-09')}), which just",
         f"about {12 * 7 / 30.44:.1f} months", "98 of the 179")  # fmt: skip
    assert OUTCOMES.loc["keynote-002-08", "low"] < 1 < OUTCOMES.loc["keynote-002-08", "high"]
    assert OUTCOMES.loc["keynote-002-09", "high"] < 1
    assert "not significant as the trial had set it" in OUTCOMES.loc["keynote-002-09", "note"]
    assert "98 of 179 crossed over" in TRIALS.loc["keynote-002", "note"]
    assert "180 were given 2 mg/kg and 181 were given 10 mg/kg" in TRIALS.loc["keynote-002", "note"]
    says("predict", "180 people had the lower dose, 181 the higher one, and 179 chemotherapy")
    (asked,) = quiz.predict("09").questions
    right = next(option for option in asked.options if option.right)
    assert fixed("keynote-002-01", places=2) in right.text
    assert interval("keynote-002-01") in asked.options[2].feedback


def test_what_was_found_in_the_sandbox_is_what_it_gives():
    def medians(*values):
        what = sandbox.scene(*values)
        return [f"{what.curve(group).median:.1f}" for group in sandbox.GROUPS], what

    (short, from_short), _ = medians(3, 0.5, 0, 0)
    (long, from_long), _ = medians(24, 0.5, 0, 0)
    says("sandbox-after", f"From {from_short} to {short} months, and from {from_long} to {long}",
         f"a gain of {float(short) - float(from_short):.0f} months or of "
         f"{float(long) - float(from_long):.0f}")  # fmt: skip
    (one, two), what = medians(3, 0.3, 0, 3)
    assert one == two
    at_24 = [f"{100 * what.curve(group).alive(24):.0f} percent" for group in sandbox.GROUPS]
    says("sandbox-after", f"Both medians are {one} months",
         f"{at_24[0]} are alive against {at_24[1]}", f"is {what.worked_out[0]:.2f}")  # fmt: skip
    (steady, _), first = medians(10, 0.5, 0, 0)
    (tail, _), second = medians(10, 1.0, 35, 0)
    shares = [f"{100 * held.curve('treated').alive(48):.1f} percent" for held in (first, second)]
    says("sandbox-after", f"alike, {steady} and {tail} months", shares[0], shares[1])


def test_the_tail_is_told_with_its_denominators():
    il2 = "nci-high-dose-interleukin-2-series"
    claim = datasets.load_claims().set_index("claim").loc["remissions-and-cures"]
    assert "27 of the 33 (82%) lasting 39 to more than 148 months" in claim["number"]
    says("tail", f"Of {OUTCOMES.loc[f'{il2}-01', 'total']} people with melanoma or kidney cancer",
         f"{OUTCOMES.loc[f'{il2}-01', 'events']} had a complete response. 27 of the 33",
         "39 to more than 148 months", "104 of 556 people completed it.",
         f"{number('keynote-006-06')} percent were alive at 5 years, and "
         f"{number('keynote-006-07')} percent without growth",
         f"{number('keynote-006-04')} percent were alive at 7 years, against "
         f"{number('keynote-006-05')} percent")  # fmt: skip
    assert OUTCOMES.loc["keynote-006-08", "total"] == 104
    assert TRIALS.loc["keynote-006", "allocated_experimental"] == 556
    assert "27 of the 33 still" in OUTCOMES.loc[f"{il2}-01", "note"]


def test_kidney_cancer_is_told_with_all_its_numbers():
    says("kidney-after",
         f"{of('checkmate-025-14')} people with kidney cancer responded, against "
         f"{of('checkmate-025-15')}",
         f"{number('checkmate-025-07')} against {number('checkmate-025-08')} months",
         f"hazard ratio of {fixed('checkmate-025-06', places=2)} whose interval holds 1",
         f"it was {number('checkmate-025-16')}, and the interval, {interval('checkmate-025-16')}",
         f"{number('checkmate-025-12')} percent were alive",
         f"against {number('checkmate-025-13')} percent")  # fmt: skip
    assert OUTCOMES.loc["checkmate-025-06", "low"] < 1 < OUTCOMES.loc["checkmate-025-06", "high"]
    asked = next(q for q in quiz.questions("09") if q.name == "kidney")
    assert interval("checkmate-025-09") in asked.options[2].feedback


def test_companions_and_comparators_have_their_numbers():
    def sizes(trial):
        row = TRIALS.loc[trial]
        return f"{row['allocated_experimental']} and {row['allocated_comparator']} people"

    says("companions",
         f"{number('keynote-189-03')} percent were alive at 5 years with pembrolizumab added, "
         f"against {number('keynote-189-04')} percent ({sizes('keynote-189')}",
         f"{number('pacific-05')} against {number('pacific-06')} percent alive at 5 years "
         f"({sizes('pacific')}",
         f"{number('nadina-01')} percent were free of an event at 12 months, against "
         f"{number('nadina-02')} percent", "423 people", "29.7 against 14.7 percent")  # fmt: skip
    nadina = TRIALS.loc["nadina"]
    assert nadina["allocated_experimental"] + nadina["allocated_comparator"] == 423
    assert "29.7 against 14.7 percent" in OUTCOMES.loc["nadina-03", "note"]
    drawn = re.findall(r'"([a-z0-9-]+)"', CELLS["forest"])
    ratios = OUTCOMES[OUTCOMES["trial"].isin(drawn) & (OUTCOMES["measure"] == "hazard ratio")]
    crossing = ratios[(ratios["low"] <= 1) & (ratios["high"] >= 1)]
    names = sorted({TRIALS.loc[trial, "name"] for trial in crossing["trial"]})
    says("companions-after", "Two trials", " and ".join(names))
    assert OUTCOMES.loc["nadina-03", "level"] == 99.9
    says("companions-after", "99.9 percent interval")


def test_dreamseq_is_told_as_the_headline_and_its_study_have_it():
    says("order-after",
         f"{fixed('dreamseq-03')} against {fixed('dreamseq-04')} percent",
         f"{number('dreamseq-01')} percent were alive ({interval('dreamseq-01', 1)})",
         f"{number('dreamseq-02')} percent ({interval('dreamseq-02', 1)})",
         "73 of the 265 people")  # fmt: skip
    row = datasets.load_headlines().set_index("headline").loc["hl-dreamseq"]
    assert row["n"] == "265"
    assert row["verdict"] == "supported"
    for part in ("71.8%", "51.5%", "46.0%", "43.0%"):
        assert part in row["effect"]
    assert "73 people reached the second step" in row["note"]


def test_the_reach_is_that_of_the_table():
    reach = datasets.load_reach().set_index("year")
    says("reach-after", f"{reach.loc['2011', 'eligible']:g} percent of people could be given one",
         f"In 2023 it was {reach.loc['2023', 'eligible']:g} percent",
         f"{reach.loc['2023', 'responding']:g} percent, were expected to respond")  # fmt: skip
    events = datasets.load_approvals()
    mine = events[(events["agent"] == "pembrolizumab") & (events["date"] == "2016-10-24")]
    assert mine["indication"].str.contains("lung cancer with high PD-L1 as first treatment").all()
    assert len(mine) == 1
    says("reach-after", "on 2016-10-24")
    (asked,) = quiz.predict("09", "prediction-two").questions
    right = next(option for option in asked.options if option.right)
    assert right.text == f"About {reach.loc['2023', 'responding']:.0f}"
    assert f"{reach.loc['2011', 'responding']:g} percent" in right.feedback
    assert f"About {reach.loc['2023', 'eligible']:.0f}" in asked.options[0].text
    assert figures.reach().table["year"].tolist() == ["2011", "2023"]


def test_responses_vary_and_hard_to_treat_is_not_solved():
    says("vary", f"{of('nci-high-dose-interleukin-2-series-02')} people",
         f"{of('cartitude-1-01')} with myeloma", f"{number('cartitude-1-01')} percent",
         f"{number('keynote-024-11')} percent of people with advanced lung cancer and much PD-L1 "
         f"were alive at 5 years, against {number('keynote-024-12')} percent",
         f"hazard ratio {number('checkmate-037-01')}, {interval('checkmate-037-01')}")  # fmt: skip
    assert 100 - OUTCOMES.loc["keynote-024-11", "value"] == pytest.approx(100 * 2 / 3, abs=3)


def test_the_exercises_have_the_answers_that_the_cells_give():
    for events, total in ((7, 15), (69, 154), (690, 1540)):
        share = f"{100 * events / total:.1f} percent"
        says("solution", f"{events} of {total}: {share}, {wilson(events, total)}.")
    with pytest.raises(ValueError, match=r"k \(160\) must not be greater than n \(154\)\."):
        binomtest(160, 154)
    says("solution", "k (160) must not be greater than n (154).")
    with pytest.raises(TypeError, match="must be an integer"):
        binomtest("69", 154)
    for trial, first, second in (("KEYNOTE-024", "keynote-024-11", "keynote-024-12"),
                                 ("KEYNOTE-189", "keynote-189-03", "keynote-189-04")):  # fmt: skip
        pair = OUTCOMES.loc[[first, second], "value"]
        says("solution-2", f'("{trial}", {pair.iloc[0]:g}, {pair.iloc[1]:g})',
             f"{pair.iloc[0] - pair.iloc[1]:+.1f}")  # fmt: skip
    says("exercise-2", number("keynote-024-11"), number("keynote-189-03"))
    says("solution-2", "PD-L1 on at least half of the tumour cells")
    assert "PD-L1 on at least 50 percent" in TRIALS.loc["keynote-024", "setting"]
    assert "PD-L1" not in TRIALS.loc["keynote-189", "setting"]


def test_the_survey_is_told_as_the_claims_have_it():
    claim = datasets.load_claims().set_index("claim").loc["remissions-and-cures"]
    assert "36 of 105 (34%)" in claim["note"]
    says("misconception", "36 of 105 people (34 percent)", "27 of 409")


def test_the_solutions_run():
    for name in ("solution", "solution-2"):
        code = re.search(r"```python\n(.*?)```", CELLS[name], re.DOTALL)[1]
        exec(code, {"binomtest": binomtest})


def test_the_numbers_of_the_questions_are_those_of_the_tables():
    every = {question.name: question for question in quiz.questions("09")}

    def told(name):
        asked = every[name]
        return " ".join([asked.text, *(f"{o.text} {o.feedback}" for o in asked.options)])

    assert wilson(7, 15) in told("same-share")
    assert wilson(690, 1540) in told("same-share")
    for row in ("keynote-006-07", "keynote-006-04"):
        assert f"{number(row)} percent" in told("tail")
    for row in ("checkmate-025-14", "checkmate-025-15"):
        assert of(row) in told("kidney")
    for row in ("checkmate-025-12", "checkmate-025-13"):
        assert f"{number(row)} percent" in told("kidney")
    for row in ("dreamseq-01", "dreamseq-02"):
        assert number(row) in told("first-or-second")
    for row in ("keynote-024-11", "keynote-024-12", "checkmate-037-01"):
        assert number(row) in told("hard-to-treat")
    for row in ("keynote-024-11", "keynote-024-12", "keynote-189-03", "keynote-189-04"):
        assert number(row) in told("two-trials")


def test_the_teachers_page_speaks_of_every_question():
    page = (ROOT / "notebooks/teaching/09_reading_the_evidence.md").read_text(encoding="utf-8")
    for question in quiz.questions("09"):
        assert f"- `{question.name}`:" in page
    for events, total in ((7, 15), (69, 154), (690, 1540)):
        assert f"{events} of {total}: {wilson(events, total)}" in page
    rows = re.findall(r"^\| [^|]+ \| (\d+) \|", page, re.MULTILINE)
    assert f"all of it to {sum(map(int, rows))}" in page
