"""Equal forms of the rules' formulas.

An equal form has other lines with the same numbers as a rule's own: a slip in them is another slip. Each line is one
of a lesson's.
"""

from functools import cache

from descentlab import rules
from descentlab.rule_diagnosis.formula import Formula, assignments
from descentlab.rules.inputs import ArraysByKey, check_step, zero_at_first
from descentlab.rules.nesterov import Nesterov


class NesterovOldAndNew(Nesterov):
    """Nesterov's momentum with both velocities, the one before the step and the one after it."""

    def update(self, params: ArraysByKey, grads: ArraysByKey) -> None:
        """One step, as `Nesterov.update`."""
        check_step(self.lr, params, grads, self.v)
        zero_at_first(params, self.v)
        for k in params:
            old = self.v[k]
            # (1)  v ← μ v − η g
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            # (2)  θ ← θ + (1 + μ) v − μ v_old
            params[k] += (1 + self.momentum) * self.v[k] - self.momentum * old


class NesterovRateOutside(Nesterov):
    """Nesterov's momentum as PyTorch writes it: b sums gradients, the learning rate is outside."""

    def __init__(self, lr: float = 0.01, momentum: float = 0.9):
        super().__init__(lr, momentum)
        self.b: ArraysByKey = {}

    def update(self, params: ArraysByKey, grads: ArraysByKey) -> None:
        """One step, as `Nesterov.update`."""
        check_step(self.lr, params, grads, self.b)
        zero_at_first(params, self.b)
        for k in params:
            # (1)  b ← μ b + g
            self.b[k] = self.momentum * self.b[k] + grads[k]
            # (2)  θ ← θ − η (g + μ b)
            params[k] -= self.lr * (grads[k] + self.momentum * self.b[k])


EQUAL_FORMS: tuple[type, ...] = (NesterovOldAndNew, NesterovRateOutside)
"""Subclasses of the plain rules with the same numbers."""


@cache
def formulas(rule: str) -> tuple[Formula, ...]:
    """The rule's own formula, from the reference's source, and the equal forms that lessons show."""
    reference = getattr(rules, rule)
    forms = (reference, *(form for form in EQUAL_FORMS if issubclass(form, reference)))
    return tuple(Formula(rule, assignments(form)) for form in forms)
