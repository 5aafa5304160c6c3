"""The reference runs on all probes of equal constants at once; nothing else may come of it."""

import numpy as np
import pytest

import descentlab.rules
from descentlab.checks.comparing.reference import probes_of, reference_runs
from descentlab.checks.recording.run_student import run_own_rule
from descentlab.checks.spec import RuleCheck
from descentlab.exercises import all_checks

RULES = [check for check in all_checks().values() if isinstance(check, RuleCheck)]


@pytest.mark.parametrize("check", RULES, ids=lambda check: check.name)
@pytest.mark.parametrize("seed", [0, 7, 2**63 - 1])
def test_a_reference_gives_the_same_bits_probe_by_probe(check, seed):
    probes, found = probes_of(check.name, seed), reference_runs(check.name, seed)
    done = run_own_rule(getattr(descentlab.rules, check.rule), probes)
    assert [run["probe"] for run in done] == list(found)
    for run in done:
        mine = found[run["probe"]]
        assert len(mine["calls"]) == len(run["calls"])
        for number, (one, other) in enumerate(zip(mine["calls"], run["calls"], strict=True)):
            for name in ("params", "grads"):
                assert one[name].keys() == other[name].keys()
                for key, array in other[name].items():
                    assert one[name][key].shape == array.shape
                    assert np.array_equal(one[name][key], array)
            for key, path in mine["path"].items():
                assert np.array_equal(path[number], one["params"][key])
