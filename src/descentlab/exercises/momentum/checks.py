"""The checks of lesson 02-momentum."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from descentlab.checks.spec import Criterion, FunctionCheck, FunctionProbe, RuleCheck

Arrays = dict[str, np.ndarray]


class LastTwo:
    """θ ← θ − η s (g_t + c g_{t−1}): a rule that no lesson names, for measurements that take any rule.

    On a curvature λ it is stable up to η = 2 / (s (1 − c) λ), as long as c < 1/3.
    """

    def __init__(self, lr: float, strength: float, share: float):
        self.lr, self.strength, self.share = lr, strength, share
        self.before: Arrays = {}

    def update(self, params: Arrays, grads: Arrays) -> None:
        for key, g in grads.items():
            params[key] -= self.lr * self.strength * (g + self.share * self.before.get(key, 0.0))
            self.before[key] = g.copy()


class Late(LastTwo):
    """Does nothing at its first call: a run of 300 steps that explodes ends far below zero, not above."""

    def update(self, params: Arrays, grads: Arrays) -> None:
        if self.before:
            super().update(params, grads)
        self.before = {key: np.zeros_like(g) for key, g in grads.items()}


def _maker(strength: float, share: float, kind: type[LastTwo] = LastTwo) -> Callable[[float], LastTwo]:
    return lambda lr: kind(lr, strength, share)


def balls(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    """Balls to be turned into η and μ; the last one rolls without friction."""
    with_friction = []
    for number in (1, 2, 3):
        mass, friction, h = rng.uniform((0.5, 0.3, 0.1), (4.0, 3.0, 0.5)).tolist()
        with_friction.append(_ball(f"ball {number}", mass, friction, h))
    mass, h = rng.uniform((0.5, 0.1), (4.0, 0.5)).tolist()
    return (*with_friction, _ball("no friction", mass, 0.0, h))


def _ball(name: str, mass: float, friction: float, h: float) -> FunctionProbe:
    return FunctionProbe(name, (mass, friction, h), {"mass": mass, "friction": friction, "h": h})


def settings(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    """η, μ and a curvature, whose step is one matrix; the first has no memory."""
    probes = []
    for name, lowest, highest in (("μ = 0", 0.0, 0.0), ("μ small", 0.1, 0.4), ("μ large", 0.6, 0.95)):
        momentum = float(rng.uniform(lowest, highest))
        lr, curvature = rng.uniform((0.05, 0.5), (0.5, 3.0)).tolist()
        data = {"lr": lr, "momentum": momentum, "curvature": curvature}
        probes.append(FunctionProbe(name, (lr, momentum, curvature), data))
    return tuple(probes)


def rules_to_measure(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    """Rules whose largest stable η is to be measured, without and with a memory, and two that end oddly."""
    probes = []
    for name, share in (("a rule without memory", 0.0), ("a rule with memory", float(rng.uniform(0.1, 0.2)))):
        for size, steepest in (("flat", 0.8), ("steep", 8.0)):
            strength, curvature = rng.uniform((0.5, steepest / 2), (0.9, steepest)).tolist()
            data = {"strength": strength, "share": share, "curvature": curvature}
            probes.append(FunctionProbe(f"{name}, {size}", (_maker(strength, share), curvature), data))
    strength, curvature, fast = rng.uniform((0.5, 0.5, 2.8), (0.9, 8.0, 3.2)).tolist()
    data = {"strength": strength, "share": 0.0, "curvature": curvature}
    probes.append(FunctionProbe("a rule that starts late", (_maker(strength, 0.0, Late), curvature), data))
    # So strong that 300 steps at η = 5/λ pass 1e308: the path ends in NaN.
    data = {"strength": fast, "share": 0.0, "curvature": curvature}
    probes.append(FunctionProbe("a rule that explodes fast", (_maker(fast, 0.0), curvature), data))
    return tuple(probes)


def valleys(rng: np.random.Generator) -> tuple[FunctionProbe, ...]:
    """The smallest and the largest curvature of a round bowl and of two valleys."""
    round_bowl = float(rng.uniform(0.5, 3.0))
    ends = [("round bowl", round_bowl, round_bowl)]
    for number, longest in ((1, 30.0), (2, 3000.0)):
        flattest = float(rng.uniform(0.01, 0.5))
        ends.append((f"valley {number}", flattest, flattest * float(rng.uniform(longest / 10, longest))))
    return tuple(FunctionProbe(name, (a, b), {"flattest": a, "steepest": b}) for name, a, b in ends)


CHECKS = (
    RuleCheck(
        name="momentum/update",
        rule="Momentum",
        hyper={"lr": (0.05, 0.09), "momentum": (0.76, 0.84)},
        has_eps=False,
        remembers=True,
        section="02-momentum, the velocity",
    ),
    FunctionCheck(
        name="momentum/ball",
        probes=balls,
        rtol=1e-9,
        parts=("η", "μ"),
        section="02-momentum, a ball with friction",
        criteria=(
            Criterion("a ball with friction", 2, ("ball 1", "ball 2", "ball 3")),
            Criterion("a ball without friction", 1, ("no friction",)),
        ),
    ),
    FunctionCheck(
        name="momentum/matrix",
        probes=settings,
        rtol=1e-9,
        section="02-momentum, two numbers, one matrix",
        criteria=(
            Criterion("without momentum it is plain descent", 1, ("μ = 0",)),
            Criterion("with momentum", 2, ("μ small", "μ large")),
        ),
    ),
    FunctionCheck(
        name="momentum/stability",
        probes=rules_to_measure,
        rtol=0.01,
        section="02-momentum, how large may the step be",
        criteria=(
            Criterion(
                "a rule without memory", 1, ("a rule without memory, flat", "a rule without memory, steep")
            ),
            Criterion("a rule with memory", 1, ("a rule with memory, flat", "a rule with memory, steep")),
            Criterion(
                "runs that explode below zero, or into NaN",
                1,
                ("a rule that starts late", "a rule that explodes fast"),
            ),
        ),
    ),
    FunctionCheck(
        name="momentum/tuned",
        probes=valleys,
        rtol=1e-9,
        parts=("η", "μ"),
        section="02-momentum, both ends of the valley",
        criteria=(
            Criterion("a round bowl", 1, ("round bowl",)),
            Criterion("a narrow valley", 2, ("valley 1", "valley 2")),
        ),
    ),
)
