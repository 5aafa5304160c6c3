"""The course's additions to the diagnosis: equal forms of its formulas, and slips about averages.

An equal form has other lines with the same numbers as a rule's own: a slip in them is another slip. Each line is one
of a lesson's.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np

from descentlab import rules
from descentlab.rule_diagnosis.formula import Formula, Rewrite, assignments
from descentlab.rules.inputs import check_step, zero_at_first
from descentlab.rules.nesterov import Nesterov


class NesterovOldAndNew(Nesterov):
    """Nesterov's momentum with both velocities, the one before the step and the one after it."""

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
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
        self.b: dict[str, np.ndarray] = {}

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
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

EDITS: Mapping[str, tuple[Rewrite, ...]] = {
    "in one place": (
        # An average, and its weights.
        Rewrite("W * A + (1 - W) * B", "(1 - W) * A + W * B", "{W} and 1 − {W} exchanged", "exchanged"),
        Rewrite(
            "W * A + (1 - W) * B", "W * (A + B)", "{W} multiplying {B} as well, without 1 − {W}", "weights"
        ),
        Rewrite("W * A + (1 - W) * B", "A + B", "no weights {W} and 1 − {W}", "weights"),
        Rewrite("W * A + (1 - W) * B", "W * A + 1 - W * B", "no brackets: {W * A} + 1 − {W * B}", "brackets"),
        Rewrite(
            "N + B**2",
            "0.9 * N + 0.1 * B**2",
            "an exponential moving average of decay 0.9 instead of the sum",
            "weights",
        ),
        Rewrite(
            "S", "S / (1 - D**call)", "{S} divided by 1 − {D}ᵗ, as Adam's averages are", "start", "no clock"
        ),
    ),
    "everywhere alone": (
        Rewrite("A / (1 - B**t)", "A", "no correction of m and v for their start at zero", "left out"),
        Rewrite("A / (1 - B**t)", "A * (1 - B**t)", "both corrections multiplied, not divided", "turned"),
    ),
}
"""Rows to put first in the tables of `edits`."""


@cache
def formulas(rule: str) -> tuple[Formula, ...]:
    """The rule's own formula, from the reference's source, and the equal forms that lessons show."""
    own = getattr(rules, rule)
    forms = (own, *(form for form in EQUAL_FORMS if issubclass(form, own)))
    return tuple(Formula(rule, assignments(form)) for form in forms)
