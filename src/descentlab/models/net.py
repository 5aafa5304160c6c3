"""Small nets and losses, their backprop by hand. `Net`: dense layers with ReLU between them.

    h₀ = x,  zₖ = hₖ₋₁ Wₖ + bₖ,  hₖ = max(zₖ, 0)                                     (1)
    δ  = ∂L/∂z of the last layer, from the loss                                       (2)
    ∂L/∂Wₖ = hₖ₋₁ᵀ δ + λ Wₖ,  ∂L/∂bₖ = Σ over the rows of δ                           (3)
    δ ← (δ Wₖᵀ) where hₖ₋₁ > 0, else 0                                                (4)

One row an example. The last layer has no ReLU: its z are the outputs. λ is the weight of ½ Σ W², the L2
penalty.
"""

from collections.abc import Callable, Sequence

import numpy as np

LossAndSlope = tuple[float, np.ndarray]
Loss = Callable[[np.ndarray, np.ndarray], LossAndSlope]
Params = dict[str, np.ndarray]
# For more rows at once BLAS starts threads, whose waiting costs more CPU time than the product itself.
ROWS = 128


class Net:
    """Dense layers of the given sizes, e.g. (10, 20, 1), under one of the losses below.

    Parameters live outside, in a dict of arrays: W1 (sizes[0], sizes[1]), b1 (sizes[1],), W2, b2, …
    """

    def __init__(self, sizes: Sequence[int], loss: Loss, l2: float = 0.0):
        self.sizes = tuple(sizes)
        self.error = loss
        self.l2 = l2
        self.layers = range(1, len(self.sizes))

    def start(self, rng: np.random.Generator) -> Params:
        """New parameters: W uniform in ±√(6/(inputs + outputs)) (Glorot and Bengio 2010), b zero."""
        params: Params = {}
        for k in self.layers:
            before, after = self.sizes[k - 1], self.sizes[k]
            limit = np.sqrt(6 / (before + after))
            params[f"W{k}"] = rng.uniform(-limit, limit, (before, after))
            params[f"b{k}"] = np.zeros(after)
        return params

    def outputs(self, params: Params, x: np.ndarray) -> np.ndarray:
        """The last layer's z for the rows of x: shape (n, sizes[-1])."""
        pieces = np.array_split(x, max(1, -(-len(x) // ROWS)))
        return np.concatenate([self._forward(params, piece)[-1] for piece in pieces])

    def loss(self, params: Params, x: np.ndarray, t: np.ndarray) -> float:
        """The mean loss of the rows, the penalty ½ λ Σ W² included."""
        error, _ = self.error(self.outputs(params, x), t)
        return error + 0.5 * self.l2 * sum(float(np.sum(params[f"W{k}"] ** 2)) for k in self.layers)

    def gradients(self, params: Params, x: np.ndarray, t: np.ndarray) -> Params:
        """∂loss/∂params: a new dict with the same keys and shapes."""
        *h, z = self._forward(params, x)
        _, delta = self.error(z, t)  # (2)
        grads: Params = {}
        for k in reversed(self.layers):
            grads[f"W{k}"] = h[k - 1].T @ delta + self.l2 * params[f"W{k}"]  # (3)
            grads[f"b{k}"] = delta.sum(axis=0)
            delta = (delta @ params[f"W{k}"].T) * (h[k - 1] > 0)  # (4)
        return grads

    def _forward(self, params: Params, x: np.ndarray) -> list[np.ndarray]:
        """[h₀, h₁, …, z]: the input of each layer, then the outputs."""
        h = [x]
        for k in self.layers:
            z = h[-1] @ params[f"W{k}"] + params[f"b{k}"]  # (1)
            h.append(np.maximum(z, 0) if k < len(self.layers) else z)
        return h


# Losses: how wrong the outputs z are for the targets t, and the slope ∂L/∂z that backprop starts from. Each gives
# (loss, slope): the mean over the batch, a float, and an array of z's shape. Shapes that do not fit raise ValueError:
# NumPy would broadcast (n,) against (n, 1) to (n, n) and say nothing.


def squared_error(z: np.ndarray, t: np.ndarray) -> LossAndSlope:
    """L = mean (z − t)². z and t have the same shape."""
    _same_shape(z, t)
    return float(np.mean((z - t) ** 2)), 2 * (z - t) / z.size


def binary_cross_entropy(z: np.ndarray, t: np.ndarray) -> LossAndSlope:
    """L = mean(−t log s − (1 − t) log(1 − s)) with s = 1/(1 + e⁻ᶻ). z and t have the same shape, t in [0, 1].

    z are logits: −t log s − (1 − t) log(1 − s) = max(z, 0) − z t + log(1 + e^−|z|), where no exponential
    overflows.
    """
    _same_shape(z, t)
    small = np.exp(-np.abs(z))
    sigmoid = np.where(z >= 0, 1.0, small) / (1 + small)
    return float(np.mean(np.maximum(z, 0) - z * t + np.log1p(small))), (sigmoid - t) / z.size


def softmax_cross_entropy(z: np.ndarray, t: np.ndarray) -> LossAndSlope:
    """L = mean −log p[t] with p = eᶻ / Σ eᶻ over the classes. z: (n, classes); t: (n,) class numbers."""
    rows = np.arange(len(z))
    if t.shape != rows.shape:
        raise ValueError(
            f"one class number a row: outputs {z.shape} need targets {rows.shape}, not {t.shape}"
        )
    log_p = z - z.max(axis=1, keepdims=True)  # the same p, and no exponential overflows
    log_p -= np.log(np.exp(log_p).sum(axis=1, keepdims=True))
    slope = np.exp(log_p)
    slope[rows, t] -= 1
    return float(-log_p[rows, t].mean()), slope / len(z)


def _same_shape(z: np.ndarray, t: np.ndarray) -> None:
    if z.shape != t.shape:
        raise ValueError(f"outputs of shape {z.shape} need targets of the same shape, not {t.shape}")
