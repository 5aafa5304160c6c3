"""The checks of lesson 02-momentum."""

from numpy.random import Generator

from descentlab.exercises.shared_probes import between, bowls, settings
from descentlab.rule_check.definition import RuleCheck
from verdicts.spec import FunctionCheck, Probes, probe


def balls(rng: Generator) -> Probes:
    """Balls to convert into η and μ; the last one rolls without friction."""
    for name in ("ball 1", "ball 2", "ball 3"):
        yield probe(name, **between(rng, mass=(0.5, 4.0), friction=(0.3, 3.0), h=(0.1, 0.5)))
    yield probe("no friction", mass=rng.uniform(0.5, 4.0), friction=0.0, h=rng.uniform(0.1, 0.5))


def _paths(rng: Generator) -> Probes:
    from descentlab.exercises.momentum.withheld.reference import paths  # in no box

    return paths(rng)


def valleys(rng: Generator) -> Probes:
    """The smallest and the largest curvature of a round bowl and of two valleys."""
    round_bowl = rng.uniform(0.5, 3.0)
    yield probe("round bowl", flattest=round_bowl, steepest=round_bowl)
    for name, longest in (("valley 1", 30.0), ("valley 2", 3000.0)):
        flattest = rng.uniform(0.01, 0.5)
        yield probe(name, flattest=flattest, steepest=flattest * rng.uniform(longest / 10, longest))


def reported(rng: Generator) -> Probes:
    """η, μ and a dampening: that of an average, another one, none."""
    for name, share in (("dampened", None), ("an average", 1.0), ("a sum", 0.0)):
        lr, momentum, dampening = rng.uniform((0.02, 0.6, 0.2), (0.5, 0.95, 0.5)).tolist()
        yield probe(
            name, lr=lr, momentum=momentum, dampening=dampening if share is None else share * momentum
        )


CHECKS = (
    RuleCheck("momentum/update", "02-momentum, the velocity", "Momentum"),
    FunctionCheck("momentum/ball", "02-momentum, a ball with friction", balls),
    FunctionCheck("momentum/same-steps", "02-momentum, sum or average", reported),
    FunctionCheck("momentum/matrix", "02-momentum, two numbers, one matrix", settings),
    FunctionCheck(
        "momentum/read-off",
        "02-momentum, two numbers, one matrix",
        _paths,
        drawn_outside=True,
    ),
    FunctionCheck("momentum/limit", "02-momentum, how large may the step be", bowls),
    FunctionCheck("momentum/tuned", "02-momentum, both ends of the valley", valleys),
)
