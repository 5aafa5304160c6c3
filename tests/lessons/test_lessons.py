"""What every lesson promises: it runs, its stubs wait, its solutions pass, its text keeps the limits."""

import ast
import html
import json
import re
from functools import cache

import numpy as np
import pytest
from lesson import LESSONS, is_stub, run
from support import EXAMPLES

from autograde.release.steps import check_cells, core_cells
from verdicts.courses import find
from verdicts.judging.examiners import reference_runs
from verdicts.spec import ValueCheck

GIVEN = {  # numbers of three digits or more that describe a set-up or are worked by hand: no findings
    "05-rmsprop": {"154"},  # the number of a call
    "07-comparison": {"1199", "1510"},  # sizes of data
}


def pytest_generate_tests(metafunc):
    """One worker a lesson: its notebook is run once for all its tests. `make test-all` runs all with empty stubs, too."""
    chosen = LESSONS[:3] if "released" in metafunc.fixturenames and EXAMPLES <= 150 else LESSONS
    metafunc.parametrize(
        "lesson",
        [pytest.param(one, id=one.name, marks=pytest.mark.xdist_group(one.name)) for one in chosen],
    )


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """What running a notebook gives, run once."""
    return cache(lambda notebook, start: run(notebook, tmp_path_factory.mktemp("ran"), start))


@pytest.fixture
def solved(lesson, ran):
    """What running the lesson's solution gives to a reader who starts at the first visible cell."""
    return ran(lesson.text_path.with_suffix(".ipynb"), lesson.first_visible)


@pytest.fixture
def released(lesson, ran):
    """What running the lesson with empty stubs gives, from the top."""
    return ran(lesson.released_path, 0)


def by_grade_id(results):
    return {result["grade_id"]: result for result in results if result["grade_id"]}


# --- it runs


def test_every_cell_runs_without_an_error_or_a_warning(lesson, solved):
    for result in solved:
        assert result["error"] is None, f"{result['source']}\n{result['error']}"
        assert result["warned"] == "", result["source"]


def test_every_solution_earns_full_points(lesson, solved):
    results = by_grade_id(solved)
    earned = {cell.grade_id: float(results[cell.grade_id]["value"]) for cell in lesson.checks}
    assert earned == {cell.grade_id: cell.points for cell in lesson.checks}


def test_every_stub_says_that_it_is_not_answered_yet_and_what_to_do(lesson, released):
    results = by_grade_id(released)
    for cell in lesson.checks:
        result = results[cell.grade_id]
        assert result["value"] == "0", cell.check
        assert "not answered yet" in result["displays"][0]["text/plain"]
        assert "run" in result["displays"][0]["text/plain"]


def test_cells_before_a_stub_is_filled_end_in_one_sentence(lesson, released):
    for result in released:
        if result["error"]:
            assert len(result["error"]) == 1, f"{result['source']}\n{result['error']}"
            assert "not answered yet" in result["error"][0]


def test_run_all_of_an_untouched_lesson_shows_no_points_and_blames_nobody(lesson, released):
    for result in released:
        said = [result["printed"], *(shown.get("text/plain", "") for shown in result["displays"])]
        assert not re.search(r"\d of \d+ points|not right yet", "\n".join(said)), result["source"]


def test_at_least_five_claims_are_measured_and_all_agree(lesson, solved):
    said = [line for result in solved for line in result["printed"].splitlines()]
    claims = [line for line in said if ": measured " in line]
    assert len(claims) >= 5
    assert [line for line in claims if "✓" not in line] == []


def test_every_number_in_the_text_is_measured_by_a_cell(lesson, solved):
    shown = " ".join(
        " ".join(
            [result["source"], result["printed"], *(s.get("text/plain", "") for s in result["displays"])]
        )
        for result in solved
    )
    measured = [float(found.replace("_", "")) for found in re.findall(r"\d[\d_]*\.?\d*(?:e[-+]?\d+)?", shown)]
    unseen = []
    for number in _findings(lesson.prose) - GIVEN.get(lesson.name, set()):
        digits = len(number.partition(".")[2])
        if not any(float(number) in (round(m, digits), round(100 * m, digits)) for m in measured):
            unseen.append(number)
    assert unseen == []


