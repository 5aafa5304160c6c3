"""nbgrader as this project uses it: its settings, and all that is changed in it, each with its reason.

    configure(…)     a course's nbgrader_config.py calls it, for `autograde`, `nbgrader` and formgrader
    load_lightly()   in a process that one of our commands has started
    sharing(one)     while such a command makes a release or saves grades

Importing this file changes nothing. nbgrader is imported inside these functions, as it is large and many commands
do without it. The grader's classes are named, not imported: Jupyter's server reads this in a student's environment,
too, which lacks what they need.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, tzinfo
from functools import wraps
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from traitlets.config import Config

from autograde.untrusted.timestamp import OddTimestampError, named_zone, read_timestamp

TEMPLATE = Path(__file__).with_name("nbgrader_config.py.txt")
"""What a course's folder holds as nbgrader_config.py."""
EVIDENCE_FOLDER = ".autograde"  # the folder of evidence beside an autograded notebook
LATE_PENALTY = "autograde.people.late.LatePenalty"
RUBRIC = "autograde.pages.rubric.ShowRubric"
CLEAN = "autograde.pages.clean"


# ---------------------------------------------------------------------------------------- in our commands

# What nbgrader imports and no command uses: half of the time in which a command starts. Placeholders stand
# for these modules while nbgrader is imported. Afterwards whoever imports one gets it, and a function that
# was taken from a placeholder calls the real one.
NOT_USED = (
    *(
        f"nbgrader.server_extensions.{name}"
        for name in ("assignment_list", "course_list", "validate_assignment", "formgrader")
    ),
    "setuptools.archive_util",
    "nbconvert.filters.markdown_mistune",
    "bs4",
    "requests",  # to ask JupyterHub who is in a course
)
# jsonschema builds large grammars with these, for formats of text that no notebook's schema has.
FORMATS = ("isoduration", "rfc3986_validator", "rfc3987_syntax")
# nbgrader's modules that open a gradebook while a release is made or a submission is saved.
OPEN_A_GRADEBOOK = (
    "nbgrader.converters.generate_assignment",
    *(
        f"nbgrader.preprocessors.{name}"
        for name in (
            *("getgrades", "latesubmissions", "overwritecells", "overwritekernelspec"),
            *("saveautogrades", "savecells"),
        )
    ),
)


class _Placeholder(ModuleType):
    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("__"):
            raise AttributeError(name)

        def call(*words: Any, **options: Any) -> Any:
            return getattr(import_module(self.__name__), name)(*words, **options)

        return call


def load_lightly() -> None:
    """Import nbgrader without what no command uses, where it is installed and was not imported yet."""
    if "nbgrader" in sys.modules:
        return
    for name in FORMATS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    placed = {name: _Placeholder(name) for name in NOT_USED if name not in sys.modules}
    sys.modules.update(placed)
    try:
        with suppress(ModuleNotFoundError):
            import_module("nbgrader.utils")
            import_module("nbgrader.auth")
            import_module("nbconvert")  # as nbgrader does, here without what makes pages
    finally:
        for name in placed:
            del sys.modules[name]


@contextmanager
def sharing(gradebook: Any) -> Iterator[None]:
    """While inside, nbgrader's steps that open a gradebook get this one.

    Each opens one of its own and commits after every row: a submission could be saved by half.
    """
    modules: list[Any] = [import_module(name) for name in OPEN_A_GRADEBOOK]
    opens = modules[0].Gradebook
    try:
        for module in modules:
            module.Gradebook = lambda *_, **__: gradebook
        yield
    finally:
        for module in modules:
            module.Gradebook = opens


# ---------------------------------------------------------------------------- with a course's configuration

AUTOGRADE = "autograde.commands.grading"
OURS = "SandboxedAutograde"  # the section of a configuration that asks for it
COLLECT = "autograde.people.exchange.OwnedCollect"


