"""Adam and, one small step away, AMSGrad and AdamW, with the choices of frameworks."""

import numpy as np

from descentlab.agreement import Arrays
from descentlab.rules.inputs import check_step, fraction, not_negative, zero_at_first


class AdamForm:
    """θ ← θ − η m̂ / (√v̂ + ε), and its variants.

    eps_hat     True: ε is added to the root of the raw v, θ ← θ − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) m / (√v + ε).
                That is the formula above with ε / √(1 − β₂ᵗ) instead of ε: at first an ε some 32 times
                larger, for β₂ = 0.999. Kingma and Ba name it ε̂ below their Algorithm 1.
    maximum_of  "v" or "v̂": AMSGrad, which divides by the largest v (v̂) so far.
    """

    def __init__(
        self,
        lr: float,
        beta1: float,
        beta2: float,
        eps: float,
        *,
        eps_hat: bool = False,
        maximum_of: str | None = None,
    ):
        self.lr = not_negative("lr", lr)
        self.beta1 = fraction("beta1", beta1)
        self.beta2 = fraction("beta2", beta2)
        self.eps = not_negative("eps", eps)
        self.eps_hat = eps_hat
        self.maximum_of = maximum_of
        self.m: dict[str, np.ndarray] = {}
        self.v: dict[str, np.ndarray] = {}
        self.u: dict[str, np.ndarray] = {}
        self.t = 0

    def update(self, params: dict[str, np.ndarray], grads: Arrays) -> None:
        """One step, as the plain rule's `update`, with the choices above."""
        check_step(self.lr, params, grads, self.m)
        self.t += 1
        c1 = 1 - self.beta1**self.t
        c2 = 1 - self.beta2**self.t
        eps = self.eps / np.sqrt(c2) if self.eps_hat else self.eps
        zero_at_first(params, self.m, self.v, self.u)
        for k in params:
            self.m[k] = self.beta1 * self.m[k] + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v[k] + (1 - self.beta2) * grads[k] * grads[k]
            v_hat = self.v[k] / c2
            if self.maximum_of == "v":
                self.u[k] = np.maximum(self.u[k], self.v[k])
                v_hat = self.u[k] / c2
            elif self.maximum_of == "v̂":
                self.u[k] = np.maximum(self.u[k], v_hat)
                v_hat = self.u[k]
            params[k] -= self.lr * (self.m[k] / c1) / (np.sqrt(v_hat) + eps)


class AdamWForm(AdamForm):
    """Adam with a decay of θ that is not in the gradient: θ ← θ − η w θ, or θ ← θ − w θ where the decay is not times the rate."""

    def __init__(
        self,
        lr: float,
        beta1: float,
        beta2: float,
        eps: float,
        *,
        weight_decay: float,
        times_rate: bool = True,
        eps_hat: bool = False,
    ):
        super().__init__(lr, beta1, beta2, eps, eps_hat=eps_hat)
        self.weight_decay = not_negative("weight_decay", weight_decay)
        self.times_rate = times_rate

    def update(self, params: dict[str, np.ndarray], grads: Arrays) -> None:
        """One step, as the plain rule's `update`, with the choices above."""
        check_step(self.lr, params, grads, self.m)
        rate = self.lr if self.times_rate else 1.0
        for k in params:
            params[k] -= rate * self.weight_decay * params[k]
        super().update(params, grads)
