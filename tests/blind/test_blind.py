"""Wrong rules that the diagnosis was not written for: all rejected, nearly all explained, nothing false said.

`judged.json` has what the diagnosis says of each, read by a person and found to be true of its code. A
sentence that changes is to be read again: does it still say what the code does? "missed" holds, with the
reason, answers that are rejected without a true sentence.
"""

import json
from pathlib import Path

import pytest
from blind_collection import blind_set

from descentlab.checks import run

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
    assert len({verdict.misconception for verdict in verdicts}) == 1


@pytest.mark.parametrize(("mistakes", "share"), [(1, 0.95), (2, 0.7)])
def test_enough_of_them_are_explained(mistakes, share):
    names = [b.name for b in SET if len(b.mistakes) == mistakes and not b.later]
    assert sum(name in SAID and name not in MISSED for name in names) >= share * len(names)