def configure(config: Config, root: Path) -> None:
    """Folders, releases, grading in the sandbox and sanitised pages, for the course at `root`."""
    from nbgrader.apps import api

    from autograde.course.assignments import SOURCE, settings

    config.merge(settings(root / SOURCE))
    config.CourseDirectory.ignore = [*config.CourseDirectory.ignore, EVIDENCE_FOLDER]
    config[OURS].enabled = True
    clean_students_pages(config)
    config.ShowRubric.enabled = True
    config.ShowRubric.source = str(root / SOURCE)
    config.AssignLatePenalties.plugin_class = LATE_PENALTY
    _read_timestamps(config)
    check_owners()
    if not hasattr(api, "is_configured"):
        _grade_with_ours()
        _ask_less()
        api.is_configured = True


def clean_students_pages(config: Config) -> None:
    """Let every HTML exporter of nbgrader (formgrader, generate_feedback) clean what students made."""
    config.CleanOutputs.enabled = True
    config.HTMLExporter.preprocessors = [RUBRIC, f"{CLEAN}.CleanOutputs"]
    config.HTMLExporter.filters = {
        "markdown2html": f"{CLEAN}.clean_markdown",
        "highlight_code": f"{CLEAN}.clean_code",
    }


def exchange_zone(config: Config) -> tzinfo:
    """The zone in which nbgrader's exchange writes its times, `c.Exchange.timezone`."""
    return named_zone(str(config.get("Exchange", {}).get("timezone", "UTC"))) or UTC


def _grade_with_ours() -> None:
    """`nbgrader autograde` and formgrader's button run our pipeline; the button shows results, not a log."""
    from nbgrader.apps import api
    from nbgrader.converters import Autograde

    stock, stock_start = api.capture_log, Autograde.start

    def start(converter: Any) -> None:
        if not converter.config.get(OURS, {}).get("enabled"):  # another course of this process
            stock_start(converter)
            return
        converter.result_lines = import_module(AUTOGRADE).grade_for_nbgrader(converter)
        converter.log.info("%s", "\n".join(converter.result_lines))

    def captured(app: Any, *args: Any, **options: Any) -> dict[str, Any]:
        shown = stock(app, *args, **options)
        if hasattr(app, "result_lines"):
            shown["log"] = "\n".join(app.result_lines)
        return shown

    Autograde.start, api.capture_log = start, captured


def _read_timestamps(config: Config) -> None:
    """nbgrader's own reader opens any path that a submission's timestamp.txt names. An odd time is none."""
    from nbgrader import coursedir
    from nbgrader.apps import api

    def read(text: str) -> datetime | None:
        with suppress(OddTimestampError):
            return read_timestamp(text.encode("utf-8", "replace"), exchange_zone(config))
        return None

    coursedir.parse_utc = api.parse_utc = read


def check_owners() -> None:
    """nbgrader takes from its folder exchange what belongs to the student whose name it has.

    It only warns of what belongs to somebody else. A default is replaced, so that a course or a hub that is
    configured for another exchange keeps it.
    """
    from nbgrader.exchange import ExchangeFactory

    ExchangeFactory.collect.default_value = COLLECT


def _ask_less() -> None:
    """Make formgrader's pages of a large class fast; the answers are the same.

    The page of one student asks for each assignment who of the class has handed in and is graded, and for
    all scores of everybody: here only of that student. Every list of a notebook's submissions, and every step
    from one to the next, asks for each student with two queries: here all of them come with one before. Lists
    of scores add up all assignments of the course, several times, and take one of them: here nbgrader's own
    queries see that assignment's rows alone.
    """
    from nbgrader.api import Gradebook
    from nbgrader.apps.api import NbGraderAPI

    all_submissions, existing = NbGraderAPI.get_student_submissions, NbGraderAPI._filter_existing_notebooks

    def get_student_submissions(api: Any, student_id: str) -> list[dict[str, Any]]:
        return all_submissions(_OfOneStudent(api, student_id), student_id)

    def filter_existing_notebooks(api: Any, assignment_id: str, notebooks: list[Any]) -> list[Any]:
        submissions = _load_students(notebooks)
        filtered = existing(api, assignment_id, notebooks)
        del submissions  # a session keeps what somebody holds
        return filtered

    NbGraderAPI.get_student_submissions = get_student_submissions
    NbGraderAPI._filter_existing_notebooks = filter_existing_notebooks
    Gradebook.submission_dicts = _narrowed(Gradebook.submission_dicts, _of_assignment)
    Gradebook.notebook_submission_dicts = _narrowed(Gradebook.notebook_submission_dicts, _of_notebook)


