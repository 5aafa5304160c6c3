"""The how-to page, followed literally in a copy of the code."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

BLOCK = re.compile(
    r"^`([\w/.]+)`\n\n(````?)(?:python|markdown|text|toml)\n(.*?)^\2$", re.DOTALL | re.MULTILINE
)


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


SECTIONS = re.split(
    r"^## (A rule|An exercise|A known mistake)\n",
    (ROOT / "docs/extending.md").read_text(encoding="utf-8"),
    flags=re.MULTILINE,
)
TEXT = dict(zip(SECTIONS[1::2], SECTIONS[2::2], strict=True))


def follow(section: str, copy: Path) -> None:
    """Write each block of code under the file's name above it; below what the file holds already."""
    blocks = BLOCK.findall(TEXT[section])
    assert blocks
    for name, _, code in blocks:
        file = copy / name
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.read_text(encoding="utf-8").rstrip() + "\n\n\n" if file.exists() else ""
        file.write_text(before + code, encoding="utf-8")


def run(code: str, copy: Path) -> None:
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, env={"PYTHONPATH": f"{copy / 'src'}:{ROOT / 'tests'}"}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_an_exercise_added_as_the_page_says_works(copy):
    follow("An exercise", copy)
    run(
        """
from verdicts.judging import run
from support import mistake
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
    run(
        """
from pathlib import Path
import descentlab
from autograde.sandbox.staging import allowed_files, box_files

files = allowed_files(Path(descentlab.__path__[0]), box_files(["decay/update"])["descentlab"])
names = {file.as_posix() for file in files if "decay" in file.as_posix()}
assert names == {f"exercises/decay/{name}" for name in ("__init__.py", "checks.py", "criteria.txt")}, names
""",
        copy,
    )


def test_a_mistake_added_as_the_page_says_is_recognised(copy):
    follow("A known mistake", copy)
    run(
        """
from verdicts.judging import run
from support import mistake

for id, check in (
    ("sgd/three-halves", "sgd/update"),
    ("sgd/worst-of-the-mean", "sgd/worst-factor"),
    ("sgd/best-a-third", "sgd/best-lr"),
):
    for seed in (0, 7):
        verdict = run(check, mistake(id).make(), seed)
        assert not verdict.passed and verdict.mistake == id, verdict
""",
        copy,
    )


def test_a_rule_added_as_the_page_says_is_known_everywhere(copy):
    """The file and the row as they are on the page; then tests that the page names."""
    follow("A rule", copy)
    run(
        """
import numpy as np
from descentlab.registry import RULES
from descentlab.rules import Lion

# Algorithm 2 by hand: c = 0.05, then 0.9 · 0.005 + 0.1 · (−1) < 0.
params, rule = {"w": np.array([1.0])}, Lion(lr=0.1, beta1=0.9, beta2=0.99, weight_decay=0.5)
for gradient, expected in ((0.5, 1 - 0.1 * (1 + 0.5)), (-1.0, 0.85 - 0.1 * (-1 + 0.5 * 0.85))):
    rule.update(params, {"w": np.array([gradient])})
    assert np.allclose(params["w"], expected, rtol=1e-12), params
assert list(RULES)[-1] == "Lion"
""",
        copy,
    )
    for name in ("tests", "docs", "solutions"):
        ignored = shutil.ignore_patterns("__pycache__", "*.ipynb")
        shutil.copytree(ROOT / name, copy / name, ignore=ignored)
    tests = ["tests/rules/test_rule_properties.py", "tests/rules/test_formulas.py", "tests/test_registry.py"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-k", "Lion", *tests],
        cwd=copy, env={"PYTHONPATH": f"{copy / 'src'}:{ROOT / 'tests'}"}, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 10
