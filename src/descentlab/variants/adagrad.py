"""AdaGrad, with the choices in which frameworks differ."""

import numpy as np

from descentlab.agreement import Arrays
from descentlab.rules.inputs import check_step, not_negative


class AdaGradForm:
    """h ← h + g²;  θ ← θ − η g / (√h + ε), and its variants.

    eps_inside  True: √(h + ε) in place of √h + ε.
    first_h     the initial h.
    lr_decay    c: the rate of step t is η / (1 + (t − 1) c).
    """

    def __init__(
        self,
        lr: float,
        eps: float,
        *,
        eps_inside: bool = False,
        first_h: float = 0.0,
        lr_decay: float = 0.0,
    ):
        self.lr = not_negative("lr", lr)
        self.eps = not_negative("eps", eps)
        self.eps_inside = eps_inside
        self.first_h = first_h
        self.lr_decay = lr_decay
        self.h: dict[str, np.ndarray] = {}
        self.t = 0

    def update(self, params: dict[str, np.ndarray], grads: Arrays) -> None:
        """One step, as the plain rule's `update`, with the choices above."""
        check_step(self.lr, params, grads, self.h)
        self.t += 1
        rate = self.lr / (1 + (self.t - 1) * self.lr_decay)
        for k in params:
            if k not in self.h:
                self.h[k] = np.full_like(params[k], self.first_h)
            self.h[k] += grads[k] * grads[k]
            if self.eps_inside:
                params[k] -= rate * grads[k] / np.sqrt(self.h[k] + self.eps)
            else:
                params[k] -= rate * grads[k] / (np.sqrt(self.h[k]) + self.eps)

    @property
    def formula(self) -> tuple[str, ...]:
        """The lines of the update as chosen, in order."""
        rate = "η / (1 + (t − 1) c)" if self.lr_decay else "η"
        root = "√(h + ε)" if self.eps_inside else "(√h + ε)" if self.eps else "√h"
        return ("h ← h + g²", f"θ ← θ − {rate} g / {root}")

    @property
    def differences(self) -> tuple[str, ...]:
        """The differences from the paper, in a few words each; empty if none."""
        differences = []
        if self.eps_inside:
            differences.append("ε inside the root")
        elif not self.eps:
            differences.append("no ε")
        if self.first_h:
            differences.append(f"h starts at {self.first_h:g}")
        if self.lr_decay:
            differences.append("a decaying rate")
        return tuple(differences)
