"""What every lesson promises: it runs, its stubs wait, its solutions pass, its text keeps the limits."""

import ast
import os
import re
import statistics
import subprocess
import sys

import numpy as np
import pytest
from lesson import LESSONS, is_stub, run
from support import ROOT

from descentlab.checks.judging.kinds import reference_runs
from descentlab.checks.spec import ValueCheck
from descentlab.exercises import find

GIVEN = {  # numbers of three digits or more that describe a set-up or are worked by hand: no findings
    "03-nesterov": {"105"},  # its minutes
    "05-rmsprop": {"154"},  # the number of a call
    "07-comparison": {"1199", "1510", "2.13"},  # sizes of data, a version
}
MINUTES = {"02-momentum": 98, "03-nesterov": 107, "05-rmsprop": 100, "06-adam": 92}

pytestmark = pytest.mark.parametrize(
    "lesson",
    # One worker a lesson: its notebook is run once for all its tests.
    [pytest.param(lesson, id=lesson.name, marks=pytest.mark.xdist_group(lesson.name)) for lesson in LESSONS],
)


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """What running a lesson's solution gives, run once."""
    return _once(tmp_path_factory, lambda lesson, folder: run(_solution(lesson), folder))


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """What running a lesson with empty stubs gives, run once."""
    return _once(tmp_path_factory, lambda lesson, folder: run(lesson.released_path, folder))


def _solution(lesson):
    return lesson.text_path.with_suffix(".ipynb")


def _once(tmp_path_factory, do):
    found = {}

    def get(lesson):
        if lesson.name not in found:
            found[lesson.name] = do(lesson, tmp_path_factory.mktemp(lesson.name))
        return found[lesson.name]

    return get


def by_grade_id(results):
    return {result["grade_id"]: result for result in results if result["grade_id"]}


# --- it runs


def test_every_cell_runs_without_an_error_or_a_warning(lesson, solved):
    for result in solved(lesson):
        assert result["error"] is None, f"{result['source']}\n{result['error']}"
        assert result["warned"] == "", result["source"]


def test_every_solution_earns_full_points(lesson, solved):
    results = by_grade_id(solved(lesson))
    earned = {cell.grade_id: float(results[cell.grade_id]["value"]) for cell in lesson.checks}
    assert earned == {cell.grade_id: cell.points for cell in lesson.checks}


def test_every_stub_says_that_it_is_not_answered_yet_and_what_to_do(lesson, released):
    results = by_grade_id(released(lesson))
    for cell in lesson.checks:
        result = results[cell.grade_id]
        assert result["value"] == "0", cell.check
        assert "not answered yet" in result["displays"][0]["text/plain"]
        assert "run" in result["displays"][0]["text/plain"]


def test_cells_before_a_stub_is_filled_end_in_one_sentence(lesson, released):
    for result in released(lesson):
        if result["error"]:
            assert len(result["error"]) == 1, f"{result['source']}\n{result['error']}"
            assert "not answered yet" in result["error"][0]


def test_run_all_of_an_untouched_lesson_shows_no_points_and_blames_nobody(lesson, released):
    for result in released(lesson):
        said = [result["printed"], *(shown.get("text/plain", "") for shown in result["displays"])]
        assert not re.search(r"\d of \d+ points|not right yet", "\n".join(said)), result["source"]


def test_at_least_five_claims_are_measured_and_all_agree(lesson, solved):
    said = [line for result in solved(lesson) for line in result["printed"].splitlines()]
    claims = [line for line in said if ": measured " in line]
    assert len(claims) >= 5
    assert [line for line in claims if "✓" not in line] == []


