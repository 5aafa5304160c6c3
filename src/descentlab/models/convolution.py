"""A net with one convolution, its backprop by hand: the same small filters look at every place of a picture.

P = every k×k patch of x, a row each                                   (1)
h = max(P K + c, 0), one column a filter                               (2)
z = h W + b, with h of all places in one row                           (3)
∂L/∂K = Pᵀ δ, summed over places and pictures: they share the filters  (4)
"""

from __future__ import annotations

import numpy as np

from .net import Loss, Params


class ConvNet:
    """`filters` k×k filters with ReLU on square pictures, then a dense layer; used like `Net`.

    Parameters: K (k², filters), c (filters,), W (places · filters, classes), b (classes,). Without padding: a
    picture of side s has (s − k + 1)² places.
    """

    def __init__(self, side: int, filters: int, classes: int, loss: Loss, k: int = 3, l2: float = 0.0):
        self.side, self.filters, self.classes, self.k = side, filters, classes, k
        self.places = (side - k + 1) ** 2
        self.error, self.l2 = loss, l2

    def start(self, rng: np.random.Generator) -> Params:
        """New parameters: weights uniform in ±√(6/(inputs + outputs)), the rest zero."""

        def weights(inputs: int, outputs: int) -> np.ndarray:
            limit = np.sqrt(6 / (inputs + outputs))
            return rng.uniform(-limit, limit, (inputs, outputs))

        return {
            "K": weights(self.k**2, self.filters),
            "c": np.zeros(self.filters),
            "W": weights(self.places * self.filters, self.classes),
            "b": np.zeros(self.classes),
        }

    def outputs(self, params: Params, x: np.ndarray) -> np.ndarray:
        """The z of the pictures in the rows of x (n, side²): shape (n, classes)."""
        return self._forward(params, x)[-1]

    def loss(self, params: Params, x: np.ndarray, t: np.ndarray) -> float:
        """The mean loss of the rows, the penalty ½ λ (Σ K² + Σ W²) included."""
        error, _ = self.error(self.outputs(params, x), t)
        return error + 0.5 * self.l2 * sum(float(np.sum(params[key] ** 2)) for key in "KW")

    def gradients(self, params: Params, x: np.ndarray, t: np.ndarray) -> Params:
        """∂loss/∂params: a new dict with the same keys and shapes."""
        patches, h, z = self._forward(params, x)
        _, delta = self.error(z, t)
        seen = (delta @ params["W"].T).reshape(h.shape) * (h > 0)
        return {
            "K": np.einsum("npk,npf->kf", patches, seen) + self.l2 * params["K"],  # (4)
            "c": seen.sum(axis=(0, 1)),
            "W": h.reshape(len(x), -1).T @ delta + self.l2 * params["W"],
            "b": delta.sum(axis=0),
        }

    def _forward(self, params: Params, x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Patches (n, places, k²), h (n, places, filters), z (n, classes)."""
        pictures = x.reshape(-1, self.side, self.side)
        windows = np.lib.stride_tricks.sliding_window_view(pictures, (self.k, self.k), axis=(1, 2))
        patches = windows.reshape(len(x), self.places, self.k**2)  # (1)
        h = np.maximum(patches @ params["K"] + params["c"], 0)  # (2)
        return patches, h, h.reshape(len(x), -1) @ params["W"] + params["b"]  # (3)
