"""Three rules that are related to the course's: AdaDelta, AdaMax, NAdam."""

import numpy as np

from descentlab.agreement import Arrays
from descentlab.rules.inputs import check_step, fraction, not_negative, zero_at_first

from .adam import AdamForm


class AdaDelta:
    """RMSprop whose rate is the size of its own earlier steps (Zeiler 2012). The same in every framework."""

    differences: tuple[str, ...] = ()
    formula = (
        "n ← ρ n + (1 − ρ) g²",
        "d ← √(e + ε) / √(n + ε) g",
        "e ← ρ e + (1 − ρ) d²",
        "θ ← θ − η d",
    )

    def __init__(self, lr: float, decay: float, eps: float):
        self.lr = not_negative("lr", lr)
        self.decay = fraction("decay", decay)
        self.eps = not_negative("eps", eps)
        self.n: dict[str, np.ndarray] = {}
        self.e: dict[str, np.ndarray] = {}

    def update(self, params: dict[str, np.ndarray], grads: Arrays) -> None:
        """One step, as the plain rule's `update`, with the choices above."""
        check_step(self.lr, params, grads, self.n)
        zero_at_first(params, self.n, self.e)
        for k in params:
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * grads[k] * grads[k]
            d = np.sqrt(self.e[k] + self.eps) / np.sqrt(self.n[k] + self.eps) * grads[k]
            self.e[k] = self.decay * self.e[k] + (1 - self.decay) * d * d
            params[k] -= self.lr * d


class AdaMax(AdamForm):
    """Adam with the largest decayed gradient in place of the root (Kingma and Ba 2015, Algorithm 2).

    eps_in_max  True: ε is added to |g| inside the maximum, not to u in the division.
    """

    def __init__(self, lr: float, beta1: float, beta2: float, eps: float, *, eps_in_max: bool):
        super().__init__(lr, beta1, beta2, eps)
        self.eps_in_max = eps_in_max

    def update(self, params: dict[str, np.ndarray], grads: Arrays) -> None:
        """One step, as the plain rule's `update`, with the choices above."""
        check_step(self.lr, params, grads, self.m)
        self.t += 1
        rate = self.lr / (1 - self.beta1**self.t)
        zero_at_first(params, self.m, self.u)
        for k in params:
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            if self.eps_in_max:
                self.u[k] = np.maximum(self.beta2 * self.u[k], np.abs(grads[k]) + self.eps)
                params[k] -= rate * self.m[k] / self.u[k]
            else:
                self.u[k] = np.maximum(self.beta2 * self.u[k], np.abs(grads[k]))
                params[k] -= rate * self.m[k] / (self.u[k] + self.eps)

    @property
    def formula(self) -> tuple[str, ...]:
        """The lines of the update as chosen, in order."""
        size, root = ("|g| + ε", "u") if self.eps_in_max else ("|g|", "(u + ε)")
        return (
            "m ← β₁ m + (1 − β₁) g",
            f"u ← max(β₂ u, {size})",
            f"θ ← θ − η / (1 − β₁ᵗ) m / {root}",
        )

    @property
    def differences(self) -> tuple[str, ...]:
        """The differences from the paper, in a few words each; empty if none."""
        return ("ε inside the maximum",) if self.eps_in_max else ("ε added in the division",)


class NAdam(AdamForm):
    """Adam with Nesterov's look-ahead (Dozat 2016). p is the product of all μₜ so far.

    schedule  None: μₜ is β₁ at all times. A number δ: μₜ = β₁ (1 − ½ 0.96^(δ t)), Dozat's warm-up.
    """

    def __init__(self, lr: float, beta1: float, beta2: float, eps: float, *, schedule: float | None):
        super().__init__(lr, beta1, beta2, eps)
        self.schedule = schedule
        self.product = 1.0

    def mu(self, t: int) -> float:
        """μₜ, the momentum coefficient of step t = 1, 2, …"""
        if self.schedule is None:
            return self.beta1
        return self.beta1 * (1 - 0.5 * 0.96 ** (self.schedule * t))

    def update(self, params: dict[str, np.ndarray], grads: Arrays) -> None:
        """One step, as the plain rule's `update`, with the choices above."""
        check_step(self.lr, params, grads, self.m)
        self.t += 1
        now, later = self.mu(self.t), self.mu(self.t + 1)
        self.product *= now
        zero_at_first(params, self.m, self.v)
        for k in params:
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] * grads[k]
            ahead = later * self.m[k] / (1 - self.product * later) + (1 - now) * grads[k] / (1 - self.product)
            s = np.sqrt(self.v[k] / (1 - self.beta2**self.t)) + self.eps
            params[k] -= self.lr * ahead / s

    @property
    def formula(self) -> tuple[str, ...]:
        """The lines of the update as chosen, in order."""
        return (
            "m ← β₁ m + (1 − β₁) g",
            "v ← β₂ v + (1 − β₂) g²",
            "p ← p μₜ",
            "θ ← θ − η (μₜ₊₁ m / (1 − p μₜ₊₁) + (1 − μₜ) g / (1 − p)) / (√(v / (1 − β₂ᵗ)) + ε)",
        )

    @property
    def differences(self) -> tuple[str, ...]:
        """The differences from the paper, in a few words each; empty if none."""
        return ("μₜ = β₁, no warm-up",) if self.schedule is None else ()
