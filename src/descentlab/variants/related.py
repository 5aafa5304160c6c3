"""Two rules that are related to Adam: AdaMax and NAdam."""

import numpy as np

from descentlab.agreement import Arrays
from descentlab.rules.inputs import check_step, zero_at_first

from .adam import AdamForm


class AdaMax(AdamForm):
    """Adam with the largest decayed gradient instead of the root (Kingma and Ba 2015, Algorithm 2).

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
