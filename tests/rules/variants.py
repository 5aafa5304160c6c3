"""Forms of the course's rules in frameworks that give other numbers: the plain rules with a few choices.

The defaults of a class are the plain rule's own. `VARIANTS` lists the choices that frameworks make.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np


class MomentumForm:
    """v ← μ v − η g;  θ ← θ + v, and its variants.

    rate_in_velocity  False: v collects gradients and η multiplies the whole velocity, so that a changed
                      rate takes effect at once. The same numbers while η is constant.
    averaged          True: the gradient enters the velocity as (1 − μ) g.
    whole_first       True: the first gradient enters whole all the same, as with torch's dampening.
    """

    def __init__(self, lr, momentum, *, rate_in_velocity=True, averaged=False, whole_first=False):
        self.lr, self.momentum, self.rate_in_velocity = lr, momentum, rate_in_velocity
        self.averaged, self.whole_first = averaged, whole_first
        self.v = {}

    def update(self, params, grads):
        for k, g in grads.items():
            whole = not self.averaged or (self.whole_first and k not in self.v)
            push = g if whole else (1 - self.momentum) * g
            if self.rate_in_velocity:
                self.v[k] = self.momentum * self.v.get(k, 0.0) - self.lr * push
                params[k] += self.v[k]
            else:
                self.v[k] = self.momentum * self.v.get(k, 0.0) - push
                params[k] += self.lr * self.v[k]


class NesterovForm:
    """v ← μ v − η g;  θ ← θ + μ v − η g, where θ is the look-ahead point, and its variants.

    rate_in_velocity  as in `MomentumForm`.
    new_velocity      True: the velocity after its update stands where the one before it belongs, so that g
                      enters with (1 + μ + μ²) η instead of (1 + μ) η.
    """

    def __init__(self, lr, momentum, *, rate_in_velocity=True, new_velocity=False):
        self.lr, self.momentum = lr, momentum
        self.rate_in_velocity, self.new_velocity = rate_in_velocity, new_velocity
        self.v = {}

    def update(self, params, grads):
        mu = self.momentum
        for k, g in grads.items():
            if not self.rate_in_velocity:
                self.v[k] = mu * self.v.get(k, 0.0) - g
                params[k] += self.lr * (mu * self.v[k] - g)
                continue
            self.v[k] = mu * self.v.get(k, 0.0) - self.lr * g
            if self.new_velocity:
                params[k] += mu * mu * self.v[k] - (1 + mu) * self.lr * g
            else:
                params[k] += mu * self.v[k] - self.lr * g


class AdaGradForm:
    """h ← h + g²;  θ ← θ − η g / (√h + ε), and its variants.

    eps_inside  True: √(h + ε) instead of √h + ε.
    first_h     the initial h.
    """

    def __init__(self, lr, eps, *, eps_inside=False, first_h=0.0):
        self.lr, self.eps, self.eps_inside, self.first_h = lr, eps, eps_inside, first_h
        self.h = {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.h[k] = self.h.get(k, self.first_h) + g * g
            params[k] -= self.lr * g / root(self.h[k], self.eps, self.eps_inside)


class RMSpropForm:
    """n ← ρ n + (1 − ρ) g²;  θ ← θ − η g / (√n + ε), and its variants.

    eps_inside        True: √(n + ε) instead of √n + ε.
    first_n           the initial n.
    centered          True: n − a² under the root, a ← ρ a + (1 − ρ) g.
    momentum          μ: the steps are collected in a velocity.
    rate_in_velocity  False: η multiplies the velocity, so that a changed rate takes effect at once.
    nesterov          True: the step looks ahead by one velocity, as Nesterov's.
    """

    def __init__(
        self, lr, decay, eps, *, eps_inside=False, first_n=0.0, centered=False, momentum=0.0,
        rate_in_velocity=True, nesterov=False,
    ):  # fmt: skip
        self.lr, self.decay, self.eps, self.eps_inside, self.first_n = lr, decay, eps, eps_inside, first_n
        self.centered, self.momentum = centered, momentum
        self.rate_in_velocity, self.nesterov = rate_in_velocity, nesterov
        self.n, self.a, self.v = {}, {}, {}

    def update(self, params, grads):
        for k, g in grads.items():
            self.n[k] = self.decay * self.n.get(k, self.first_n) + (1 - self.decay) * g * g
            self.a[k] = self.decay * self.a.get(k, 0.0) + (1 - self.decay) * g
            spread = self.n[k] - self.a[k] ** 2 if self.centered else self.n[k]
            push = g / root(spread, self.eps, self.eps_inside)
            if self.rate_in_velocity:
                self.v[k] = self.momentum * self.v.get(k, 0.0) - self.lr * push
                params[k] += self.momentum * self.v[k] - self.lr * push if self.nesterov else self.v[k]
            else:
                self.v[k] = self.momentum * self.v.get(k, 0.0) - push
                params[k] += self.lr * self.v[k]


def root(square, eps, inside):
    return np.sqrt(square + eps) if inside else np.sqrt(square) + eps


class AdamForm:
    """θ ← θ − η m̂ / (√v̂ + ε), and its variants.

    eps_hat     True: ε is added to the root of the raw v, θ ← θ − η √(1 − β₂ᵗ) / (1 − β₁ᵗ) m / (√v + ε).
                That is the formula above with ε / √(1 − β₂ᵗ) instead of ε: at first an ε some 32 times
                larger, for β₂ = 0.999. Kingma and Ba name it ε̂ below their Algorithm 1.
    maximum_of  "v" or "v̂": AMSGrad, which divides by the largest v (v̂) so far.
    """

    def __init__(self, lr, beta1, beta2, eps, *, eps_hat=False, maximum_of=""):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.eps_hat, self.maximum_of = eps_hat, maximum_of
        self.m, self.v, self.u = {}, {}, {}
        self.t = 0

    def update(self, params, grads):
        self.t += 1
        c2 = 1 - self.beta2**self.t
        eps = self.eps / np.sqrt(c2) if self.eps_hat else self.eps
        for k, g in grads.items():
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g * g
            v_hat = self.v[k] / c2
            if self.maximum_of:
                self.u[k] = np.maximum(self.u.get(k, 0.0), self.v[k] if self.maximum_of == "v" else v_hat)
                v_hat = self.u[k] / c2 if self.maximum_of == "v" else self.u[k]
            params[k] -= self.lr * self.corrected_mean(k, g) / (np.sqrt(v_hat) + eps)

    def corrected_mean(self, k, g):
        """The mean m̂ of the gradients."""
        self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
        return self.m[k] / (1 - self.beta1**self.t)


class AdamWForm(AdamForm):
    """Adam with a decay of θ that is not in the gradient: θ ← θ − η w θ, or θ ← θ − w θ where the decay is not times the rate."""

    def __init__(self, lr, beta1, beta2, eps, *, weight_decay, times_rate=True):
        super().__init__(lr, beta1, beta2, eps, eps_hat=True)
        self.weight_decay, self.times_rate = weight_decay, times_rate

    def update(self, params, grads):
        for p in params.values():
            p -= (self.lr if self.times_rate else 1.0) * self.weight_decay * p
        super().update(params, grads)


class AdaMax(AdamForm):
    """Adam with the largest decayed gradient instead of the root (Kingma and Ba 2015, Algorithm 2).

    eps_in_max  True: ε is added to |g| inside the maximum, not to u in the division.
    """

    def __init__(self, lr, beta1, beta2, eps, *, eps_in_max):
        super().__init__(lr, beta1, beta2, eps)
        self.eps_in_max = eps_in_max

    def update(self, params, grads):
        self.t += 1
        inside, outside = (self.eps, 0.0) if self.eps_in_max else (0.0, self.eps)
        for k, g in grads.items():
            self.u[k] = np.maximum(self.beta2 * self.u.get(k, 0.0), np.abs(g) + inside)
            params[k] -= self.lr * self.corrected_mean(k, g) / (self.u[k] + outside)


class NAdam(AdamForm):
    """Adam with Nesterov's look-ahead (Dozat 2016). p is the product of all μₜ so far.

    schedule  None: μₜ is β₁ at all times. A number δ: μₜ = β₁ (1 − ½ 0.96^(δ t)), Dozat's warm-up.
    """

    def __init__(self, lr, beta1, beta2, eps, *, schedule):
        super().__init__(lr, beta1, beta2, eps)
        self.schedule = schedule

    def mu(self, t):
        """μₜ, the momentum coefficient of step t = 1, 2, …"""
        return self.beta1 * (1 if self.schedule is None else 1 - 0.5 * 0.96 ** (self.schedule * t))

    def corrected_mean(self, k, g):
        super().corrected_mean(k, g)
        now, later = self.mu(self.t), self.mu(self.t + 1)
        p = np.prod([self.mu(t) for t in range(1, self.t + 1)])
        return later * self.m[k] / (1 - p * later) + (1 - now) * g / (1 - p)


class Variant(NamedTuple):
    """One variant: `factory` takes the hyperparameters of the course's `rule`, by its names."""

    rule: str
    factory: Callable[..., Any]


