"""The core reaches the variants by two lines, and does without them where their package is not there."""

import shutil
import subprocess
import sys

import pytest
from support import ROOT

JUDGED = """
import sys
sys.path = [place for place in sys.path if place != sys.argv[1]]
from descentlab.checks import run
from descentlab.rules import Adam
import numpy as np
from descentlab.rules.inputs import zero_at_first

class LooksAhead(Adam):
    def update(self, params, grads):
        zero_at_first(params, self.m, self.v)
        self.t += 1
        b1, b2 = self.beta1, self.beta2
        for k, g in grads.items():
            self.m[k] = b1 * self.m[k] + (1 - b1) * g
            self.v[k] = b2 * self.v[k] + (1 - b2) * g**2
            ahead = b1 * self.m[k] / (1 - b1 ** (self.t + 1)) + (1 - b1) * g / (1 - b1**self.t)
            params[k] -= self.lr * ahead / (np.sqrt(self.v[k] / (1 - b2**self.t)) + self.eps)

verdict = run("adam/update", LooksAhead)
print(verdict.passed, verdict.misconception, "descentlab_variants" in sys.modules)
"""


def judged(src, without=""):
    """A verdict's grade and name, and whether the variants were there, by the packages in `src`."""
    words = [sys.executable, "-c", JUDGED, str(without)]
    done = subprocess.run(words, env={"PYTHONPATH": str(src)}, cwd=src, capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize("code", ["import descentlab.rules", "import descentlab.checks.judging"])
def test_the_variants_are_imported_on_call_alone(code):
    code += "; import sys; sys.exit(any(name.startswith('descentlab_variants') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_with_the_package_the_variant_is_named_and_without_it_the_verdict_is_as_of_any_answer(tmp_path):
    assert judged(ROOT / "src")[:2] == ["False", "convention/adam-nadam"]
    shutil.copytree(ROOT / "src/descentlab", tmp_path / "descentlab")
    passed, named, there = judged(tmp_path, without=ROOT / "src")
    assert (passed, there) == ("False", "False")
    assert not named.startswith("convention/")
