"""Expected results of the checks of lesson 00-gradients."""

import numpy as np

from verdicts.spec import ProbeData


def slopes(data: ProbeData) -> dict[str, float]:
    """The three difference quotients of a e^(bθ) + c θ³."""

    def f(theta):
        return data["a"] * np.exp(data["b"] * theta) + data["c"] * theta**3

    theta, h = data["theta"], data["h"]
    return {
        "forward": float((f(theta + h) - f(theta)) / h),
        "central": float((f(theta + h) - f(theta - h)) / (2 * h)),
        "complex": float(np.imag(f(theta + 1j * h)) / h),
    }


def best_steps(data: ProbeData) -> dict[str, float]:
    """The zeros of the derivative of the error bounds (h/2)|f''| + 2r|f|/h and (h²/6)|f'''| + r|f|/h."""
    noise = data["r"] * abs(data["f"])
    return {
        "forward": float(np.sqrt(4 * noise / abs(data["f2"]))),
        "central": float(np.cbrt(3 * noise / abs(data["f3"]))),
    }


def numerical(data: ProbeData) -> dict[str, np.ndarray]:
    """The exact gradient of Σ w sin(p − c) + ½ (Σ w (p − c))²."""
    weight, center, params = data["weight"], data["center"], data["params"]
    mixed = sum(float(np.sum(weight[key] * (params[key] - center[key]))) for key in weight)
    return {key: np.asarray(w * (np.cos(params[key] - center[key]) + mixed)) for key, w in weight.items()}


def agree(data: ProbeData) -> dict[str, bool]:
    """Whether the largest difference is rounding, next to the largest entry of the two arrays."""
    pairs = {key: (g, data["judged"][key]) for key, g in data["grads"].items()}
    return {key: bool(np.abs(g - j).max() <= 1e-5 * np.abs([g, j]).max()) for key, (g, j) in pairs.items()}


def last_layer(data: ProbeData) -> dict[str, np.ndarray]:
    """The derivatives of Σ (z − t)² / (2n), where z = a W2 + b2, row by row and summed."""
    rows = [(a, (z - t) / len(data["z"])) for a, z, t in zip(data["a"], data["z"], data["t"], strict=True)]
    return {"W2": sum(np.outer(a, slope) for a, slope in rows), "b2": sum(slope for _, slope in rows)}


def backprop(data: ProbeData) -> dict[str, np.ndarray]:
    """The gradient of Σ (z − t)² / (2n) for z = tanh(x W1 + b1) W2 + b2, row by row and summed."""
    params, x, t = data["params"], data["x"], data["t"]
    grads = {key: np.zeros_like(value) for key, value in params.items()}
    for row, aim in zip(x, t, strict=True):
        a = np.tanh(row @ params["W1"] + params["b1"])
        outer = (a @ params["W2"] + params["b2"] - aim) / len(x)
        inner = (params["W2"] @ outer) * (1 - a * a)
        grads["b2"] += outer
        grads["W2"] += np.outer(a, outer)
        grads["b1"] += inner
        grads["W1"] += np.outer(row, inner)
    return grads