def test_most_claims_measure_what_the_student_wrote(lesson):
    written, theirs, claims = set(), 0, 0
    for cell in lesson.code_cells(lesson.solved):
        nodes = list(ast.walk(ast.parse(cell.source)))
        made = {n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        made |= {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        used = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
        found = sum(isinstance(n, ast.Call) and getattr(n.func, "id", "") == "claim" for n in nodes)
        if is_stub(cell) or used & written:
            written |= made
            theirs += found
        else:
            written -= made
        claims += found
    assert theirs > claims / 2


def test_every_number_in_the_text_is_measured_by_a_cell(lesson, solved):
    shown = " ".join(
        " ".join(
            [result["source"], result["printed"], *(s.get("text/plain", "") for s in result["displays"])]
        )
        for result in solved(lesson)
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
    graded = by_grade_id([dict(cell.metadata.get("nbgrader", {}), cell=cell) for cell in _graded(lesson)])
    for check in lesson.checks:
        said = graded[check.grade_id]["cell"].source
        assert re.fullmatch(rf'check\("{check.check}", \w+, points={check.points:g}\)', said)
    for cell in lesson.released.cells:
        assert set(cell.metadata) <= {"nbgrader", "deletable", "editable", "lines_to_next_cell", "tags"}
        assert cell.metadata.get("tags", ["slide"]) == ["slide"]
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


def _graded(lesson):
    return [cell for cell in lesson.released.cells if cell.metadata.get("nbgrader", {}).get("grade")]


def test_released_cells_have_no_outputs(lesson):
    assert all(not cell.outputs for cell in lesson.code_cells(lesson.released))


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


def _stub_above(lesson, grade_id):
    cells = lesson.solved.cells
    place = next(i for i, c in enumerate(cells) if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)
    return cells[place - 1]


# --- stubs and points


def test_the_stub_stands_right_above_its_check(lesson):
    assert lesson.checks
    for cell in lesson.checks:
        assert is_stub(_stub_above(lesson, cell.grade_id)), cell.grade_id


def test_at_most_six_checks_whose_points_sum_to_a_round_number_printed_on_top(lesson):
    metadata = [cell.metadata.get("nbgrader", {}) for cell in lesson.solved.cells]
    total = sum(given.get("points", 0) for given in metadata if given.get("grade"))
    assert len(lesson.checks) <= 6
    assert total % 5 == 0
    assert f"{total:g} points" in lesson.head


def test_values_carry_at_most_a_fifth_of_the_points(lesson):
    values = sum(cell.points for cell in lesson.checks if isinstance(find(cell.check), ValueCheck))
    metadata = [cell.metadata.get("nbgrader", {}) for cell in lesson.solved.cells]
    assert values <= 0.2 * sum(given.get("points", 0) for given in metadata if given.get("grade"))


def test_one_or_two_answers_in_words_have_a_rubric_in_the_solution_only(lesson):
    asked = [cell for cell in lesson.solved.cells if cell.cell_type == "markdown" and is_stub(cell)]
    assert 1 <= len(asked) <= 2
    for cell in asked:
        assert cell.metadata.nbgrader.grade
        assert "Rubric" in cell.source
    assert "Rubric" not in lesson.released_path.read_text(encoding="utf-8")


def test_a_hint_sends_the_reader_to_a_section_that_exists(lesson):
    headings = [heading.lower() for heading in re.findall(r"^#+ (.+)$", lesson.prose, flags=re.M)]
    for cell in lesson.checks:
        name, _, section = find(cell.check).section.partition(", ")
        assert name == lesson.name
        assert any(section.lower() in heading for heading in headings), f"{cell.check}: no {section!r}"


# --- the limits


def test_the_notebook_is_under_60_kilobytes(lesson):
    assert lesson.released_path.stat().st_size < 60_000
    assert _solution(lesson).stat().st_size < 60_000


def test_code_cells_are_short(lesson):
    sizes = [len(cell.source.splitlines()) for cell in lesson.plain_code_cells]
    assert statistics.median(sizes) <= 4
    assert max(sizes) <= 15


def test_there_is_an_early_figure(lesson, solved):
    early = [shown for result in solved(lesson)[:3] for shown in result["displays"]]
    assert any("image/png" in shown for shown in early)


def test_every_figure_has_words(lesson, solved):
    pictures = [s for result in solved(lesson) for s in result["displays"] if "image/png" in s]
    assert len(pictures) >= 3
    assert all(len(shown["text/plain"]) > 40 for shown in pictures)


def test_sections_say_how_long_they_take(lesson):
    core = [heading for heading, _ in lesson.sections if not heading.startswith(("Optional", "Sources"))]
    minutes = [re.search(r"\((\d+) min\)", heading) for heading in core]
    assert all(minutes), [h for h, m in zip(core, minutes, strict=True) if not m]
    assert sum(int(found[1]) for found in minutes) <= MINUTES.get(lesson.name, 90)


def test_the_aims_on_top_return_as_questions_at_the_end(lesson):
    aims = re.search(r"By the end you can:\n\n((?:- .+\n?(?:  .+\n?)*)+)", lesson.head)
    assert aims, "no list after 'By the end you can:'"
    count = len(re.findall(r"^- ", aims[1], flags=re.M))
    last = next(text for heading, text in lesson.sections if heading.startswith("Can you now?"))
    assert last.count("<details>") >= max(count, 2)
    assert last.count("<details>") == last.count("</details>")


def test_sources_are_named(lesson):
    assert any(heading == "Sources" for heading, _ in lesson.sections)


# --- the words


def test_every_numbered_formula_becomes_code_below_it_in_a_cell_or_in_a_stubs_answer(lesson):
    for place, cell in enumerate(lesson.solved.cells):
        if cell.cell_type != "markdown":
            continue
        for number in re.findall(r"\\tag\{(\d+)\}", cell.source):
            after = "".join(c.source for c in lesson.solved.cells[place:])
            assert f"# ({number})" in after, f"formula ({number}) has no code below it"


def test_formulas_are_numbered_once(lesson):
    numbers = re.findall(r"\\tag\{(\d+)\}", lesson.prose)
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]


def test_greek_letters_are_those_of_the_glossary(lesson):
    letters = set(re.findall(r"\\(var[a-z]+|[A-Z]?[a-z]+)", " ".join(_math(lesson.prose)))) & GREEK
    assert letters <= set(re.findall(r"\\([A-Za-z]+)", GLOSSARY))


def test_the_parameters_of_rules_are_those_of_the_glossary(lesson):
    names = set(re.findall(r"`([A-Za-z_0-9]+)`", GLOSSARY))
    for cell in lesson.code_cells(lesson.solved):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.FunctionDef) and node.name in ("__init__", "update"):
                assert {arg.arg for arg in node.args.args} - {"self"} <= names


GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
GREEK = set(
    re.findall(
        r"\w+",
        "alpha beta gamma delta epsilon varepsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau"
        " phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega nabla",
    )
)


def test_what_a_student_writes_has_the_name_that_the_glossary_gives_it(lesson):
    for cell in filter(is_stub, lesson.code_cells(lesson.solved)):
        for node in ast.parse(cell.source).body:
            name = node.targets[0].id if isinstance(node, ast.Assign) else node.name
            row = re.search(rf"^\| `{name}` \|.*\| ([\d, ]+) \|$", GLOSSARY, flags=re.M)
            assert row, f"{name}: not in docs/glossary.md"
            assert lesson.name[:2] in row[1], f"{name}: its row names lessons {row[1]}"


def _math(text):
    return re.findall(r"\$\$(.+?)\$\$", text, flags=re.S) + re.findall(r"\$([^$\n]+)\$", text)


def test_every_formula_section_and_lesson_that_is_referred_to_exists(lesson):
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$|`[^`]*`|\]\([^)]*\)", "", lesson.prose, flags=re.S)
    text = text.partition("\n## Sources")[0]
    formulas = set(re.findall(r"\\tag\{(\d+)\}", lesson.prose))
    code = "".join(cell.source for cell in lesson.code_cells(lesson.solved))
    assert set(re.findall(r"(?<!\w)\((\d{1,2})\)", text)) <= formulas
    assert set(re.findall(r"# \((\d+)\)", code)) <= formulas
    sections = {heading.split()[0] for heading, _ in lesson.sections}
    for first, more in re.findall(r"[Ss]ections? (\d+)(?:(?:,| and| to) (\d+))?", text):
        assert {first, more} - {""} <= sections
    numbers = {other.name[:2] for other in LESSONS}
    assert set(re.findall(r"[Ll]essons? \[?(\d\d)", text)) <= numbers


def test_every_relative_link_leads_to_a_file(lesson):
    for path, folder in ((lesson.text_path, "solutions"), (lesson.released_path, "notebooks")):
        for target in re.findall(r"\]\((?!https?:|#)([^)\s]+)\)", lesson.prose):
            assert (path.parent / target.partition("#")[0]).exists(), f"{folder}: {target}"


def test_the_words_are_spelled_right(lesson):
    command = [
        sys.executable,
        "-m",
        "codespell_lib",
        "--ignore-words-list=datas",
        os.fspath(lesson.text_path),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.stdout + done.stderr == ""
