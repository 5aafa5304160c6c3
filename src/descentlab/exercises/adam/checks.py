"""The checks of lesson 06-adam."""

from functools import partial

from numpy.random import Generator

from descentlab.exercises.shared_probes import calls_and_decays
from descentlab.rule_check.definition import RuleCheck
from verdicts.spec import FunctionCheck, Probes, ValueCheck, probe

sums = partial(
    calls_and_decays, calls={"the first call": 1, "an early call": 5, "a late call": 60}, beta=(0.9, 0.97)
)
two_decays = partial(calls_and_decays, beta1=(0.75, 0.92), beta2=(0.97, 0.995))


def orders(rng: Generator) -> Probes:
    """Values of ε, β₂ and t, for the ε that makes the other order of operations equal."""
    for name, t in (("first call", 1), ("a later call", int(rng.integers(5, 60)))):
        yield probe(name, eps=10 ** rng.uniform(-8, -1), beta2=rng.uniform(0.9, 0.999), t=t)


CHECKS = (
    FunctionCheck("adam/weight-sum", "06-adam, the sum of the weights", sums),
    RuleCheck("adam/update", "06-adam, bias correction", "Adam"),
    FunctionCheck(
        "adam/uncorrected",
        "06-adam, the step without the corrections",
        partial(two_decays, calls={"the first call": 1, "an early call": 7, "a late call": 400}),
    ),
    FunctionCheck(
        "adam/longest-step",
        "06-adam, the longest step",
        partial(two_decays, calls={"two calls": 2, "thirty calls": 30, "very many calls": 2000}),
    ),
    ValueCheck("adam/worst-growth", "06-adam, the growth of the worst gradients"),
    FunctionCheck("adam/eps-hat", "06-adam, where ε stands", orders),
)
