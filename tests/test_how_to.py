"""The how-to pages, followed literally in a copy of the code."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

BLOCK = re.compile(r"`([\w/.]+\.py)`\n\n```python\n(.*?)```", re.DOTALL)


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def follow(page: str, copy: Path) -> None:
    """Write each block of code under the file's name above it; below what the file holds already."""
    blocks = BLOCK.findall((ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert blocks
    for name, code in blocks:
        file = copy / name
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.read_text(encoding="utf-8").rstrip() + "\n\n\n" if file.exists() else ""
        file.write_text(before + code, encoding="utf-8")


def run(code: str, copy: Path) -> None:
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env={"PYTHONPATH": str(copy / "src")}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_an_exercise_added_as_the_page_says_works(copy):
    follow("add-an-exercise.md", copy)
    run(
        """
from descentlab.checks import run
from descentlab.exercises.catalogue import mistake
from descentlab.rules import SGD, AdamW

assert run("decay/update", AdamW).passed
wrong = run("decay/update", type("Adam", (AdamW,), {"__init__": lambda self, weight_decay, **rest:
                                                     AdamW.__init__(self, weight_decay=0, **rest)}))
assert not wrong.passed and wrong.mistake, wrong
assert run("decay/silence", lambda lr, w, theta, n: theta * (1 - lr * w) ** n, 3).passed
once = mistake("decay/silence-once")
verdict = run("decay/silence", once.make())
assert (verdict.mistake, round(verdict.fraction, 2)) == (once.id, 0.33), verdict
""",
        copy,
    )


def test_the_line_for_the_sandbox_on_the_page_has_the_form_of_the_others():
    page = (ROOT / "docs/add-an-exercise.md").read_text(encoding="utf-8")
    (line,) = re.findall(r'^    "exercises/decay": .*$', page, re.MULTILINE)
    staging = (ROOT / "autograde/sandbox/staging.py").read_text(encoding="utf-8")
    assert line.replace("decay", "sgd") in staging.splitlines()


def test_a_mistake_added_as_the_page_says_is_recognised(copy):
    follow("add-a-mistake.md", copy)
    run(
        """
from descentlab.checks import run
from descentlab.exercises.catalogue import mistake

for id, check in (("sgd/three-halves", "sgd/update"), ("sgd/best-a-third", "sgd/best-lr")):
    for seed in (0, 7):
        verdict = run(check, mistake(id).make(), seed)
        assert not verdict.passed and verdict.mistake == id, verdict
""",
        copy,
    )
