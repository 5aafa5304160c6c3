"""What people confuse stands once: whoever adds a line to the list adds it to formulas, code and numbers."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

TESTS = Path(__file__).parents[1]
A_NEW_SLIP = "square | D | D / (1 + D) | a share of | a share of {} | {D} / (1 + {D}) instead of {D}\n"
ANSWERS = """
import linecache
from student_answers import rule
from student_places import where
from verdicts.judging import run

def defined(line):
    code = f"def weight_sum(beta, t):\\n    return {line}\\n"
    linecache.cache["<ipython-input-1>"] = len(code), None, code.splitlines(keepends=True), "<ipython-input-1>"
    exec(compile(code, "<ipython-input-1>", "exec"), names := {"__name__": "__main__"})
    return names["weight_sum"]

def update(self, params, grads):
    for k, g in grads.items():
        self.v[k] = (self.momentum / (1 + self.momentum)) * self.v.get(k, 0.0) - self.lr * g
        params[k] += self.v[k]

print(run("momentum/update", rule(update)).cause)
print(run("adam/weight-sum", defined("1 - (beta / (1 + beta))**t")).cause)
print(run("adam/weight-sum", defined("(1 - beta**t) / (2 - beta**t)")).cause)
print(where("adam/weight-sum", defined("1 - (beta / (1 + beta))**t"), {}).sentence)
"""


@pytest.fixture
def said(tmp_path):
    """What four answers get from an engine whose list has one line more."""

    def lines(more):
        copytree(TESTS.parent / "src", tmp_path / "src", dirs_exist_ok=True)
        with (tmp_path / "src/verdicts/diagnosis/slips.txt").open("a") as file:
            file.write(more)
        paths = os.pathsep.join(map(str, (tmp_path / "src", TESTS)))
        done = subprocess.run(
            [sys.executable, "-c", ANSWERS],
            env={**os.environ, "PYTHONPATH": paths},
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.splitlines()

    return lines


def test_a_slip_that_is_added_is_known_in_formulas_in_numbers_and_in_code(said):
    before, after = said(""), said(A_NEW_SLIP)
    words = "instead of μ", "a share of `beta` instead of", "a share of", "the square or the root"
    for told, old, new in zip(words, before, after, strict=True):
        assert (told in old, told in new) == (False, True), (old, new)
