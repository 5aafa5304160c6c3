"""Where no thread can be started, as in a browser, checks say the same and a loop without end is stopped."""

import _thread
import ast
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest
from support import CATALOGUE

import descentlab.rules
from verdicts.judging import run

SOURCE = Path(descentlab.__file__).parent
ENGINE = SOURCE.with_name("verdicts")
FIRST_MISTAKE = {entry.check: entry for entry in reversed(CATALOGUE.all_mistakes) if not entry.edits}
NO_BROWSER_HAS = {"asyncio", "concurrent", "multiprocessing", "resource", "socket", "subprocess"}
NO_BROWSER_HAS |= {"_thread", "threading"}

NO_THREADS = """
import _thread, sys, time
from types import ModuleType

def refuse(*_):
    raise RuntimeError("can't start new thread")

_thread.start_new_thread = refuse
sys.path.insert(0, sys.argv[1])
for package in ("verdicts", "verdicts.recording"):  # without NumPy
    sys.modules[package] = ModuleType(package)
    sys.modules[package].__path__ = [sys.argv[1] + "/" + package.replace(".", "/")]
from verdicts.recording.time_limit import TimeLimitError, time_limit

def loop():
    while True:
        pass

def swallows_exceptions():
    while True:
        try:
            len(())
        except Exception:
            pass

def calls_itself(n=60):
    return 1 if n < 2 else calls_itself(n - 1) + calls_itself(n - 2)

def generates():
    sum(x for x in iter(int, 1))

for endless in (loop, swallows_exceptions, calls_itself, generates):
    try:
        with time_limit(0.2):
            endless()
    except TimeLimitError as stopped:
        print(endless.__name__, stopped)
    print(*map(sys.monitoring.get_tool, range(6)))
with time_limit(60):
    print(sum(range(10)))
with time_limit(60), time_limit(60), time_limit(60):
    print("three, one in another")
"""


@pytest.mark.parametrize("check", FIRST_MISTAKE)
def test_a_wrong_answer_gets_the_same_verdict(check, monkeypatch):
    answer = FIRST_MISTAKE[check].make
    expected = replace(run(check, answer()), picture=None)  # arrays do not compare to one truth
    refuse = Mock(side_effect=RuntimeError("can't start new thread"))
    monkeypatch.setattr(_thread, "start_new_thread", refuse)
    assert replace(run(check, answer()), picture=None) == expected
    assert not expected.passed


def newer_python():
    """A Python that has `sys.monitoring`: this one, or another of the machine."""
    if sys.version_info >= (3, 12):
        return sys.executable
    names = [f"python3.{minor}" for minor in range(12, 16)]
    installed = Path.home() / ".pyenv/versions"
    candidates = [path for name in names for path in (shutil.which(name), *installed.glob(f"*/bin/{name}"))]
    for path in filter(None, candidates):
        asked = subprocess.run([path, "-c", "import sys; sys.monitoring"], capture_output=True)
        if asked.returncode == 0:
            return path
    return None


def test_code_without_end_is_stopped_once_and_nothing_stays_switched_on():
    python = newer_python()
    if python is None:
        pytest.skip("not run: no Python 3.12 or newer: install one beside this")
    program = subprocess.run(
        [python, "-c", NO_THREADS, str(SOURCE.parent)], capture_output=True, text=True, timeout=120
    )
    stopped = "stopped after 0.2 seconds of computing\nNone None None None None None\n"
    names = ("loop", "swallows_exceptions", "calls_itself", "generates")
    assert program.stdout == "".join(f"{name} {stopped}" for name in names) + "45\nthree, one in another\n"
    assert program.stderr == ""


def imported(path):
    """The first parts of the names that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def test_what_students_import_starts_no_process_opens_no_socket_and_has_threads_for_the_time_limit_alone():
    """But for the search for a place in the code where a child can be forked, which limits itself and has its own thread."""
    files = [*SOURCE.rglob("*.py"), *ENGINE.rglob("*.py")]
    used = {path.name: found for path in files if (found := NO_BROWSER_HAS & set(imported(path)))}
    assert used == {
        "beside.py": {"threading"},
        "child.py": {"resource"},
        "time_limit.py": {"_thread", "threading"},
    }