def _findings(prose):
    """Numbers with three digits or more; years, sources, code, links and folded answers left out."""
    text = prose.partition("\n## Sources")[0]
    text = re.sub(r"<details>.*?</details>|`[^`]*`|\]\([^)]*\)", "", text, flags=re.S)
    numbers = set(re.findall(r"(?<![\w.\\^{-])(\d+(?:\.\d+)?)", text))
    return {
        number
        for number in numbers
        if len(number.replace(".", "").strip("0")) >= 3
        and not (number.isdigit() and 1750 < int(number) < 2035)
    }


def calls(lesson, name):
    """The calls of a function in the lesson's own cells, as syntax."""
    nodes = [node for cell in lesson.plain_code_cells for node in ast.walk(ast.parse(cell.source))]
    return [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name]


def test_each_prediction_is_handed_out_open_and_revealed_below(lesson):
    asked = [call.args[0].value for call in calls(lesson, "predict")]
    assert sorted(asked) == sorted({call.args[0].value for call in calls(lesson, "reveal")})
    for call in calls(lesson, "predict"):
        assert [word.value.value for word in call.keywords if word.arg == "guess"] == [...]


def test_a_part_of_more_needs_no_other_part(lesson):
    core, *parts = parts_of(lesson)
    made = [names(cells, ast.Store) for cells in parts]
    for place, cells in enumerate(parts):
        others = set().union(*made[:place], *made[place + 1 :])
        needed = names(cells, ast.Load) - names(core, ast.Store) - made[place]
        assert needed & others == set(), cells[0]


def test_more_begins_with_how_to_run_what_is_above(lesson):
    opening = lesson.solved.cells[len(core_cells(lesson.solved.cells))].source
    assert opening.startswith("# More\n")
    assert (
        " On another day, first choose *Run → Run All Above Selected Cell* in JupyterLab's menu." in opening
    )


def parts_of(lesson):
    """The code of the core, then of each part of More."""
    core = core_cells(lesson.solved.cells)
    parts = [[]]
    for cell in lesson.solved.cells[len(core) :]:
        if cell.cell_type == "markdown" and cell.source.startswith("## "):
            parts.append([])
        parts[-1] += [cell.source] * (cell.cell_type == "code")
    return [[cell.source for cell in core if cell.cell_type == "code"], *filter(None, parts)]


def names(cells, context):
    """The names that cells use (`ast.Load`), or make (`ast.Store`), those of functions, classes and imports included."""
    nodes = [node for cell in cells for node in ast.walk(ast.parse(cell))]
    found = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, context)}
    if context is ast.Load:
        return found
    made = (ast.FunctionDef, ast.ClassDef)
    found |= {node.name for node in nodes if isinstance(node, made)}
    found |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    return found | {node.asname or node.name for node in nodes if isinstance(node, ast.alias)}


# --- nothing leaks


def test_no_solution_text_is_in_the_released_notebook(lesson):
    given = {
        line.strip()
        for cell in lesson.code_cells(lesson.solved)
        for line in re.sub(r"### BEGIN SOLUTION.*?### END SOLUTION", "", cell.source, flags=re.S).split("\n")
    }
    for cell in filter(is_stub, lesson.solved.cells):
        inside = re.findall(r"### BEGIN SOLUTION(.*?)### END SOLUTION", cell.source, flags=re.S)
        hidden = inside if cell.cell_type == "code" else [cell.source]
        lines = {line.strip() for part in hidden for line in part.split("\n")} - given
        for line in lines:
            assert len(line) < 15 or line not in lesson.released_path.read_text(encoding="utf-8"), line


def test_the_released_folder_holds_the_notebook_and_no_text_of_the_lesson(lesson):
    assert not list(lesson.released_path.parent.glob("*.md"))


def test_no_seed_and_no_more_than_the_name_of_a_check_is_in_the_released_notebook(lesson):
    """The graded seeds come from a secret; a check cell is one line, and no metadata says more."""
    said = {cell.metadata.nbgrader.grade_id: cell.source for cell, _ in check_cells(lesson.released)}
    for check in lesson.checks:
        line = rf'check\("{check.check}", \w+, points={check.points:g}\)'
        assert re.fullmatch(line, said[check.grade_id])
    for cell in lesson.released.cells:
        assert set(cell.metadata) <= {
            "nbgrader",
            "deletable",
            "editable",
            "lines_to_next_cell",
            "jupyter",
        }
        assert set(cell.metadata.get("nbgrader", {})) <= NBGRADER
    assert set(lesson.released.metadata) == {"kernelspec", "descentlab"}
    assert set(lesson.released.metadata["descentlab"]) == {"released"}  # a digest of these same cells


