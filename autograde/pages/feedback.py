"""Feedback pages of an assignment: for whom, from what, to where; and their way through nbgrader's exchange or in a zip
that a learning system hands back.
"""

import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import nbformat
from nbgrader import auth, coursedir, exchange

from autograde.course import assignments, graded_files, submission_files
from autograde.course.course import Course, log
from autograde.entries import matching, wording
from autograde.entries.answer_key import KeyNotebook, grade_id_of
from autograde.entries.entry import GRADED, Entry, Submission, WholeClass
from autograde.errors import CourseError, UsageError
from autograde.files import put, zip_bytes
from autograde.pages.student_page import GradedAnswer, Page, answer_of, cells_of, render, verdict_of
from autograde.people import download, people_table
from autograde.untrusted.names import shell_word

STOCK = "no page, as stock nbgrader graded it: {students}. `autograde grade {assignment}` first"
MOST_BYTES = 1000  # of a time or a secret


@dataclass(frozen=True)
class Written:
    """A page, and whether it is new or changed."""

    student: str
    path: Path
    fresh: bool


@dataclass(frozen=True)
class Pages:
    """The submissions that get pages, and the students without, by the reason."""

    course: Course
    whole: WholeClass
    graded: dict[str, Entry]
    without: dict[str, list[str]]

    @property
    def notebooks(self) -> list[tuple[str, KeyNotebook]]:
        """The pages to write: each student's notebooks."""
        return [(student, one) for student in self.graded for one in self.whole.key.notebooks.values()]


def pages_of(course: Course, whole: WholeClass, students: list[str] | None = None) -> Pages:
    """The pages to write.

    Without a verdict there is nothing to show: stock nbgrader keeps none, and what needs attention has no grade.
    """
    every = whole.every_graded
    chosen = {student: every[student] for student in sorted(set(students or every))}
    stock = [student for student, one in chosen.items() if one.self_reported]
    graded = {
        student: one for student, one in chosen.items() if one.status == GRADED and student not in stock
    }
    ungraded = [one for one in chosen.values() if one.status != GRADED and not one.self_reported]
    if students is None:
        ungraded += whole.without.values()
    without = {STOCK: stock} | {f"no page, {why}": names for why, names in wording.notices(ungraded).items()}
    if students is None:
        without[wording.GONE_REMEDY] = list(whole.gone)
    return Pages(course, whole, graded, without)


def write_pages(pages: Pages, failed: dict[str, Exception] | None = None) -> Iterator[Written]:
    """Write `feedback/STUDENT/ASSIGNMENT/NOTEBOOK.html`; unchanged pages stay as they are.

    Args:
        failed: where given, it gets by student why a page cannot be made, and the others are written.

    Raises:
        CourseError: a page cannot be written.
    """
    for student, notebook in pages.notebooks:
        try:
            written = _write_page(pages, student, notebook)
        except Exception as error:  # whatever is odd about one submission
            if failed is None:
                raise
            failed[student] = error
        else:
            yield written


def _write_page(pages: Pages, student: str, notebook: KeyNotebook) -> Written:
    assignment = pages.whole.key.assignment
    target = pages.course.folder("feedback", student, assignment)
    path = target / f"{notebook.name}.html"
    content = render(_page(pages, student, notebook)).encode("utf-8", "replace")
    with graded_files.disk(path):
        fresh = not (path.exists() and path.read_bytes() == content)
        if fresh:
            put(path, content)
        pass_on(pages.course.submission(student, assignment), target)
    return Written(student, path, fresh)


def _page(pages: Pages, student: str, notebook: KeyNotebook) -> Page:
    key, result = pages.whole.key, pages.graded[student]
    ran = graded_notebook(result, notebook)
    scores = {cell.name: cell for cell in result.cells}
    marks = []
    for grade_id in map(grade_id_of, ran.cells):
        if cell := scores.get(f"{notebook.name}/{grade_id}"):
            title = notebook.cells[grade_id].title if grade_id in notebook.cells else cell.label
            answer, verdict = answer_of(ran, grade_id, notebook), verdict_of(ran, grade_id)
            marks.append(GradedAnswer(cell, title, answer, verdict))
    title = key.assignment if len(key.notebooks) == 1 else f"{key.assignment}: {notebook.name}"
    return Page(title, result.person.full_name, result, marks, list(cells_of(ran, notebook)))


def graded_notebook(entry: Entry, notebook: KeyNotebook) -> nbformat.NotebookNode:
    """The notebook as it ran.

    Raises:
        CourseError: the file is missing, broken, or not the one that was graded.
    """
    folder, again = entry.folder, f"`autograde grade {shell_word(entry.assignment)}`"
    if not graded_files.is_as_graded(folder, notebook.name, entry.products):
        raise CourseError(
            f"{folder}: not the files that were graded: edited, missing, or grading was interrupted. Run {again}"
        )
    path = folder / f"{notebook.name}.ipynb"
    try:
        # As nbformat.read, without its check against the schema: grading wrote this file.
        return nbformat.convert(nbformat.reader.reads(path.read_text("utf-8")), 4)
    except (OSError, ValueError, nbformat.ValidationError) as error:
        raise CourseError(f"{path} cannot be read: grade again with {again}") from error


