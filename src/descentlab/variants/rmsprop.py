"""RMSprop, plain, centred, with momentum, with the choices in which frameworks differ."""

import numpy as np

from descentlab.agreement import Arrays
from descentlab.rules.inputs import check_step, fraction, not_negative


class RMSpropForm:
    """n ← ρ n + (1 − ρ) g²;  θ ← θ − η g / (√n + ε), and its variants.

    eps_inside        True: √(n + ε) in place of √n + ε.
    first_n           the initial n.
    centered          True: n − a² under the root, a ← ρ a + (1 − ρ) g.
    momentum          μ: the steps are collected in a velocity.
    rate_in_velocity  False: η multiplies the velocity, so that a changed rate takes effect at once.
    nesterov          True: the step looks ahead by one velocity, as Nesterov's.
    """

    def __init__(
        self,
        lr: float,
        decay: float,
        eps: float,
        *,
        eps_inside: bool = False,
        first_n: float = 0.0,
        centered: bool = False,
        momentum: float = 0.0,
        rate_in_velocity: bool = True,
        nesterov: bool = False,
    ):
        self.lr = not_negative("lr", lr)
        self.decay = fraction("decay", decay)
        self.eps = not_negative("eps", eps)
        self.eps_inside = eps_inside
        self.first_n = first_n
        self.centered = centered
        self.momentum = fraction("momentum", momentum)
        self.rate_in_velocity = rate_in_velocity
        self.nesterov = nesterov
        self.n: dict[str, np.ndarray] = {}
        self.a: dict[str, np.ndarray] = {}
        self.v: dict[str, np.ndarray] = {}

    def update(self, params: dict[str, np.ndarray], grads: Arrays) -> None:
        """One step, as the plain rule's `update`, with the choices above."""
        check_step(self.lr, params, grads, self.n)
        for k in params:
            if k not in self.n:
                self.n[k] = np.full_like(params[k], self.first_n)
                self.a[k] = np.zeros_like(params[k])
                self.v[k] = np.zeros_like(params[k])
            self.n[k] = self.decay * self.n[k] + (1 - self.decay) * grads[k] * grads[k]
            under = self.n[k]
            if self.centered:
                self.a[k] = self.decay * self.a[k] + (1 - self.decay) * grads[k]
                under = self.n[k] - self.a[k] * self.a[k]
            s = np.sqrt(under + self.eps) if self.eps_inside else np.sqrt(under) + self.eps
            if self.rate_in_velocity:
                self.v[k] = self.momentum * self.v[k] - self.lr * grads[k] / s
                ahead = self.momentum * self.v[k] - self.lr * grads[k] / s if self.nesterov else self.v[k]
                params[k] += ahead
            else:
                self.v[k] = self.momentum * self.v[k] - grads[k] / s
                params[k] += self.lr * self.v[k]

    @property
    def symbol(self) -> str:
        """The symbol of the mean of squares: h as in the plain RMSprop, n as in Graves' rule."""
        return "n" if self.centered or self.momentum else "h"

    @property
    def formula(self) -> tuple[str, ...]:
        """The lines of the update as chosen, in order."""
        n = self.symbol
        lines = [f"{n} ← ρ {n} + (1 − ρ) g²"]
        under = n
        if self.centered:
            lines.append("a ← ρ a + (1 − ρ) g")
            under = f"{n} − a²"
        root = f"√({under})" if self.centered else f"√{under}"
        lines.append(f"s ← √({under} + ε)" if self.eps_inside else f"s ← {root} + ε")
        if not self.momentum:
            lines.append("θ ← θ − η g / s")
        elif not self.rate_in_velocity:
            lines += ["v ← μ v − g / s", "θ ← θ + η v"]
        else:
            lines.append("v ← μ v − η g / s")
            lines.append("θ ← θ + μ v − η g / s" if self.nesterov else "θ ← θ + v")
        return tuple(lines)

    @property
    def differences(self) -> tuple[str, ...]:
        """The differences from Hinton's form (ε outside), or Graves' (centred, ε inside, η in the velocity)."""
        graves = self.centered
        differences = []
        if self.eps_inside != graves:
            differences.append("ε outside the root" if graves else "ε inside the root")
        if self.first_n:
            differences.append(f"{self.symbol} starts at {self.first_n:g}")
        if self.momentum and not self.rate_in_velocity:
            differences.append("η outside the velocity")
        if self.nesterov:
            differences.append("Nesterov's look-ahead")
        return tuple(differences)
