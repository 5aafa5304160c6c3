"""Sixty answers of `benchmarks/blind`, over all rules and kinds of mistakes; the benchmark has all of them."""

import sys

import numpy as np
import pytest
from support import ROOT

sys.path.append(str(ROOT / "benchmarks/blind"))

from blind_collection import blind_sets

from descentlab.checks import record
from descentlab.checks.recording import evidence_bytes
from descentlab.checks.spec import RuleCheck
from descentlab.exercises import find
from descentlab.judging import run

PASSED, NO_NAME = "passed", None
ANSWERS = {
    "fifth-odd/adagrad-AdagradMathSqrt": "error/number-function",
    "fifth-odd/adam-AdamRateFalls": "adam/rate-shrinks",
    "fifth-odd/momentum-MomentumStartsWithStep": NO_NAME,
    "fifth-odd/rmsprop-RmspropWindow": "rmsprop/edit/adagrad-h-divided-by-the-number-of-calls",
    "fifth-odd/sgd-SgdUnitGradient": NO_NAME,
    "fifth-right/adam-AdamRunningPowers": PASSED,
    "fifth-right/momentum-MomentumLastPlace": PASSED,
    "fifth-right/rmsprop-RmspropHelper": PASSED,
    "fifth/gradients-relative_error_of_sum": "gradients/sum-of-sizes",
    "fifth/momentum-MomentumRateTwice": "momentum/rate-twice",
    "fifth/nesterov-NesterovOneMinus": "nesterov/one-minus-mu",
    "fifth/practice-AdamwGrows": "practice/decay-grows",
    "fifth/rmsprop-RmspropSlideNumbers": "rmsprop/edit/rho-0-9-whatever-the-constructor-is-given",
    "fifth/sgd-SgdForgotKey": "error/dict-in-arithmetic",
    "first/adagrad-NoRootUphill": "adagrad/edit/plus-lr-g-over-root-h-plus-eps-in-place-of-minus-lr-g-over-root-h-plus-eps-and-w",
    "first/adagrad-OnlyLastEpsInside": "adagrad/edit/h-forgotten-at-each-call-and-with-eps-inside-the-root",
    "first/adam-EpsInside": "adam/eps-inside",
    "first/adam-NoEpsBeta2TypedIn": "adam/edit/beta2-0-999-whatever-the-constructor-is-given-and-with-the-term-eps-left-out",
    "first/adam-SquaresInM": "adam/edit/g-and-g-squared-exchanged-and-with-the-root-of-v-hat",
    "first/graves-PlusMean": "graves/mean-added",
    "first/graves-SwappedNames": "graves/edit/rho-and-mu-exchanged",
    "first/graves-Torchlike": "graves/edit/d-forgotten-at-each-call-and-with-eps-outside-the-root",
    "first/momentum-NoFrictionRateTwice": "momentum/edit/the-factor-mu-left-out-and-with-the-rate-multiplying-v-once-more",
    "first/nesterov-NotSquared": "nesterov/mu-not-squared",
    "first/nesterov-SignAndNoBack": "nesterov/edit/plus-lr-g-in-place-of-minus-lr-g-and-with-the-term-mu-v-old-left-out",
    "first/rmsprop-TimesEps": "rmsprop/edit/a-multiplication-with-eps-not-its-addition-to-root-h",
    "first/sgd-HiddenDecay": "sgd/edit/a-weight-decay-of-0-01-in-the-gradient-everywhere",
    "fourth-double/adam-StartsAtTwoSwapped": "adam/edit/beta1-and-beta2-exchanged-and-with-t-one-step-ahead-2-at-the-first-call",
    "fourth-double/practice-NoRateAfterwards": "practice/decay-after-without-rate",
    "fourth-odd/adagrad-StartsAtATenth": "adagrad/edit/h-starting-at-0-1-not-at-zero",
    "fourth-odd/graves-EpsAddsUp": NO_NAME,
    "fourth-odd/graves-TwoNamesOneArray": "graves/edit/n-and-a-two-names-of-one-array",
    "fourth-odd/momentum-OldPlaceIsAView": "momentum/forgets",
    "fourth-odd/nesterov-CallsTheGradient": "error/called",
    "fourth-odd/practice-BiasesSpared": NO_NAME,
    "fourth-odd/rmsprop-MeanOverTheArray": "rmsprop/mean-over-the-array",
    "fourth-odd/sgd-ShrinksInstead": "sgd/edit/the-parameter-multiplied-by-1-minus-the-step",
    "fourth-right/graves-MinusHalfPower": PASSED,
    "fourth-right/nesterov-NewVelocityOnly": PASSED,
    "fourth-right/practice-ShrinksFirst": PASSED,
    "fourth-right/sgd-NewArrays": PASSED,
    "fourth/adagrad-AddsTooLate": "adagrad/divides-first",
    "fourth/adagrad-LastSquareOnly": "adagrad/last-square-only",
    "fourth/adagrad-RootMissing": "adagrad/no-root",
    "fourth/adam-PowerTwo": NO_NAME,
    "fourth/graves-MeanOnTop": "graves/edit/a-in-place-of-g-in-d-becomes-mu-d-minus-lr-g-over-root-n-minus-a-squared-plus-ep",
    "fourth/momentum-VelocityNotKept": "momentum/forgets",
    "fourth/nesterov-LookAheadNotTakenBack": "nesterov/adds-the-old",
    "fourth/rmsprop-StartsAtTheSquare": "rmsprop/first-square-in-full",
    "third-double/graves-NoMomentumOutside": "graves/edit/d-forgotten-at-each-call-and-with-eps-outside-the-root",
    "third-double/momentum-OneVelocityNoRate": NO_NAME,
    "third-double/rmsprop-ExchangedNoRoot": "rmsprop/edit/rho-and-1-minus-rho-exchanged-everywhere-and-with-the-root-of-h-left-out",
    "third-double/sgd-NoRateChangesGradients": "sgd/no-rate",
    "third-odd/adam-Largest": "convention/adam-amsgrad",
    "third-odd/nesterov-InterimStep": "nesterov/jumps-and-moves",
    "third-odd/practice-SignDecay": "practice/decay-by-the-sign",
    "third-right/adagrad-Powers": PASSED,
    "third/momentum-RateForgotten": "momentum/edit/the-factor-lr-left-out",
    "third/practice-DecayHalved": "practice/decay-half",
    "third/practice-DecayUnderTheRoot": "practice/decay-divided",
}
BLIND = {f"{name}/{blind.name}": blind for name, blinds in blind_sets().items() for blind in blinds}
EPS, ORDER = "where ε stands", "any key order, its own memory for each optimizer"


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_has_its_name_and_only_what_is_wrong_is_marked_so(name):
    blind = BLIND[name]
    verdicts = [run(blind.check, blind.answer, seed) for seed in (0, 1)]
    if ANSWERS[name] == PASSED:
        assert all(verdict.passed for verdict in verdicts)
        return
    for verdict in verdicts:
        assert not verdict.passed
        assert verdict.mistake == ANSWERS[name], verdict.cause
        assert verdict.cause
        assert verdict.hint
    wrong = {result.name for result in verdicts[0].criteria if result.wrong}
    assert wrong
    if {EPS, ORDER} & wrong:
        steps = ("the step", "the first step", "every step")
        assert all(result.passed for result in verdicts[0].criteria if result.name.startswith(steps))
    if "gradients left as they were" in wrong:
        assert changes_gradients(blind)


def changes_gradients(blind):
    check = find(blind.check)
    assert isinstance(check, RuleCheck)
    runs = {run["probe"]: run for run in evidence_bytes.unpack(record(blind.check, blind.answer, 0))["runs"]}
    calls = zip(evidence_bytes.calls_of(runs["main"]), check.problems(0)[0].gradients, strict=False)
    return any(
        not np.array_equal(call["grads"].get(key), gradient)
        for call, gradients in calls
        for key, gradient in gradients.items()
    )
