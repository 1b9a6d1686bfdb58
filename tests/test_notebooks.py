"""The lessons as documents: frame, links, solutions, and numbers that are those of the data."""

import importlib.util
import io
import re
from contextlib import redirect_stdout
from datetime import date

import nbformat
import pytest
from conftest import ROOT

from immunolib import datasets

PATHS = sorted((ROOT / "notebooks").glob("*.ipynb"))
BOOKS = {path.stem: nbformat.read(path, as_version=4) for path in PATHS}
EDITION = datasets.edition().isoformat()


def frame():
    spec = importlib.util.spec_from_file_location("frame", ROOT / ".ci/frame.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(params=BOOKS)
def name(request):
    return request.param


def markdown(name):
    return [cell for cell in BOOKS[name].cells if cell.cell_type == "markdown"]


def test_the_lessons_of_the_course_are_there():
    assert next(iter(BOOKS)) == "00_start_here"
    assert {"01_two_dials", "03_timeline"} <= set(BOOKS)


def test_each_lesson_keeps_the_frame(name):
    checks = frame()
    parts = checks.START if name.startswith("00") else checks.PARTS
    assert checks.problems(BOOKS[name], parts) == []


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (lambda b: b.cells.pop(1), "no cell is tagged 'plain'"),
        (lambda b: b.cells[1].update(source=">"), "'plain' is empty"),
        (lambda b: b.cells[0].update(source="## Low"), "one H1"),
        (lambda b: b.cells[2].update(source="#### Deep " + "word " * 9), "skips a level"),
        (lambda b: b.metadata.update(widgets={"state": {}}), "widget state"),
        (lambda b: b.cells[2].update(source="One sentence. Two sentences here."), "two sentences"),
        (lambda b: b.cells[4].update(source="def f():\n    pass"), "move it into immunolib"),
        (lambda b: b.cells[4].update(execution_count=None), "without having been run"),
    ],
)
def test_the_frame_check_bites(damage, expected):
    checks = frame()
    book = nbformat.from_dict(BOOKS["01_two_dials"].copy())
    book = nbformat.reads(nbformat.writes(BOOKS["01_two_dials"]), as_version=4)
    damage(book)
    assert any(expected in problem for problem in checks.problems(book, checks.PARTS))


def test_links_between_lessons_lead_somewhere(name):
    for cell in markdown(name):
        for target in re.findall(r"\]\((?!https://)([^)]+)\)", cell.source):
            assert (ROOT / "notebooks" / target.split("#")[0]).is_file(), target


def test_the_date_of_the_data_is_the_edition(name):
    text = "\n".join(cell.source for cell in BOOKS[name].cells)
    said = re.findall(r"[Dd]ata (?:are )?as of (\d{4}-\d{2}-\d{2})", text)
    assert said == [EDITION] * len(said)
    assert said


def solutions():
    return [
        (name, cell.id, block)
        for name in BOOKS
        for cell in markdown(name)
        if "solution" in cell.metadata.get("tags", [])
        for block in re.findall(r"```python\n(.+?)```", cell.source, flags=re.DOTALL)
    ]


def test_every_exercise_has_a_folded_solution():
    found = {name for name, _, _ in solutions()}
    assert found == {name for name in BOOKS if not name.startswith("00")}
    for name in found:
        cell = next(c for c in markdown(name) if "solution" in c.metadata.get("tags", []))
        assert cell.source.startswith("<details>\n<summary>")
        assert cell.source.rstrip().endswith("</details>")


@pytest.mark.parametrize(("name", "cell_id", "block"), solutions())
def test_each_solution_runs_after_the_cells_above_it_and_prints(name, cell_id, block):
    space: dict[str, object] = {"display": lambda *_: None}
    for cell in BOOKS[name].cells:
        if cell.id == cell_id:
            break
        if cell.cell_type == "code":
            with redirect_stdout(io.StringIO()):
                exec(cell.source, space)
    held = io.StringIO()
    with redirect_stdout(held):
        exec(block, space)
    assert len(held.getvalue().splitlines()) >= 2
    if name == "03_timeline":
        assert "ipilimumab" in held.getvalue()


