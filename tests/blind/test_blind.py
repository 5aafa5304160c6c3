"""Wrong rules that the diagnosis was not written for."""

import pytest
from blind_collection import blind_set

from descentlab.checks import run

SET = blind_set()


def test_the_set_is_large_enough():
    assert sum(len(b.mistakes) == 1 for b in SET) >= 60
    assert sum(len(b.mistakes) == 2 for b in SET) >= 15


@pytest.mark.parametrize("blind", SET, ids=lambda b: b.name)
def test_a_wrong_rule_is_rejected(blind):
    for seed in (0, 1, 2):
        assert not run(blind.check, blind.answer, seed).passed
