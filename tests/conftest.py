"""What a test may need from the machine, and the table of what was not run.

`@pytest.mark.needs("bubblewrap")` runs a test where the machine has it. Elsewhere the test is skipped and the
table at the end says why and which line to type; with REQUIRE_ALL=1 it fails instead.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from roles import installed
from support import ROOT

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"


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
    "python": Need(
        lambda: installed.python() is not None,
        "no Python 3.11 or newer, with venv, that an ordinary user can start",
        "sudo apt-get install python3-venv",
    ),
    "packages": Need(
        installed.packages_can_be_installed, "pip gets no packages", "connect this machine to a package index"
    ),
}


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # once, before pytest-xdist's workers look for them
        from autograde.lessons.build import lesson_paths
        from autograde.lessons.current import update_notebook

        for text in lesson_paths(ROOT):
            update_notebook(text)
    # Started in the background (by a CI, say) the suite would ignore interrupts, and so would what it starts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.addinivalue_line("markers", "needs(name): something of the machine this test cannot do without")
    config.addinivalue_line("markers", "xdist_group(name): tests that share one worker")


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tried: dict[str, bool] = {}
    for item in items:
        _share_a_worker(item)
        for mark in item.iter_markers("needs"):
            name = mark.args[0]
            need = NEEDS[name]
            if name not in tried:
                tried[name] = need.present()
            if tried[name]:
                continue
            if REQUIRE_ALL:
                item.add_marker(pytest.mark.usefixtures("_missing"))
                item.user_properties.append(("missing", f"{need.reason}: {need.line}"))
            else:
                item.add_marker(pytest.mark.skip(reason=f"not run: {need.reason}: {need.line}"))


def _share_a_worker(item: pytest.Item) -> None:
    """Tests with a fixture of their module run on one worker, so that it is made once."""
    if not isinstance(item, pytest.Function) or item.get_closest_marker("xdist_group"):
        return
    found = item._fixtureinfo.name2fixturedefs.values()  # pytest has no public name for them
    if any(definitions[-1].scope == "module" for definitions in found):
        item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


@pytest.fixture
def _missing(request: pytest.FixtureRequest) -> None:
    pytest.fail(f"REQUIRE_ALL=1 and {dict(request.node.user_properties)['missing']}")


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
    """Add up what tests counted: `record_property("counts", {"golden steps compared": 36})`."""
    counts: Counter = Counter()
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "counts" and report.when == "call":
                counts += Counter(value)
    if counts:
        terminalreporter.section("counted")
    for what, count in sorted(counts.items()):
        terminalreporter.write_line(f"{count:7d} {what}")


@pytest.fixture
def judged_here(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The checks that the grader itself judges."""
    from autograde.grading import judge

    here, honest = [], judge._verdict_here

    def counted(notebook_run, right):
        here.append(right.check)
        return honest(notebook_run, right)

    monkeypatch.setattr(judge, "_verdict_here", counted)
    return here
