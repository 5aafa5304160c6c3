"""What a test may need from the machine, and the table of what was not run.

`@pytest.mark.needs("bubblewrap")` runs a test where the machine has it. Elsewhere the test is skipped and the
table at the end says why and which line to type. With REQUIRE_ALL=1, as in CI, every skip that is not in
`MAY_BE_SKIPPED` is a failure.
"""

import gc
import os
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import typer.testing
from roles import installed
from support import ROOT

from autograde.course.configuration import leave_out_formats

if TYPE_CHECKING:
    from course_folder import CourseFolder

# A command line is made once, not at each call of a command.
typer.testing._get_command = cache(typer.testing._get_command)
leave_out_formats()  # as each command does: most of what it takes to import nbformat
gc.set_threshold(100_000)  # looking for garbage takes a tenth of the tests' time
# Others compute, too: a class is graded in one box, unless a test asks for more.
if "PYTEST_XDIST_WORKER" in os.environ:
    os.sched_getaffinity = lambda process: {0}
REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"
# Words of a skip's reason, and why it is no failure with REQUIRE_ALL=1.
MAY_BE_SKIPPED = {
    "no Pyodide packages at": "Matplotlib for Pyodide is in no registry",
    "no Python 3.12 or newer: install": "a second Python, which not every system has",
}
# Folders whose tests run in `make test-all` only, as do the tests marked `slow`.
SLOW = ("tests/browser/", "tests/roles/", "tests/selftest/")
# What guards against other projects' changes and not against ours: `make upstream`, when the lock has changed.
UPSTREAM = (
    "tests/grading/test_nbgrader_autograde.py",
    "tests/sandbox/test_outputs_equal_nbclient.py",
)


@dataclass(frozen=True)
class Need:
    """Something of the machine: how it is tried, and the line that gets it."""

    present: Callable[[], bool]
    reason: str
    line: str


def _bubblewrap_works() -> bool:
    if not shutil.which("bwrap"):
        return False
    tried = subprocess.run(["bwrap", "--unshare-all", "--ro-bind", "/", "/", "true"], capture_output=True)
    return tried.returncode == 0


NEEDS = {
    "bubblewrap": Need(_bubblewrap_works, "no working bubblewrap sandbox", "sudo apt-get install bubblewrap"),
    "chromium": Need(
        lambda: any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
        "no Chromium for the browser tests",
        "sudo apt-get install chromium",
    ),
    "postgresql": Need(
        lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or bool(shutil.which("initdb")),
        "no PostgreSQL server to start",
        "sudo apt-get install postgresql",
    ),
    "sqlite3": Need(lambda: bool(shutil.which("sqlite3")), "no sqlite3", "sudo apt-get install sqlite3"),
    "root": Need(installed.is_root, "only root can give files to another user", "sudo make test"),
    "python": Need(
        lambda: installed.python() is not None,
        "no Python 3.11 or newer, with venv, that an ordinary user can start",
        "sudo apt-get install python3-venv",
    ),
    "packages": Need(
        installed.packages_can_be_installed, "pip gets no packages", "connect this machine to a package index"
    ),
}


class ShowFailures:
    """Prints each failure when it happens, not after the last test."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._show(report, report.when)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._show(report, "collection")

    def _show(self, report: pytest.TestReport | pytest.CollectReport, when: str) -> None:
        if report.failed:
            terminal = self._config.pluginmanager.get_plugin("terminalreporter")
            terminal.ensure_newline()
            terminal.write_sep("_", f"{report.nodeid} ({when})", red=True)
            report.toterminal(terminal._tw)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        self._config.option.tbstyle = "no"  # they have been printed; the short summary names them again


_interrupts: list[int] = []


def _interrupt(number: int, frame: object) -> None:
    _interrupts.append(number)
    raise KeyboardInterrupt


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """End at Ctrl-C even where the code under test takes it as meant for itself, as `grade` does."""
    if _interrupts:
        item.session.shouldstop = "interrupted"


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # once, before pytest-xdist's workers look for them
        _update_notebooks()
        config.pluginmanager.register(ShowFailures(config))
    # Started in the background (by a CI, say) the suite would ignore interrupts, and so would what it starts.
    signal.signal(signal.SIGINT, _interrupt)
    config.addinivalue_line("markers", "needs(name): something of the machine this test cannot do without")
    config.addinivalue_line("markers", "slow: runs in `make test-all`, and not in `make test`")
    config.addinivalue_line("markers", "upstream: guards against other projects' changes: `make upstream`")
    config.addinivalue_line("markers", "xdist_group(name): tests that share one worker")


@pytest.fixture
def score_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No mistake is looked for: that takes most of a wrong answer's time, and changes no score."""
    from descentlab.rule_diagnosis.rule_examiner import RuleExaminer
    from verdicts.judging.examiners import FunctionExaminer, ValueExaminer

    for examiner in (FunctionExaminer, RuleExaminer, ValueExaminer):
        monkeypatch.setattr(examiner, "explain", lambda *answer: None)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict]:
    """What is displayed, in order: data by their kinds."""
    found: list[dict] = []

    def display(data, **options):
        found.append(data)
        return SimpleNamespace(display_id=len(found) - 1)

    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr(
        "IPython.display.update_display", lambda data, display_id, **rest: found.__setitem__(display_id, data)
    )
    return found


