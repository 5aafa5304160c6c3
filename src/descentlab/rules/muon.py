"""Muon: of a whole matrix, a step whose singular values are all about as large.

m average of g, zero at first; X what is made of it, and the step in the end. Matrices are (inputs, outputs), as in
the course's nets. Source: Jordan et al. 2024, with the averages of PyTorch's `torch.optim.Muon`; the scale "rms":
Liu et al. 2025.
"""

import math
from collections.abc import Callable, Mapping

import numpy as np

from .adamw import AdamW
from .inputs import ArraysByKey, check_step, fraction, not_negative, zero_at_first

A, B, C = 3.4445, -4.7750, 2.0315
STEPS = 5
LEAST = 1e-7
"""A matrix of zeros is divided by this instead of its norm."""
SCALES: Mapping[str, Callable[[int, int], float]] = {
    "rms": lambda inputs, outputs: 0.2 * math.sqrt(max(inputs, outputs)),
    "shape": lambda inputs, outputs: math.sqrt(max(1.0, outputs / inputs)),
    "none": lambda inputs, outputs: 1.0,
}
"""What multiplies the step; with "rms" its entries are about as large as those of AdamW's steps."""


def iterated(x: np.ndarray) -> np.ndarray:
    """A matrix with the singular vectors of `x`, and singular values near 1 where those of `x` are not tiny."""
    x = x / max(float(np.linalg.norm(x)), LEAST)
    turned = x.shape[0] > x.shape[1]
    x = x.T if turned else x
    for _ in range(STEPS):
        # X ← A X + B X Xᵀ X + C (X Xᵀ)² X
        square = x @ x.T
        x = A * x + (B * square + C * square @ square) @ x
    return x.T if turned else x


class Muon:
    """The sign of a whole matrix, averaged; anything but a matrix takes AdamW's step.

    lr            η ≥ 0, the learning rate of matrices
    momentum      μ in [0, 1), the decay of the average of g
    weight_decay  w ≥ 0
    nesterov      whether the newest gradient counts twice
    scale         a key of `SCALES`
    other_lr      η ≥ 0 of anything else
    """

    def __init__(
        self,
        lr: float = 0.001,
        momentum: float = 0.95,
        weight_decay: float = 0.1,
        nesterov: bool = True,
        scale: str = "rms",
        other_lr: float = 0.001,
    ):
        if scale not in SCALES:
            raise ValueError(f"scale must be one of {', '.join(SCALES)}; got {scale!r}")
        self.lr = not_negative("lr", lr)
        self.momentum = fraction("momentum", momentum)
        self.weight_decay = not_negative("weight_decay", weight_decay)
        self.nesterov, self.scale = nesterov, scale
        self.other = AdamW(other_lr, weight_decay=weight_decay)
        self.m: ArraysByKey = {}

    def update(self, params: ArraysByKey, grads: ArraysByKey) -> None:
        """One step: float arrays of any shapes under equal keys; `params` change in place, `grads` do not.

        Raises:
            TypeError, ValueError: see `check_step`; nothing is changed then.
        """
        check_step(self.lr, params, grads, {**self.m, **self.other.m})
        matrices = {k: p for k, p in params.items() if p.ndim == 2}
        others = {k: p for k, p in params.items() if k not in matrices}
        self.other.update(others, grads)
        params |= others
        zero_at_first(matrices, self.m)
        for k, p in matrices.items():
            # (1)  m ← μ m + (1 − μ) g
            self.m[k] = self.momentum * self.m[k] + (1 - self.momentum) * grads[k]
            # (2)  X ← μ m + (1 − μ) g, or m
            x = self.momentum * self.m[k] + (1 - self.momentum) * grads[k] if self.nesterov else self.m[k]
            # (3)  X ← X / ‖X‖, then five times X ← A X + B X Xᵀ X + C (X Xᵀ)² X
            x = iterated(x)
            # (4)  θ ← θ − η (s X + w θ)
            params[k] -= self.lr * (SCALES[self.scale](*p.shape) * x + self.weight_decay * p)
