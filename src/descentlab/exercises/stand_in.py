"""A stand-in for an optimizer, for answers that test optimizers: none of the course's."""

from __future__ import annotations

import numpy as np


class StandIn:
    """Divides by the root of squares that it keeps or not, of each key apart or not.

    `memory` is "" for none; "sum" shows at every call; "average" is corrected for its start, so that it
    shows only where gradients change. `mixes` is "" for keys apart, "next" for squares handed on from key
    to key in the order of `grads`, "all" for one number of all keys.
    """

    def __init__(self, lr: float, memory: str, mixes: str):
        self._lr, self._memory, self._mixes = lr, memory, mixes
        self._calls, self._squares = 0, {}

    def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
        """Changes `params`; the keys and shapes are the caller's."""
        self._calls += 1
        for key, squares in self._seen(grads).items():
            params[key] = params[key] - self._lr * grads[key] / np.sqrt(self._kept(key, squares) + 1e-12)

    def _seen(self, grads: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """The mean squares of this call: each key's own, with those of the keys before it, or of all."""
        own = {key: np.mean(np.square(g)) for key, g in grads.items()}
        if self._mixes == "all":
            return dict.fromkeys(own, sum(own.values()))
        if self._mixes == "next":
            return dict(zip(own, np.cumsum(list(own.values())), strict=True))
        return own

    def _kept(self, key: str, squares: np.ndarray) -> np.ndarray:
        """What is divided by: this call's squares, their sum so far, or their mean so far."""
        if not self._memory:
            return squares
        self._squares[key] = self._squares.get(key, 0.0) + squares
        return self._squares[key] / (self._calls if self._memory == "average" else 1)