@pytest.fixture
def new_kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A new kernel in a folder of its own: nothing was borrowed, nothing guessed."""
    from verdicts.notebook import borrowing, predictions

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(borrowing, "_loans", borrowing._Loans())
    monkeypatch.setattr(predictions, "_notes", predictions._Notes())


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the course; the current folder is a lesson's, as it is for its kernel."""
    (tmp_path / "01-sgd").mkdir()
    monkeypatch.chdir(tmp_path / "01-sgd")
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return tmp_path


@pytest.fixture
def add_course(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable]:
    """Adds a course that `load` returns, as if its package had been imported."""
    from verdicts import courses

    def add(name: str, load: Callable) -> None:
        monkeypatch.setattr(courses, "_loaders", {**courses._loaders, name: load})
        courses.courses.cache_clear()

    yield add
    monkeypatch.undo()
    courses.courses.cache_clear()


@pytest.fixture(scope="session")
def registered_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small course folder whose assignment is in its gradebook: made once, copied for each test."""
    from course_folder import CourseFolder

    folder = CourseFolder.make(tmp_path_factory.mktemp("registered") / "course")
    folder.register()
    return folder.root


@pytest.fixture
def course(registered_course: Path, tmp_path: Path) -> "CourseFolder":
    """A fresh course folder with one registered assignment and no submission."""
    from course_folder import CourseFolder

    shutil.copytree(registered_course, tmp_path / "course")
    return CourseFolder(tmp_path / "course")


@pytest.fixture(scope="session")
def prepared(registered_course: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable:
    """Gives the folder of a course as a function leaves it, which is called once."""
    from course_folder import CourseFolder

    @cache
    def prepared(prepare):
        folder = shutil.copytree(registered_course, tmp_path_factory.mktemp("prepared") / "course")
        prepare(CourseFolder(folder))
        return folder

    return prepared


@pytest.fixture
def after(prepared: Callable, course: "CourseFolder") -> Callable:
    """Makes of the course what a function leaves of it."""

    def after(prepare):
        shutil.rmtree(course.root)
        shutil.copytree(prepared(prepare), course.root)
        return course

    return after


@pytest.fixture
def graded(after: Callable) -> "CourseFolder":
    """The course with one right answer, graded; its answer in words waits for a person."""
    from course_folder import CourseFolder

    return after(CourseFolder.grade_one)


@pytest.fixture
def fresh_course(tmp_path: Path) -> "CourseFolder":
    """A course folder without a gradebook."""
    from course_folder import CourseFolder

    return CourseFolder.make(tmp_path / "course")


def _update_notebooks() -> None:
    """Generate the notebooks from the lessons' texts, if a text or the code that reads it is newer."""
    texts = [*(ROOT / "solutions").glob("*/*.md")]
    notebooks = [text.with_suffix(".ipynb") for text in texts]
    sources = [*texts, *(ROOT / "autograde/course").glob("texts.py")]
    newest = max(path.stat().st_mtime for path in sources)
    if all(path.exists() and path.stat().st_mtime > newest for path in notebooks):
        return
    from autograde.course.assignments import lesson_paths
    from autograde.release.lessons import update_notebook

    for text in lesson_paths(ROOT):
        update_notebook(text)
        text.with_suffix(".ipynb").touch()


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tried: dict[str, bool] = {}
    for item in items:
        _share_a_worker(item)
        if item.nodeid.startswith((*SLOW, *UPSTREAM)):
            item.add_marker("slow")
        if item.nodeid.startswith(UPSTREAM):
            item.add_marker("upstream")
        for mark in item.iter_markers("needs"):
            name = mark.args[0]
            need = NEEDS[name]
            if name not in tried:
                tried[name] = need.present()
            if tried[name]:
                continue
            item.add_marker(pytest.mark.skip(reason=f"not run: {need.reason}: {need.line}"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    report = (yield).get_result()
    if not (REQUIRE_ALL and report.skipped) or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2]
    if not any(words in reason for words in MAY_BE_SKIPPED):
        report.outcome, report.longrepr = "failed", f"skipped with REQUIRE_ALL=1: {reason}"


def _share_a_worker(item: pytest.Item) -> None:
    """Tests with a fixture of their module run on one worker, so that it is made once."""
    if not isinstance(item, pytest.Function) or item.get_closest_marker("xdist_group"):
        return
    found = item._fixtureinfo.name2fixturedefs.values()  # pytest has no public name for them
    if any(definitions[-1].scope == "module" for definitions in found):
        item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was not run, why, and what to type."""
    rows: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        why = why.removeprefix("Skipped: ").removeprefix("not run: ")
        rows[why] = rows.get(why, 0) + 1
    terminalreporter.section("not run")
    if not rows:
        terminalreporter.write_line("nothing: every test was run on this machine")
    for why, count in sorted(rows.items()):
        terminalreporter.write_line(f"{count:4d} test{'s' if count > 1 else ''}: {why}")
    _write_counts(terminalreporter)


def _write_counts(terminalreporter: pytest.TerminalReporter) -> None:
    """Add up what tests counted: `record_property("counts", {"kills at a boundary": 36})`."""
    counts: Counter = Counter()
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "counts" and report.when == "call":
                counts += Counter(value)
    if counts:
        terminalreporter.section("counted")
    for what, count in sorted(counts.items()):
        terminalreporter.write_line(f"{count:7d} {what}")
