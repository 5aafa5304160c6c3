"""The capstone's function checks: right answers pass at every seed, each likely mistake is seen."""

import numpy as np
import pytest

from descentlab import rules
from descentlab.checks import run
from descentlab.exercises.comparison.checks import CHECKS

ALL, LAST = slice(None), slice(-1, None)
SEEDS = (0, 1, 2, 12345, 2**63 - 1)


def walk(rule, gradient, start, steps, kept=np.copy, made=lambda start: np.array(start, float)):
    params = {"theta": made(start)}
    path = [kept(params["theta"])]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(kept(params["theta"]))
    return np.array(path)


def six_rules(name, hyper, gradient, start, steps, **walking):
    return walk(getattr(rules, name)(**hyper), gradient, start, steps, **walking)


def as_it_is(array):
    return array


def without_eps(name, hyper, *problem):
    return six_rules(name, {key: value for key, value in hyper.items() if key != "eps"}, *problem)


def gap(make, changed, gradient, start, steps, compared=ALL, way=ALL):
    plain = walk(make(), gradient, start, steps)
    return np.abs(changed - plain)[compared].max() / np.abs(plain - plain[0])[way].max()


def scale_gap(
    make, gradient, start, c, steps=30, scaled=lambda c, gradient, theta: c * gradient(theta), **at
):
    path = walk(make(), lambda theta: scaled(c, gradient, theta), start, steps)
    return gap(make, path, gradient, start, steps, **at)


def rotation_gap(make, gradient, start, angle, steps=30, turn_back=True, sign=1, **at):
    cos, sin = np.cos(sign * angle), np.sin(sign * angle)
    turn = np.array([[cos, -sin], [sin, cos]])
    turned = walk(make(), lambda theta: turn @ gradient(turn.T @ theta), turn @ start, steps)
    return gap(make, turned @ turn if turn_back else turned, gradient, start, steps, **at)


def rotation_gap_of_rows(make, gradient, start, angle, steps=30):
    """The same with points as rows and complex numbers for the turn: its rounding is another."""
    turn = np.exp(1j * angle)
    turned = lambda point, by: np.array([(z := complex(*point) * by).real, z.imag])  # noqa: E731
    path = walk(
        make(),
        lambda theta: turned(gradient(turned(theta, turn.conjugate())), turn),
        turned(start, turn),
        steps,
    )
    back = np.array([turned(point, turn.conjugate()) for point in path])
    return gap(make, back, gradient, start, steps)


def one_rule_for_both(make, gradient, start, c, steps=30):
    rule = make()
    return scale_gap(lambda: rule, gradient, start, c, steps)


def best_rate(rates, losses, middle=np.median, unfinished=np.inf):
    found = middle(np.where(np.isfinite(losses), losses, unfinished), axis=1)
    return rates[found.argmin()], found.min()


def row_error(z, t):
    difference = z - t.reshape(-1, 1)
    return np.mean(difference**2), 2 * difference / len(z)


def slipped(z, t):
    difference = z - t
    return np.mean(difference**2), 2 * difference.mean(axis=1, keepdims=True) / len(z)


