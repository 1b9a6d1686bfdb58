"""What lesson 08 says in prose is what the data and the models give."""

import lessons
import pytest
from conftest import ROOT

from immunolib import datasets, explorers, figures, models, quiz
from immunolib._errors import UnknownNameError
from immunolib.figures import _number_needed as drawn
from immunolib.figures._number_needed_scene import scene

BOOK = lessons.read("08_turning_it_down")
CELLS = {cell.id: cell.source for cell in BOOK.cells if cell.cell_type == "markdown"}
OUTCOMES = datasets.load_outcomes().set_index("outcome_id")
SAFETY = datasets.load_safety().set_index("safety_id")
CHIB = "CHIB 201: rejection of a kidney"


def counts(key):
    row = OUTCOMES.loc[key]
    return f"{row['events']:,} of {row['total']:,}"


def test_the_counts_of_the_peanut_trials():
    said = CELLS["peanut-after"]
    assert f"{counts('palisade-01')} people aged 4 to 17 bore the test dose" in said
    assert f"against {counts('palisade-02')}." in said
    assert f"{counts('poised-01')} passed, against {counts('poised-02')}." in said
    later = OUTCOMES.loc["poised-later-01"]
    assert f"{later['events']} of the {later['total']} passed ({later['value']:.0f}" in said


def test_the_model_of_ige_does_what_the_reveal_says():
    run = models.get("hayashi2007").simulate()
    free, total = run["free_ige"], run["total_ige"]
    assert free[run.time <= 1].min() < free[0] / 2
    assert total.max() > 3 * total[0]
    assert "Free IgE does, within a day." in CELLS["reveal"]
    assert "to several times its start" in CELLS["reveal"]


def test_the_window_of_the_inflammation_model():
    plan = explorers.plans()["too_little_too_much"]
    words = {
        at: plan.words(plan.state(plan.clean({"level": at}))).description
        for at in [round(0.2 + 0.02 * n, 2) for n in range(16)]
    }
    well = [at for at, text in words.items() if text.startswith("Health")]
    assert (min(well), max(well)) == (0.24, 0.34)
    assert words[0.2].startswith("Aseptic")
    assert words[0.5].startswith("Septic")
    assert "it recovers from 0.24 to 0.34" in CELLS["little-after"]


def test_the_numbers_needed():
    plain = scene()
    assert plain.needed == 4
    assert f"So about {plain.needed} people are treated for 24 weeks" in CELLS["nnt-try"]
    assert f"Another {plain.total + plain.of_others} people" in CELLS["nnt-try"]
    said = CELLS["nnt-after"]
    assert drawn.interval_words(scene(size="20")) == "95 percent interval: 1.8 to 63"
    assert "In groups of 20 the interval of OPTION reaches from 1.8 to 63" in said
    assert scene(CHIB, "50").crosses
    assert not scene(CHIB, "200").crosses
    assert "already in groups of 50" in said
    rejected = scene("Antithymocyte globulin: rejection")
    lost = scene("Antithymocyte globulin: lost graft")
    assert not rejected.crosses
    assert lost.crosses
    assert f"about {rejected.needed} people were treated for one rejection fewer" in said
    said = CELLS["nnt-more"]
    at_5, at_1 = (scene(CHIB, risk=risk).needed for risk in ("5 %", "1 %"))
    assert f"about {scene(CHIB).needed} people in CHIB 201, about {at_5} at a risk" in said
    assert f"about {at_1} at 1 percent" in said
    kept = scene(CHIB, risk="5 %", held="the difference")
    assert not kept.possible
    assert f"{round(-100 * kept.held_as)} of 100 cannot be spared one" in said


def test_the_solution_of_the_exercise():
    first, second = scene(CHIB), scene("ORAL Surveillance: cancer")
    said = CELLS["solution"]
    assert f"The first gives {1 / first.gain:.1f}: about {first.needed} people" in said
    assert f"gives {-1 / second.gain:.1f}: about one more cancer in {second.needed}" in said
    ends = [drawn.number(1 / abs(end)) for end in second.interval]
    assert f"from {ends[0]} to {ends[1]}, is wide" in said
    assert "one more cancer in 55 people treated for 5 years" in SAFETY.loc["tofa-cancer", "note"]
    assert "one more cancer in 55 people who are treated for 5 years" in said
    for key in ("chib-201-01", "chib-201-02"):
        assert counts(key) in CELLS["exercise"]


def test_the_grafts_of_benefit():
    for key in ("benefit-03", "benefit-04"):
        assert counts(key) in CELLS["transplant-predict"]
    said = CELLS["transplant-after"]
    value = OUTCOMES["value"]
    assert f"At 3 years {value['benefit-01']:.0f} percent with belatacept" in said
    assert f"against {value['benefit-02']:.0f} percent" in said
    assert f"was {value['benefit-05']} against {value['benefit-06']} percent" in said
    assert "more PTLD early on with belatacept" in OUTCOMES.loc["benefit-01", "note"]
    assert "more PTLD with belatacept, early on" in said


def test_the_harms():
    said = CELLS["price-after"]
    infected, cancer = SAFETY.loc["toci-si-8"], SAFETY.loc["tofa-cancer"]
    assert f"{infected['events']} of {infected['total']}, and with placebo in 5 of 160" in said
    assert "5 of 160" in infected["note"]
    assert f"{cancer['events']} of {cancer['total']:,} with tofacitinib" in said
    assert "42 of 1451" in cancer["note"]
    assert "42 of 1,451" in said
    assert "hazard ratio 1.48 (1.04 to 2.09)" in cancer["note"]
    assert "1.48, and its interval, from 1.04 to 2.09" in said
    low, high = SAFETY.loc["gc-inf-lo"], SAFETY.loc["gc-inf-hi"]
    assert f"from {low['comparator_percent']} percent without" in said
    assert f"to {low['percent']:.1f} percent with 5 mg or less" in said
    assert f"to {high['percent']} percent above 10 mg" in said


def test_the_news_of_mice_and_the_trial_of_people():
    rows = datasets.load_headlines().set_index("headline")
    row = rows.loc["hl-ms-mice"]
    assert row["species"] == "mice"
    assert str(row["published"]).startswith("2022-10")
    assert "October 2022" in CELLS["news-after"]
    rates = OUTCOMES["value"]
    assert f"{rates['opera-i-01']} relapses a year" in CELLS["news-after"]
    assert f"against {rates['opera-i-02']} on interferon beta-1a" in CELLS["news-after"]


def test_a_typo_in_the_exercise_is_answered_with_the_names():
    source = next(c.source for c in BOOK.cells if c.id == "exercise-cell")
    with pytest.raises(UnknownNameError, match="ACR20 response"):
        exec(source.replace("ACR20 response", "ACR20 respons"), {"figures": figures})


def test_each_question_is_on_the_teachers_page():
    page = (ROOT / "notebooks/teaching/08_turning_it_down.md").read_text(encoding="utf-8")
    for question in quiz.questions("08"):
        assert f"`{question.name}`" in page
