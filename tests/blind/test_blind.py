"""Wrong rules that the diagnosis was not written for: all rejected, nearly all explained, nothing false said.

`judged.json` has what the diagnosis says of each, read by a person and found to be true of its code. A
sentence that changes is to be read again: does it still say what the code does? "missed" holds, with the
reason, answers that are rejected without a true sentence.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from blind_collection import blind_set

from descentlab.checks import record, run
from descentlab.checks.recording import evidence_bytes
from descentlab.checks.recording.probes import rule_probes
from descentlab.exercises import find

SET = blind_set()
JUDGED = json.loads(Path(__file__).with_name("judged.json").read_text(encoding="utf-8"))
MISSED, SAID = JUDGED["missed"], JUDGED["said"]


def test_the_set_is_large_enough():
    assert sum(len(b.mistakes) == 1 for b in SET) >= 60
    assert sum(len(b.mistakes) == 2 for b in SET) >= 15


@pytest.mark.parametrize("blind", SET, ids=lambda b: b.name)
def test_a_wrong_rule_is_rejected_with_a_sentence_that_is_true_of_its_code(blind):
    verdicts = [run(blind.check, blind.answer, seed) for seed in (0, 1, 2)]
    assert not any(verdict.passed for verdict in verdicts)
    if blind.name in MISSED:
        pytest.xfail(MISSED[blind.name])
    assert verdicts[0].cause == SAID[blind.name]
    assert verdicts[0].hint
    assert len({verdict.mistake for verdict in verdicts}) == 1


@pytest.mark.parametrize(("mistakes", "share"), [(1, 0.95), (2, 0.7)])
def test_enough_of_them_are_explained(mistakes, share):
    names = [b.name for b in SET if len(b.mistakes) == mistakes and not b.later]
    assert sum(name in SAID and name not in MISSED for name in names) >= share * len(names)


@pytest.mark.parametrize("blind", SET, ids=lambda b: b.name)
def test_what_is_marked_wrong_is_wrong(blind):
    """A formula that is wrong says nothing of ε, of key order, of memory or of the gradients' owner."""
    runs = {run["probe"]: run for run in evidence_bytes.unpack(record(blind.check, blind.answer, 0))["runs"]}
    verdict = run(blind.check, blind.answer, 0)
    wrong = {result.name for result in verdict.criteria if result.wrong}
    assert wrong
    if {"where ε stands", "any key order, its own memory for each optimizer"} & wrong:
        steps = ("the step", "the first step", "every step")
        assert all(result.passed for result in verdict.criteria if result.name.startswith(steps))
    if "gradients left as they were" in wrong:
        assert any(
            not np.array_equal(call["grads"].get(key), gradient)
            for call, gradients in zip(
                evidence_bytes.calls_of(runs["main"]), main_gradients(blind.check), strict=False
            )
            for key, gradient in gradients.items()
        )


def main_gradients(name):
    """The gradients of each call of the first probe."""
    return rule_probes(find(name), 0)[0].gradients
