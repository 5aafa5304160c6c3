"""An export, from the gradebook to the file, and what stderr says about it: who has no final score, and why.

The other export is the students' solution cells in folders, for a tool that compares programs (JPlag, MOSS).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import typer
from nbformat import NotebookNode

from autograde.course import answer_key, assignments
from autograde.course.course import Course
from autograde.course.results import EARLIER_VERSION, MISSING, WAITING
from autograde.course.wording import FLAGS, GONE_REMEDY, NO_RESULT, OWN_TESTS_RUN, counted, lines_about
from autograde.delimited import DelimitedTable
from autograde.errors import UsageError
from autograde.files import put, put_where_asked
from autograde.lms.formats import CSV, OWN_TABLES, TERM_TABLES, Exported, ScoreRow, number, read_rows
from autograde.lms.systems import SYSTEMS, export_as, points_now
from autograde.people import class_results, overview, whose
from autograde.scratch import scratch_folder
from autograde.untrusted.names import printable, shell_word

FORMATS = (*OWN_TABLES, *SYSTEMS)
GRADE = "Type: autograde grade {assignment}"
OTHER_POINTS = (
    "graded out of a different maximum than {assignment} has now ({now}), written as they are: {students}. "
    "`autograde grade {assignment}` grades them again"
)
FEWER_POINTS = f"{FLAGS[EARLIER_VERSION].words}: {{students}}"
SELF_REPORTED = (
    "self-reported, in the student's own process, by stock nbgrader: {students}. `autograde grade {assignment}` "
    "replaces these scores; --accept-self-reported accepts them"
)
OWN_TESTS = f"{OWN_TESTS_RUN}: {{students}}. Only checks are judged outside it"
NOTHING_GRADED = f"{{assignment}} is left out: nothing graded yet. Submitted by {{students}}. {GRADE}"


def export(
    course_dir: Path,
    assignment: str | None = None,
    form: str = CSV,
    template: Path | None = None,
    column: str | None = None,
    out: Path | None = None,
    accept_self_reported: bool = False,
    zero_missing: bool = False,
    comments: str | None = None,
    scale: bool = False,
) -> bool:
    """Write the export; whether every submission is in it with a final score, out of as many points.

    Others are listed on stderr. A score by stock nbgrader counts as not final unless it is accepted.

    Raises:
        UsageError: an unknown format, or what the format itself refuses.
    """
    if form not in FORMATS:
        raise UsageError(f"--format {form}: unknown. Formats: {', '.join(sorted(FORMATS))}.")
    table = DelimitedTable.read(template) if template else None
    with class_results.graded_course(course_dir, assignment) as (course, gradebook):
        classes = class_results.read_classes(course, gradebook, assignment)
        names = [whole.key.assignment for whole in classes]
        require_one(form, names)
        others = () if assignment else set(course.source_assignments()).difference(names)
        score_if_missing = 0.0 if zero_missing else None
        rows = [row for whole in classes for row in read_rows(gradebook, whole, score_if_missing)]
        kept = whose.read_matches(gradebook)
    exported = export_as(form, rows, table, column, comments, kept, scale)
    require_somebody(exported, rows)
    _write(exported, out, course_dir / _usual_name(assignment, form, names))
    strangers = sorted({student for whole in classes for student in whole.strangers})
    complete = [
        warn_about_scores(exported, rows, scale),
        *(not _warn({NOTHING_GRADED: course.submitters(name)}, name) for name in sorted(others)),
        *(not _warn({GONE_REMEDY: whole.gone}, whole.key.assignment, names) for whole in classes),
        warn_about_matches(exported, rows, strangers, classes[0].on_roster),
        accept_self_reported or not any(row.result.self_reported for row in rows),
    ]
    return all(complete)


def require_one(form: str, names: Sequence[str]) -> None:
    """Refuse several assignments for a format with one column.

    Raises:
        UsageError: naming the command for the first.
    """
    if len(names) > 1 and form not in TERM_TABLES:
        command = f"autograde export {shell_word(names[0])} --format {form}"
        raise UsageError(f"{form} takes one assignment at a time: {command}")


def require_somebody(exported: Exported, rows: Sequence[ScoreRow]) -> None:
    """Refuse a template that names none of the students.

    Raises:
        UsageError: naming how they were looked up.
    """
    if exported.not_in_gradebook and rows and {row.student for row in rows} <= {*exported.not_in_template}:
        raise UsageError(
            "nobody in the template is in this course by id, login, LMS id or e-mail address "
            f"({printable(exported.not_in_gradebook[0])}, …), so nothing is written. Take the export of the "
            "system that the roster came from"
        )


def _usual_name(assignment: str | None, form: str, names: Sequence[str]) -> str:
    """`grades-ASSIGNMENT-FORMAT`; `grades-term` for the whole term, no `-csv`."""
    of = "term" if assignment is None and form in TERM_TABLES else names[0]
    return f"grades-{of}" if form == CSV else f"grades-{of}-{form}"


def _write(exported: Exported, out: Path | None, usual: Path) -> None:
    if isinstance(exported.content, bytes):
        path = out or usual.with_name(f"{usual.name}.csv")
        put_where_asked(path, exported.content)
        typer.echo(f"wrote {path}")
        return
    folder, written = out or usual, 0
    for name, content in exported.content.items():
        if content is None:
            (folder / name).unlink(missing_ok=True)
        else:
            put(folder / name, content)
            written += 1
    typer.echo(f"wrote {counted(written, 'file')} into {folder}")


def warn_about_scores(exported: Exported, rows: Sequence[ScoreRow], scaled: bool = False) -> bool:
    """Whether every submission has a final score, out of today's points; warns about the others."""
    names = list(dict.fromkeys(row.assignment for row in rows))
    complete = True
    for name in names:
        chosen = [row for row in rows if row.assignment == name]
        without = {}
        for row in chosen:
            if row.final is None or row.result.status == MISSING:
                status = NO_RESULT.get(row.result.status, "not final yet")
                without.setdefault((status, _fate(exported, row)), []).append(row.student)
        for (status, fate), students in sorted(without.items(), reverse=True):
            remedy = f". {GRADE}" if status == NO_RESULT[WAITING] else ""
            _warn({f"{status}{fate}: {{students}}{remedy}": students}, name, names)
        results = [row.result for row in chosen]
        earlier = [one for one in results if one.points_now is not None and not scaled]
        now = number(earlier[0].points_now) if earlier else ""
        said = {
            **overview.notices([one for one in results if one.status not in NO_RESULT]),
            SELF_REPORTED: [one.student for one in results if one.self_reported],
            OWN_TESTS: [test.grade_id for one in results for test in one.own_tests],
            OTHER_POINTS: [f"{one.student} ({number(one.max_score)})" for one in earlier],
            FEWER_POINTS: [
                f"{one.student} ({number(one.max_score)})"
                for one in results
                if EARLIER_VERSION in one.flags and not scaled
            ],
        }
        _warn(said, name, names, now)
        complete &= not earlier and all(status == NO_RESULT[MISSING] for status, _ in without)
    return complete