NBGRADER = {
    "cell_type",
    "checksum",
    "grade",
    "grade_id",
    "locked",
    "points",
    "schema_version",
    "solution",
    "task",
}


def test_a_lesson_is_handed_out_with_its_first_picture_and_no_other_output(lesson, solved):
    first, *others = lesson.code_cells(lesson.released)
    assert [cell.outputs for cell in others] == [[] for _ in others]
    (picture,) = first.outputs
    assert {*picture.data} == {"text/html", "image/png", "text/plain"}
    said = " ".join(html.escape(picture.data["text/plain"]).split())
    assert f'alt="{said}"' in " ".join(picture.data["text/html"].split())
    assert "data:image/svg+xml;base64," in picture.data["text/html"], "it moves"
    now = [shown["text/plain"] for shown in solved[0]["displays"]]
    assert now == [picture.data["text/plain"]], (
        "made from other code: delete the notebook and run `make notebooks`"
    )
    assert first.execution_count is None
    assert len(json.dumps(lesson.released)) < 150_000


def test_no_expected_value_stands_in_the_text(lesson):
    text = "".join(cell.source for cell in lesson.released.cells)
    for cell in lesson.checks:
        if not isinstance(find(cell.check), ValueCheck):
            continue
        value = reference_runs(cell.check, 0)["value"]["result"]
        if isinstance(value, str):
            assert f'= "{value}"' not in text, cell.check
        elif np.size(value) == 1 and float(value) != round(float(value), 1):  # 0.5 may stand anywhere
            assert f"{float(value):.3g}" not in re.findall(r"\d+\.\d+", text), cell.check


# --- stubs and points


def test_the_stub_stands_right_above_its_check(lesson):
    cells = lesson.solved.cells
    assert lesson.checks
    for cell, check in check_cells(lesson.solved):
        assert is_stub(cells[cells.index(cell) - 1]), check


def test_a_hint_sends_the_reader_to_a_section_that_exists(lesson):
    headings = [heading.lower() for heading in re.findall(r"^#+ (.+)$", lesson.prose, flags=re.M)]
    for cell in lesson.checks:
        name, _, section = find(cell.check).section.partition(", ")
        assert name == lesson.name
        assert any(section.lower() in heading for heading in headings), f"{cell.check}: no {section!r}"


def test_every_figure_has_words(lesson, solved):
    pictures = [s for result in solved for s in result["displays"] if "image/png" in s]
    assert len(pictures) >= 3
    assert all(len(shown["text/plain"]) > 40 for shown in pictures)


# --- the text


def test_every_formula_section_and_lesson_that_is_referred_to_exists(lesson):
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$|`[^`]*`|\]\([^)]*\)", "", lesson.prose, flags=re.S)
    text = text.partition("\n## Sources")[0]
    formulas = set(re.findall(r"\\tag\{(\d+)\}", lesson.prose))
    code = "".join(cell.source for cell in lesson.code_cells(lesson.solved))
    assert set(re.findall(r"(?<!\w)\((\d{1,2})\)", text)) <= formulas
    assert set(re.findall(r"# \((\d+)\)", code)) <= formulas
    sections = set(re.findall(r"^## (\S+)", lesson.prose, flags=re.M))
    for first, more in re.findall(r"[Ss]ections? (\d+)(?:(?:,| and| to) (\d+))?", text):
        assert {first, more} - {""} <= sections
    numbers = {other.name[:2] for other in LESSONS}
    assert set(re.findall(r"[Ll]essons? \[?(\d\d)", text)) <= numbers


def test_every_relative_link_leads_to_a_file(lesson):
    for path, folder in ((lesson.text_path, "solutions"), (lesson.released_path, "notebooks")):
        for target in re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", lesson.prose):
            assert (path.parent / target.partition("#")[0]).exists(), f"{folder}: {target}"