def pass_on(submission: Submission, target: Path) -> None:
    """Copy a submission's time and secret, as the exchange's collector left them, next to its pages.

    Only who may read them there may read the copies: the secret leads to the page. Links are not followed.

    Raises:
        OSError: they cannot be written.
    """
    for name in (submission_files.TIMESTAMP, submission_files.SECRET):
        data, path = submission_files.read_if_possible(submission, name, MOST_BYTES), target / name
        if data is not None:
            mode = _mode(submission.folder / name)
            if not (path.is_file() and path.read_bytes() == data and _mode(path) == mode):
                put(path, data, mode)


def _mode(path: Path) -> int:
    """Who may read and write a file."""
    return stat.S_IMODE(path.stat().st_mode) & 0o666


def hand_back(course: Course, assignment: str, students: list[str]) -> tuple[list[str], list[str]]:
    """Release the pages of these students, who fetch them with `nbgrader fetch_feedback`.

    Returns:
        The students who get a page, and those who submitted elsewhere: nbgrader names a page by the secret of
        its submission.

    Raises:
        UsageError: the exchange refuses.
    """
    config = assignments.with_jupyters(course.config)
    with_secret = [
        s
        for s in students
        if submission_files.read_if_possible(
            course.submission(s, assignment), submission_files.SECRET, MOST_BYTES
        )
        is not None
    ]
    for student in with_secret:
        (
            course.folder("feedback", student, assignment) / submission_files.TIMESTAMP
        ).touch()  # nbgrader opens it
        directory = coursedir.CourseDirectory(config=config, root=str(course.root), log=log)
        directory.assignment_id, directory.student_id = assignment, student
        try:
            exchange.ExchangeFactory(config=config).ReleaseFeedback(
                coursedir=directory, authenticator=auth.Authenticator(config=config), config=config, log=log
            ).start()
        except (exchange.ExchangeError, OSError) as error:
            raise UsageError(f"the exchange refuses: {error}") from error
    return with_secret, [student for student in students if student not in with_secret]


def pack(
    whole: WholeClass,
    written: Iterable[Written],
    packing: str,
    sent: Mapping[str, matching.Files],
    kept: matching.Matches,
    out: Path,
) -> tuple[int, list[str]]:
    """Write a zip of the pages for a learning system, or with a folder per student; a group's page goes to its members,
    and where the system has the group itself, under its name.

    Returns:
        How many pages are in it, and the students of that system whose pages are not.

    Raises:
        OSError: it cannot be written.
    """
    system = people_table.SYSTEMS.get(packing, {"name": "", "pages": {}})
    together = whole.together.keys() & sent.keys() if packing in people_table.SYSTEMS else set()
    pages = [
        (one.student, one.path)
        for one in written
        if one.student not in whole.together or one.student in together
    ]
    senders = {who: f"{name}_{number}" for (of, number, name), who in kept.items() if of == system["name"]}
    count, left_out = write_zip(out, packing, whole.key.assignment, pages, sent, senders)
    if system["pages"].get("one_for_group"):
        together = {whole.submitter(who) for who, _ in pages if who not in left_out}
    return count, [
        who
        for who in left_out
        if whole.submitter(who) not in together and whole.person(who).is_of(system["name"])
    ]


def write_zip(
    out: Path,
    packing: str,
    assignment: str,
    pages: Iterable[tuple[str, Path]],
    sent: Mapping[str, matching.Files],
    senders: Mapping[str, str],
) -> tuple[int, list[str]]:
    """Write a zip that a learning system hands back, each page named as the submission was in its download, by whose
    numbers the system finds the student.

    Args:
        packing: a system, or any other word for STUDENT/ASSIGNMENT/NOTEBOOK.html.
        pages: each with its student.
        sent: as `read_sent` has it.
        senders: the system's names for students, as "Ada Byron_2300".

    Returns:
        How many pages are in it, and the students whose pages are not.

    Raises:
        OSError: it cannot be written.
    """

    def name_of(student: str, page: Path) -> str:
        """A page's name in the zip; empty where the system's is not known."""
        if (system := people_table.SYSTEMS.get(packing)) is None:
            return f"{student}/{assignment}/{page.name}"
        if (notebooks := sent.get(student)) is None:
            unsent = system["pages"].get("unsent", "") if student in senders else ""
            return unsent.format(sender=senders.get(student), file=page.name)
        for path, notebook in notebooks.items():
            if notebook == f"{page.stem}.ipynb" and download.said_by(path).system == system["name"]:
                name = str(PurePosixPath(path).with_suffix(".html"))
                return name if name.isprintable() else ""  # a zip takes no other
        return ""

    names = [(student, page, name_of(student, page)) for student, page in pages]
    # A submission that was given to two students, one after the other: neither may get the other's page.
    uses = Counter(name for *_, name in names)
    packed = {name: page.read_bytes() for _, page, name in names if name and uses[name] == 1}
    put(out, zip_bytes(packed), 0o600)
    return len(packed), sorted({student for student, _, name in names if name not in packed})