def _fate(exported: Exported, row: ScoreRow) -> str:
    """What became of the line of a student without a final score."""
    if row.student in exported.left_out:
        return ", left out"
    return exported.fate if row.final is None else ", 0 points"


def warn_about_matches(
    exported: Exported, rows: Sequence[ScoreRow], strangers: Sequence[str], on_roster: bool
) -> bool:
    """Whether template, gradebook and roster agree on the students and the points; warns if not."""
    place = "nobody on the roster has that key and name" if on_roster else "nothing of theirs is graded"
    said = {
        "not in the template: {students}": exported.not_in_template,
        "the template has words instead of a number, left as they are: {students}": exported.words,
        f"in the template, but {place}: {{students}}": exported.not_in_gradebook,
        overview.STRANGERS: strangers,
    }
    _warn(said)
    if exported.other_maxima:
        ours = number(points_now(rows))
        typer.echo(
            f"the template says {', '.join(exported.other_maxima)} points at most, {rows[0].assignment} has "
            f"{ours}: scores were written as they are. Is this the right column? If so, give it {ours} points "
            "there first, or add --scale.",
            err=True,
        )
    return not (exported.not_in_template or exported.not_in_gradebook or exported.other_maxima or strangers)


def _warn(
    sentences: Mapping[str, Sequence[str]], assignment: str = "", names: Sequence[str] = (), now: str = ""
) -> bool:
    """Whether any sentence is about somebody; these are said on stderr, of several assignments with their names."""
    prefix = f"{assignment}: " if len(names) > 1 else ""
    lines = list(lines_about(sentences, assignment, now=now))
    for line in lines:
        typer.echo(prefix + line, err=True)
    return bool(lines)


def write_answers(
    course: Course, key: answer_key.AnswerKey, students: list[str], out: Path
) -> tuple[list[str], list[str]]:
    """Write `out/students/STUDENT/NOTEBOOK.py`, and what was handed out as `out/handed-out/NOTEBOOK.py`.

    The folder is complete or missing; an existing one is refused.

    Returns:
        The students whose answers were written, and those without an autograded notebook.

    Raises:
        UsageError: `out` exists, or a notebook is damaged.
        OSError: it cannot be written.
    """
    if out.exists():
        raise UsageError(f"{out} is there already: move it away, or choose another with --out.")
    written, left_out = [], []
    with scratch_folder(out.parent, ".answers-") as scratch:
        made = scratch / "answers"
        (made / "students").mkdir(parents=True)
        _write_cells(made / "handed-out", course.root / assignments.RELEASE / key.assignment, key)
        for student in students:
            graded = course.folder("autograded", student, key.assignment)
            is_there = _write_cells(made / "students" / student, graded, key)
            (written if is_there else left_out).append(student)
        made.rename(out)
    return written, left_out


def _write_cells(target: Path, folder: Path, key: answer_key.AnswerKey) -> bool:
    """Write the answers in each notebook of a folder, the stubs of a released one; whether there is any."""
    there = {name: path for name in key.notebooks if (path := folder / f"{name}.ipynb").is_file()}
    for name, path in there.items():
        try:
            notebook = answer_key.read_notebook(path)
        except Exception as error:  # nbformat raises many kinds
            raise UsageError(
                f"{path} is not a notebook that can be read ({type(error).__name__}): nothing was "
                "written. Grade or release it again"
            ) from error
        put(target / f"{name}.py", _code(notebook, key.notebooks[name]).encode("utf-8", "replace"))
    return bool(there)


def _code(notebook: NotebookNode, key: answer_key.KeyNotebook) -> str:
    """The code of the solution cells, in the instructor's order; magics are comments, so that it parses."""
    sources = {
        answer_key.grade_id_of(cell): cell.source for cell in notebook.cells if cell.cell_type == "code"
    }
    parts = []
    for name, cell in key.cells.items():
        if cell.solution and cell.cell_type == "code" and name in sources:
            lines = sources[name].split("\n")
            plain = [f"# {line}" if line.lstrip().startswith(("%", "!")) else line for line in lines]
            parts.append(f"# {name}\n" + "\n".join(plain))
    return "\n\n\n".join(parts) + "\n"
