"""The definition of the check of an update rule, and the ideas by which it is judged."""

from dataclasses import dataclass

from descentlab.registry import EPS, RULES
from descentlab.rule_check.rule_probes import RuleProbe, rule_probes
from verdicts.spec import Check, Criterion


@dataclass(frozen=True, kw_only=True)
class RuleCheck(Check):
    """The student's answer is a class with the signature of a rule."""

    rule: str
    """The name of the reference class."""
    remembers: bool = True
    """Whether the rule has a state."""

    def __post_init__(self) -> None:
        if not self.criteria:
            object.__setattr__(self, "criteria", rule_criteria(EPS in RULES[self.rule].hyper, self.remembers))

    @property
    def lends(self) -> str:
        return self.rule

    def draw(self, seed: int) -> tuple[RuleProbe, ...]:
        """The runs to put an answer through."""
        return rule_probes(self.name, seed, RULES[self.rule].hyper, self.remembers)


def rule_criteria(has_eps: bool, remembers: bool) -> tuple[Criterion, ...]:
    """The ideas in an update rule: the first step, its memory, ε, order and ownership of arrays.

    The weights sum to 5, so that scores are round.
    """
    if remembers:
        first = Criterion("the first step", 1, ("main",), calls=1)
        probes = ("main", "quiet start", "zero in the middle", "many calls")
        every = "every step: what is remembered"
        criteria = [first, Criterion(every, 2 - has_eps, probes, shown_after=(first.name,))]
    else:
        first = Criterion("the step", 3 - has_eps, ("main", "quiet start"))
        criteria = [first]
    steps = tuple(criterion.name for criterion in criteria)
    if has_eps:
        eps_probes = ("large eps", "small gradients")
        criteria.append(Criterion("where ε stands", 1, eps_probes, shown_after=steps))
    return (
        *criteria,
        Criterion(
            "any key order, its own memory for each optimizer",
            1,
            ("other order", "arrays used again", "second instance", "spike"),
            needs=(first.name,),
            shown_after=steps,
        ),
        Criterion("gradients left as they were", 1, ("main",), looks_at="grads", needs=(first.name,)),
    )