def variant(rule: str, form: type, **choices: Any) -> Variant:
    return Variant(rule, partial(form, **choices))


VARIANTS = {
    "momentum-rate-outside": variant("Momentum", MomentumForm, rate_in_velocity=False),
    "momentum-averaged": variant("Momentum", MomentumForm, rate_in_velocity=False, averaged=True),
    "momentum-dampened": variant(
        "Momentum", MomentumForm, rate_in_velocity=False, averaged=True, whole_first=True
    ),
    "nesterov-rate-outside": variant("Nesterov", NesterovForm, rate_in_velocity=False),
    "nesterov-new-velocity": variant("Nesterov", NesterovForm, new_velocity=True),
    "adagrad-eps-inside": variant("AdaGrad", AdaGradForm, eps_inside=True),
    "adagrad-from-0.1-eps-inside": variant("AdaGrad", AdaGradForm, eps_inside=True, first_h=0.1),
    "adagrad-from-0.1-no-eps": Variant("AdaGrad", lambda lr, eps: AdaGradForm(lr, 0.0, first_h=0.1)),
    "rmsprop-eps-inside": variant("RMSprop", RMSpropForm, eps_inside=True),
    "rmsprop-from-1": variant("RMSprop", RMSpropForm, first_n=1.0),
    "rmsprop-from-1-eps-inside": variant("RMSprop", RMSpropForm, first_n=1.0, eps_inside=True),
    "rmsprop-centered": variant("RMSprop", RMSpropForm, centered=True),
    "rmsprop-centered-eps-inside": variant("RMSprop", RMSpropForm, centered=True, eps_inside=True),
    "rmsprop-centered-from-1": variant("RMSprop", RMSpropForm, centered=True, eps_inside=True, first_n=1.0),
    "graves-eps-outside": variant("RMSpropGraves", RMSpropForm, centered=True, rate_in_velocity=False),
    "graves-from-1": variant("RMSpropGraves", RMSpropForm, centered=True, eps_inside=True, first_n=1.0),
    "graves-not-centered": variant("RMSpropGraves", RMSpropForm, eps_inside=True),
    "graves-not-centered-eps-outside": variant("RMSpropGraves", RMSpropForm, rate_in_velocity=False),
    "graves-not-centered-from-1": variant("RMSpropGraves", RMSpropForm, eps_inside=True, first_n=1.0),
    "graves-not-centered-nesterov": variant("RMSpropGraves", RMSpropForm, eps_inside=True, nesterov=True),
    "adam-eps-hat": variant("Adam", AdamForm, eps_hat=True),
    "adam-amsgrad": variant("Adam", AdamForm, maximum_of="v"),
    "adam-amsgrad-corrected": variant("Adam", AdamForm, maximum_of="v̂"),
    "adam-amsgrad-eps-hat": variant("Adam", AdamForm, maximum_of="v", eps_hat=True),
    "adam-adamax": variant("Adam", AdaMax, eps_in_max=False),
    "adam-adamax-eps-in-max": variant("Adam", AdaMax, eps_in_max=True),
    "adam-nadam": variant("Adam", NAdam, schedule=None),
    "adam-nadam-torch": variant("Adam", NAdam, schedule=0.004),
    "adam-nadam-keras": variant("Adam", NAdam, schedule=1.0),
    "adamw-eps-hat": variant("AdamW", AdamWForm),
    "adamw-decay-without-rate": variant("AdamW", AdamWForm, times_rate=False),
}
# The numbers part from the course's only when the rate changes.
SAME_AT_CONSTANT_RATE = {"momentum-rate-outside", "nesterov-rate-outside"}