class _OfOneStudent:
    """An `NbGraderAPI` for which the class is one student."""

    def __init__(self, api: Any, student_id: str) -> None:
        self._api, self._student = api, student_id

    def __getattr__(self, name: str) -> Any:
        return getattr(self._api, name)

    def get_submission(self, assignment_id: str, student_id: str) -> dict[str, Any] | None:
        return type(self._api).get_submission(self, assignment_id, student_id)

    def get_students(self) -> list[dict[str, Any]]:
        from nbgrader.api import MissingEntry

        with self.gradebook as gradebook:
            try:
                student = gradebook.find_student(self._student)
            except MissingEntry:
                return []
            names = {"last_name": student.last_name, "first_name": student.first_name}
        return [{"id": self._student, **names}]

    def get_submitted_students(self, assignment_id: str) -> set[str]:
        return self._if_there(self.coursedir.submitted_directory, assignment_id)

    def get_autograded_students(self, assignment_id: str) -> set[str]:
        from nbgrader.api import MissingEntry

        with self.gradebook as gradebook:
            try:
                graded = gradebook.find_submission(assignment_id, self._student).timestamp
            except MissingEntry:
                return set()
        if self.get_submitted_timestamp(assignment_id, self._student) != graded:
            return set()  # handed in anew
        return self._if_there(self.coursedir.autograded_directory, assignment_id)

    def _if_there(self, directory: str, assignment_id: str) -> set[str]:
        folder = self.coursedir.format_path(directory, self._student, assignment_id)
        return {self._student} if os.path.isdir(folder) else set()


class _NarrowGradebook:
    """A gradebook whose queries see only some rows of what they select from; also its own session."""

    def __init__(self, gradebook: Any, rows: Any) -> None:
        self.db, self._session, self._rows = self, gradebook.db(), rows

    def query(self, *columns: Any) -> Any:
        from sqlalchemy.orm import Query

        class Narrow(Query):
            rows: Any

            def select_from(self, *tables: Any) -> Query:
                return super().select_from(*tables).filter(self.rows)

        made = Narrow(columns, self._session)
        made.rows = self._rows
        return made


def _narrowed(dicts: Callable[..., list[dict]], rows_of: Callable[..., Any]) -> Callable[..., list[dict]]:
    """nbgrader's method, on the rows of what it is asked for."""

    @wraps(dicts)
    def narrowed(gradebook: Any, *names: str) -> list[dict]:
        return dicts(_NarrowGradebook(gradebook, rows_of(gradebook, *names)), *names)

    return narrowed


def _of_assignment(gradebook: Any, assignment: str) -> Any:
    from nbgrader.api import Assignment, SubmittedAssignment
    from sqlalchemy import select

    ids = select(Assignment.id).where(Assignment.name == assignment)
    return SubmittedAssignment.assignment_id.in_(gradebook.db.scalars(ids).all())


def _of_notebook(gradebook: Any, notebook: str, assignment: str) -> Any:
    from nbgrader.api import Assignment, Notebook, SubmittedNotebook
    from sqlalchemy import select

    ids = select(Notebook.id).join(Assignment, Assignment.id == Notebook.assignment_id)
    ids = ids.where(Notebook.name == notebook, Assignment.name == assignment)
    return SubmittedNotebook.notebook_id.in_(gradebook.db.scalars(ids).all())


def _load_students(notebooks: Iterable[Any]) -> list[Any]:
    """Whose notebooks they are, so that nothing is asked when each says it."""
    from nbgrader.api import SubmittedAssignment
    from sqlalchemy import select
    from sqlalchemy.orm import joinedload, object_session

    asked = list(notebooks)
    query = (
        select(SubmittedAssignment)
        .where(SubmittedAssignment.id.in_([notebook.assignment_id for notebook in asked]))
        .options(joinedload(SubmittedAssignment.student))
    )
    return list(object_session(asked[0]).scalars(query).unique()) if asked else []