def test_what_the_timeline_lesson_says_in_prose_is_what_the_data_say():
    text = " ".join(cell.source for cell in markdown("03_timeline"))
    events = datasets.load_approvals()

    def first(agent, regulator="FDA"):
        mine = events[(events["agent"] == agent) & (events["regulator"] == regulator)]
        return mine.sort_values("date_start").iloc[0]["date"]

    then = date(2011, 2, 1)
    days = (date.fromisoformat(first("ipilimumab")) - then).days
    assert f"licensed {days} days after the page was written" in text
    assert first("BCG") == "1990"
    assert "licensed it in 1990, and gives no day" in text
    assert first("CpG 7909").startswith("2023")
    assert "has been licensed since 2023" in text
    assert date.fromordinal(then.toordinal() + 100).isoformat() == "2011-05-12"
    assert "hundredth day after 2011-02-01 is 2011-05-12" in text
    mine = events[(events["agent"] == "natalizumab") & (events["regulator"] == "FDA")]
    mine = mine.sort_values("date_start")["date"].tolist()
    came, went, back = map(date.fromisoformat, mine[:3])
    assert round((went - came).days / 30.4) == 3
    assert "three months after it had come in" in text
    assert back.year == went.year + 1
    assert "came back the year after" in text
    now = datasets.load_agents(as_of=EDITION)
    held = now[(now["class"] == "PD-1 antibody") & (now["status"] == "approved")]
    assert len(held) == 17
    assert "Seventeen; the first was nivolumab, in Japan, in July 2014" in text
    soon = events[events["date_start"].between("2011-02-02", "2011-05-12")]
    new = soon[(soon["event"] == "approval") & (soon["use"] != "")]
    assert (len(soon), len(new)) == (7, 4)
    assert set(new["agent"]) == {"roflumilast", "belimumab", "ipilimumab", "fingolimod"}
    assert "There are seven." in text
    licences = datasets.first_licences()
    later = (licences["date"] > "2011-02-01").sum()
    assert f"({later} of {len(licences)}) came after the page" in text
    assert abs(later / len(licences) - 2 / 3) < 0.02
    assert "Four brought an agent in" in text
    earliest = held.sort_values("since").iloc[0]
    assert (earliest["agent"], earliest["since"][:7]) == ("nivolumab", "2014-07")
    assert first("nivolumab", "PMDA") == earliest["since"]
    claims = datasets.load_claims().query("then != ''")
    assert (claims["then"] == "partly right").sum() == 2
    assert (claims["then"] != "not verified").sum() == 8
    assert "two of its eight statements on licences were only partly right" in text
    trials = datasets.load_milestones()
    earliest = trials.loc[trials["agent"] == "interleukin-12", "date_start"].min()
    assert earliest.year < 2001
    assert "more than ten years before the page was written" in text


def test_what_the_dials_lesson_says_of_the_uses_is_what_the_data_say():
    text = " ".join(cell.source for cell in markdown("01_two_dials"))
    counts = datasets.load_uses()["direction"].value_counts()
    assert counts["activation"] >= 200
    assert counts["suppression"] >= 200
    assert counts["redirection"] == 12
    assert "Both dials hold hundreds of uses, and redirection twelve." in text


def test_the_verdicts_on_the_page_of_2011_agree_with_the_status_of_its_agents():
    claims = datasets.load_claims().query("then != ''").set_index("claim")
    for day, column in (("2011-02-01", "then"), (EDITION, "now")):
        status = datasets.load_agents(as_of=day).set_index("agent")["status"]
        for claim, row in claims.iterrows():
            states = [status[agent] for agent in filter(None, row["agents"].split("; "))]
            licensed = [state == "approved" for state in states]
            if not states:
                assert row[column] == "not verified"
            elif row["says"].endswith("licensed"):
                assert any(licensed), (claim, day)
            elif row[column] == "right":
                assert not any(licensed), (claim, day)
            else:
                assert any(licensed), (claim, day)


def test_an_exported_page_shows_every_picture_in_words_too(name):
    from nbconvert import HTMLExporter

    html, _ = HTMLExporter(template_name="lab").from_notebook_node(BOOKS[name])
    images = re.findall(r"<img [^>]*>", html)
    pictures = sum("<img" in str(cell.get("outputs")) for cell in BOOKS[name].cells)
    assert len(images) >= pictures
    for image in images:
        alt = re.search(r"""alt=["']([^"']*)""", image)
        assert alt is not None
        assert len(alt[1]) > 20
        assert "No description" not in alt[1]
    if "explorers." in str(BOOKS[name].cells):
        assert "this is its first picture" in html
    assert "widget-view+json" not in html.split("<body")[1]


def test_the_map_of_the_course_tells_what_is_ready():
    text = next(c.source for c in markdown("00_start_here") if c.id == "map")
    linked = set(re.findall(r"\((\d\d_\w+)\.ipynb\)", text))
    assert linked == set(BOOKS) - {"00_start_here"}
    assert text.count("| ready |") == len(linked)
    assert text.count("| planned |") == 12 - len(linked)


def test_the_terms_of_the_glossary_are_defined_in_their_lesson():
    for row in datasets.load_glossary().itertuples():
        name = next(n for n in BOOKS if n.startswith(row.lesson))
        text = " ".join(cell.source for cell in markdown(name)).casefold()
        stem = row.term.casefold().removesuffix(" treatment")
        assert stem in text, (row.term, name)


def test_each_lesson_calls_back_to_earlier_ones(name):
    """Two questions or more, all of earlier lessons; from lesson 03 on one from further back."""
    if name[:2] in {"00", "01"}:
        return
    cells = [cell for cell in BOOKS[name].cells if "recall" in cell.metadata.get("tags", [])]
    calls = [
        (lesson, re.findall(r'"([\w-]+)"', names))
        for cell in cells
        for lesson, names in re.findall(r'quiz\.ask\("(\d\d)"((?:, "[\w-]+")*)\)', cell.source)
    ]
    asked = [lesson for lesson, names in calls for _ in names or [lesson]]
    assert len(asked) >= 2
    assert all(lesson < name[:2] for lesson in asked)
    if name[:2] >= "03":
        assert min(int(lesson) for lesson in asked) <= int(name[:2]) - 2


def test_cells_run_out_of_order_and_twice_do_no_harm(name):
    """From the last to the first only names may be missing; then from the first all runs."""
    space: dict[str, object] = {"display": lambda *_: None}
    cells = [cell.source for cell in BOOKS[name].cells if cell.cell_type == "code"]
    for source in reversed(cells):
        try:
            with redirect_stdout(io.StringIO()):
                exec(source, space)
        except NameError:
            pass  # answered with what to do: test_hints.py
    for source in cells:
        with redirect_stdout(io.StringIO()):
            exec(source, space)
