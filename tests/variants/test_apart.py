"""The core reaches the variants by two lines, and does without them where their package is not there."""

import json
import shutil
import subprocess
import sys

import pytest
from support import ROOT

JUDGED = """
import json, sys
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

class EpsHat(Adam):
    def update(self, params, grads):
        eps, c2 = self.eps, 1 - self.beta2 ** (self.t + 1)
        self.eps = eps / np.sqrt(c2)
        super().update(params, grads)
        self.eps = eps

for answer in (LooksAhead, EpsHat):
    verdict = run("adam/update", answer)
    print(json.dumps([verdict.passed, verdict.mistake, verdict.cause, verdict.notes]))
print(json.dumps("descentlab_variants" in sys.modules))
"""


def judged(src, without=""):
    """Two verdicts by the packages in `src`, and whether the variants were imported for them."""
    words = [sys.executable, "-c", JUDGED, str(without)]
    done = subprocess.run(words, env={"PYTHONPATH": str(src)}, cwd=src, capture_output=True, text=True)
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("code", ["import descentlab.rules", "import descentlab.checks.judging"])
def test_the_variants_are_imported_on_call_alone(code):
    code += "; import sys; sys.exit(any(name.startswith('descentlab_variants') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_without_the_package_a_verdict_names_no_variant_and_says_all_else(tmp_path):
    *with_it, there = judged(ROOT / "src")
    shutil.copytree(ROOT / "src/descentlab", tmp_path / "descentlab")
    *without, not_there = judged(tmp_path, without=ROOT / "src")
    assert (there, not_there) == (True, False)
    (_, named, _, notes), (_, mistake, both, _) = with_it
    assert named == "convention/adam-nadam"
    assert "variant" in both
    (passed, other, _, other_notes), (_, same_mistake, one, _) = without
    assert not passed
    assert other != named
    assert other_notes == notes == []
    assert same_mistake == mistake == "adam/eps-hat"
    assert both.startswith(one)
    assert "variant" not in one
