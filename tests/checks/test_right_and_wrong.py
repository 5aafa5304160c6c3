"""Right answers earn full points however they are written; wrong ones never do."""

import numpy as np
import pytest

import descentlab.rules
from descentlab.exercises import all_checks
from descentlab.rule_check.definition import RuleCheck, rule_criteria
from verdicts.judging import run
from verdicts.recorders import record
from verdicts.spec import FunctionCheck

RULE_CHECKS = {name: check for name, check in all_checks().items() if isinstance(check, RuleCheck)}
SEEDS = (0, 1, 2, 12345, 2**63 - 1)


@pytest.mark.parametrize("name", RULE_CHECKS)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_reference_earns_full_points(name, seed):
    verdict = run(name, getattr(descentlab.rules, RULE_CHECKS[name].rule), seed)
    assert verdict.passed
    assert verdict.fraction == 1
    assert verdict.cause == ""


@pytest.mark.usefixtures("score_alone")
@pytest.mark.parametrize("name", RULE_CHECKS)
@pytest.mark.parametrize(
    "other", ["SGD", "Momentum", "Nesterov", "AdaGrad", "RMSprop", "RMSpropGraves", "Adam"]
)
def test_another_rule_is_not_the_answer(name, other):
    if RULE_CHECKS[name].rule == other:
        return
    wrong = getattr(descentlab.rules, other)

    class Renamed(wrong):
        def __init__(self, **hyper):
            super().__init__(lr=hyper["lr"])

    for seed in SEEDS:
        assert run(name, Renamed, seed).fraction < 1


@pytest.mark.usefixtures("score_alone")
@pytest.mark.parametrize("name", RULE_CHECKS)
def test_a_constant_off_by_a_millionth_is_seen(name):
    class Off(getattr(descentlab.rules, RULE_CHECKS[name].rule)):
        def __init__(self, lr, **rest):
            super().__init__(lr=lr * (1 + 1e-6), **rest)

    assert run(name, Off).fraction < 1


def test_the_same_seed_gives_the_same_evidence_and_another_seed_other_evidence():
    adam = descentlab.rules.Adam
    assert record("adam/update", adam, 7) == record("adam/update", adam, 7)
    assert record("adam/update", adam, 7) != record("adam/update", adam, 8)


@pytest.mark.parametrize("has_eps", [False, True])
@pytest.mark.parametrize("remembers", [False, True])
def test_the_weights_of_a_rules_ideas_sum_to_five(has_eps, remembers):
    assert sum(criterion.weight for criterion in rule_criteria(has_eps, remembers)) == 5


FUNCTION_CHECKS = [name for name, check in all_checks().items() if isinstance(check, FunctionCheck)]
CONSTANTS = (
    0, 1, -1, 0.5, 2, 1e-9, np.nan, np.inf, -np.inf, True, False, None, "", "C", [], {}, 1j,
)  # fmt: skip


@pytest.mark.usefixtures("score_alone")
@pytest.mark.parametrize("name", FUNCTION_CHECKS)
def test_a_function_that_gives_a_constant_earns_nothing(name):
    for constant in CONSTANTS:
        assert run(name, lambda *given, constant=constant: constant).fraction == 0, constant


@pytest.mark.parametrize("name", all_checks())
def test_every_example_of_a_check_is_judged_by_a_criterion(name):
    check = all_checks()[name]
    judged = {probe for criterion in check.criteria for probe in criterion.probes}
    whole = any(not criterion.probes for criterion in check.criteria)
    assert [probe.name for probe in check.draw(0) if not whole and probe.name not in judged] == []
