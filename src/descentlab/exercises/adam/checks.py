"""The checks of lesson 06-adam."""

from __future__ import annotations

import numpy as np

from descentlab.checks.spec import Criterion, FunctionCheck, FunctionProbe, RuleCheck, ValueCheck


class Sums:
    """θ ← θ − η s/(n + ε) with s ← β₁ s + g and n ← β₂ n + |g|: a rule that no lesson names.

    It has Adam's constructor, and each of its four numbers shows in its steps.
    """

    def __init__(self, lr: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.s: dict[str, np.ndarray] = {}
        self.n: dict[str, np.ndarray] = {}

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        for key, g in grads.items():
            self.s[key] = self.beta1 * self.s.get(key, 0.0) + g
            self.n[key] = self.beta2 * self.n.get(key, 0.0) + np.abs(g)
            params[key] -= self.lr * self.s[key] / (self.n[key] + self.eps)


def memories(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    """Exponential moving averages whose weights are asked for: at the first call, early, late."""
    probes = []
    for name, t in (("t = 1", 1), ("t = 5", 5), ("t = 40", 40)):
        beta = float(rng.uniform(0.7, 0.97))
        probes.append(FunctionProbe(name, (beta, t), {"beta": beta, "t": t}))
    return tuple(probes)


def sequences(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    """A rule, and gradients of one parameter, call by call: of every size, and one alone after a silence."""
    # The smallest come first: only there does an ε of 1e-8 in place of 1e-12 show.
    tiny = rng.uniform(0.5, 2.0, 3) * 1e-6
    mixed = np.append(tiny, rng.normal(size=27) * 10.0 ** rng.integers(-3, 4, size=27))
    # The zero at the end tells a step from a running sum of steps.
    lone = np.concatenate((np.zeros(40), rng.uniform(0.5, 2.0, 1), np.zeros(1)))
    probes = []
    for name, grads in (("gradients of every size", mixed), ("one gradient after silence", lone)):
        lr, beta1, beta2 = rng.uniform((0.05, 0.8, 0.95), (0.5, 0.9, 0.999)).tolist()
        data = {"grads": grads, "lr": lr, "beta1": beta1, "beta2": beta2}
        probes.append(FunctionProbe(name, (Sums, grads, lr, beta1, beta2), data))
    return tuple(probes)


def orders(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    """Values of ε, β₂ and t for which the other order of operations is to be made equal."""
    probes = []
    for name, t in (("first call", 1), ("a later call", int(rng.integers(5, 60)))):
        eps, beta2 = float(10 ** rng.uniform(-8, -1)), float(rng.uniform(0.9, 0.999))
        probes.append(FunctionProbe(name, (eps, beta2, t), {"eps": eps, "beta2": beta2, "t": t}))
    return tuple(probes)


CHECKS = (
    FunctionCheck(
        name="adam/weights",
        probes=memories,
        rtol=1e-9,
        section="06-adam, two running means",
        criteria=(
            Criterion("the first call", 1, ("t = 1",)),
            Criterion("later calls", 2, ("t = 5", "t = 40")),
        ),
    ),
    RuleCheck(
        name="adam/update",
        rule="Adam",
        hyper={"lr": (0.05, 0.09), "beta1": (0.82, 0.88), "beta2": (0.95, 0.98)},
        has_eps=True,
        remembers=True,
        section="06-adam, bias correction",
    ),
    FunctionCheck(
        name="adam/steps",
        probes=sequences,
        rtol=1e-6,
        section="06-adam, how long can a step be",
        criteria=(
            Criterion("gradients of every size", 1, ("gradients of every size",)),
            Criterion("one gradient after silence", 1, ("one gradient after silence",)),
        ),
    ),
    ValueCheck(name="adam/worst-growth", rtol=1e-3, section="06-adam, how long can a step be"),
    FunctionCheck(
        name="adam/eps-hat",
        probes=orders,
        rtol=1e-9,
        section="06-adam, where ε stands",
        criteria=(
            Criterion("the first call", 1, ("first call",)),
            Criterion("later calls", 1, ("a later call",)),
        ),
    ),
)
