"""Lesson 07: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong(
    "comparison/six-rules",
    "Each point is kept before its update: the start stands there twice and the last point is missing.",
)
def path_of_07_a(name, hyper, gradient, start, steps):
    full = {"lr": 0.001 if name in ("RMSprop", "Adam") else 0.01, "momentum": 0.9, "eps": 1e-8, "decay": 0.9}
    full |= {"beta1": 0.9, "beta2": 0.999} | hyper
    lr, mu, eps, rho, b1, b2 = (full[k] for k in ("lr", "momentum", "eps", "decay", "beta1", "beta2"))
    theta = np.array(start, dtype=float)
    m, v = np.zeros_like(theta), np.zeros_like(theta)
    path = [theta.copy()]
    for t in range(1, steps + 1):
        path.append(theta.copy())
        g = gradient(theta)
        if name == "SGD":
            theta = theta - lr * g
        elif name == "Momentum":
            v = mu * v - lr * g
            theta = theta + v
        elif name == "Nesterov":
            v0, v = v, mu * v - lr * g
            theta = theta - mu * v0 + (1 + mu) * v
        elif name == "AdaGrad":
            v = v + g**2
            theta = theta - lr * g / (np.sqrt(v) + eps)
        elif name == "RMSprop":
            v = rho * v + (1 - rho) * g**2
            theta = theta - lr * g / (np.sqrt(v) + eps)
        elif name == "Adam":
            m = b1 * m + (1 - b1) * g
            v = b2 * v + (1 - b2) * g**2
            theta = theta - lr * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + eps)
    return np.array(path)


@wrong(
    "comparison/rotation-gap", "make() is called once: the second path starts with the memory of the first."
)
def rotation_gap_07_a(make, gradient, start, angle, steps=30):
    rule = make()

    def go(grad, first):
        params, points = {"x": np.array(first, dtype=float)}, [np.array(first, dtype=float)]
        for _ in range(steps):
            rule.update(params, {"x": grad(params["x"])})
            points.append(np.array(params["x"]))
        return np.array(points)

    c, s = np.cos(angle), np.sin(angle)
    Q = np.array([[c, -s], [s, c]])
    path = go(gradient, start)
    back = go(lambda theta: Q @ gradient(Q.T @ theta), Q @ np.array(start, dtype=float)) @ Q
    return np.abs(back - path).max() / np.abs(path - path[0]).max()