RIGHT = {
    "comparison/six-rules": six_rules,
    "comparison/best-rate": best_rate,
    "comparison/scale-gap": scale_gap,
    "comparison/rotation-gap": rotation_gap,
    "comparison/row-error": row_error,
    "comparison/reported": lambda valid, test: test[np.argmax(valid)],
}
WRONG = {
    "integers stay integers": (
        "comparison/six-rules",
        lambda *problem: six_rules(*problem, made=lambda start: np.array(start)),
    ),
    "one array under every step": ("comparison/six-rules", lambda *p: six_rules(*p, kept=as_it_is)),
    "the start left out": ("comparison/six-rules", lambda *problem: six_rules(*problem)[1:]),
    "ε never passed on": ("comparison/six-rules", without_eps),
    "Nesterov is Momentum": (
        "comparison/six-rules",
        lambda name, *rest: six_rules(name.replace("Nesterov", "Momentum"), *rest),
    ),
    "the mean": ("comparison/best-rate", lambda *p: best_rate(*p, middle=np.mean)),
    "the luckiest seed": ("comparison/best-rate", lambda *p: best_rate(*p, middle=np.min)),
    "NaN not looked for": (
        "comparison/best-rate",
        lambda r, x: (r[np.median(x, axis=1).argmin()], np.median(x, axis=1).min()),
    ),
    "NaN left out": (
        "comparison/best-rate",
        lambda *p: best_rate(*p, middle=np.nanmedian, unfinished=np.nan),
    ),
    "the rate alone": ("comparison/best-rate", lambda *problem: best_rate(*problem)[0]),
    "one rule, two paths": ("comparison/scale-gap", one_rule_for_both),
    "c inside the gradient": (
        "comparison/scale-gap",
        lambda *p: scale_gap(*p, scaled=lambda c, gradient, theta: gradient(c * theta)),
    ),
    "the last points alone": ("comparison/scale-gap", lambda *p: scale_gap(*p, compared=LAST)),
    "divided by the way to the end": ("comparison/scale-gap", lambda *p: scale_gap(*p, way=LAST)),
    "ends alone": ("comparison/scale-gap", lambda *p: scale_gap(*p, compared=LAST, way=LAST)),
    "the last turned points alone": ("comparison/rotation-gap", lambda *p: rotation_gap(*p, compared=LAST)),
    "the turn over the way to the end": ("comparison/rotation-gap", lambda *p: rotation_gap(*p, way=LAST)),
    "ends of a turn alone": (
        "comparison/rotation-gap",
        lambda *p: rotation_gap(*p, compared=LAST, way=LAST),
    ),
    "not turned back": ("comparison/rotation-gap", lambda *p: rotation_gap(*p, turn_back=False)),
    "turned the other way": ("comparison/rotation-gap", lambda *p: rotation_gap(*p, sign=-1)),
    "every row against every target": ("comparison/row-error", slipped),
    "a sum": ("comparison/row-error", lambda z, t: (len(z) * row_error(z, t)[0], row_error(z, t)[1])),
    "the best test accuracy": ("comparison/reported", lambda valid, test: test.max()),
    "the last epoch": ("comparison/reported", lambda valid, test: test[-1]),
    "the later of two equals": (
        "comparison/reported",
        lambda valid, test: test[len(valid) - 1 - np.argmax(valid[::-1])],
    ),
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_right_answer_earns_full_points_at_every_seed(check):
    for seed in SEEDS:
        verdict = run(check.name, RIGHT[check.name], seed)
        assert verdict.fraction == 1, verdict.cause


@pytest.mark.filterwarnings("ignore:All-NaN|invalid value:RuntimeWarning")
@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_never_earns_full_points(mistake):
    name, answer = WRONG[mistake]
    for seed in SEEDS:
        verdict = run(name, answer, seed)
        assert verdict.fraction < 1, f"seed {seed}"
        assert verdict.cause


def test_a_turn_computed_in_another_order_passes():
    for seed in range(300):
        verdict = run("comparison/rotation-gap", rotation_gap_of_rows, seed)
        assert verdict.passed, f"seed {seed}: {verdict.cause}"


@pytest.mark.parametrize("wrong", ["Momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam"])
def test_one_wrong_rule_costs_its_own_share_and_is_named(wrong):
    verdict = run(
        "comparison/six-rules",
        lambda name, hyper, *rest: six_rules(
            "SGD" if name == wrong else name, {"lr": hyper["lr"]} if name == wrong else hyper, *rest
        ),
    )
    assert verdict.fraction == pytest.approx(6 / 7)
    assert [result.name for result in verdict.criteria if not result.passed] == [wrong]


@pytest.mark.parametrize("mistake", ["one array under every step", "the start left out"])
def test_a_slip_in_the_walk_is_told_from_one_in_the_rules(mistake):
    verdict = run(*WRONG[mistake])
    assert verdict.fraction == 0
    assert verdict.mistake in ("comparison/no-copies", "comparison/no-start")
