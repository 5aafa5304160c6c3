"""Lesson 07: two mistakes each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "comparison/six-rules",
    "RMSprop's two shares are swapped: ρ stands at the new square.",
    "Momentum's velocity takes only the share 1 − μ of the gradient.",
)
def path_of_07_a(name, hyper, gradient, start, steps):
    defaults = {
        "SGD": {"lr": 0.01},
        "Momentum": {"lr": 0.01, "momentum": 0.9},
        "Nesterov": {"lr": 0.01, "momentum": 0.9},
        "AdaGrad": {"lr": 0.01, "eps": 1e-8},
        "RMSprop": {"lr": 0.001, "decay": 0.9, "eps": 1e-8},
        "Adam": {"lr": 0.001, "beta1": 0.9, "beta2": 0.999, "eps": 1e-8},
    }
    o = defaults[name] | hyper
    x = np.array(start, dtype=float)
    path, v, h = [x.copy()], np.zeros(x.shape), np.zeros(x.shape)
    for t in range(1, steps + 1):
        g = np.array(gradient(x))
        if name == "SGD":
            x = x - o["lr"] * g
        if name == "Momentum":
            v = o["momentum"] * v - (1 - o["momentum"]) * o["lr"] * g
            x = x + v
        if name == "Nesterov":
            old, v = v, o["momentum"] * v - o["lr"] * g
            x = x - o["momentum"] * old + (1 + o["momentum"]) * v
        if name == "AdaGrad":
            h = h + g**2
            x = x - o["lr"] * g / (np.sqrt(h) + o["eps"])
        if name == "RMSprop":
            h = (1 - o["decay"]) * h + o["decay"] * g**2
            x = x - o["lr"] * g / (np.sqrt(h) + o["eps"])
        if name == "Adam":
            v = o["beta1"] * v + (1 - o["beta1"]) * g
            h = o["beta2"] * h + (1 - o["beta2"]) * g**2
            m_hat, h_hat = v / (1 - o["beta1"] ** t), h / (1 - o["beta2"] ** t)
            x = x - o["lr"] * m_hat / (np.sqrt(h_hat) + o["eps"])
        path.append(x.copy())
    return np.array(path)


@wrong(
    "comparison/rotation-gap",
    "Turns the path forward once more in place of back.",
    "Divides by the distance between the ends of the path, not by the farthest coordinate.",
)
def rotation_gap_07_a(make, gradient, start, angle, steps=30):
    c, s = np.cos(angle), np.sin(angle)
    Q = np.array([[c, -s], [s, c]])

    def path_from(rule, slope, point):
        params = {"p": np.array(point, dtype=float)}
        path = [params["p"].copy()]
        for _ in range(steps):
            rule.update(params, {"p": slope(params["p"])})
            path.append(params["p"].copy())
        return np.array(path)

    plain = path_from(make(), gradient, start)
    turned = path_from(make(), lambda x: Q @ gradient(Q.T @ x), Q @ np.array(start, dtype=float))
    back = turned @ Q.T
    return np.abs(back - plain).max() / np.linalg.norm(plain[-1] - plain[0])


@wrong(
    "comparison/logit-loss",
    "The weight stands at the target 0's term in place of the target 1's.",
    "The slope is that of the sum: it is not divided by n.",
)
def logit_loss_07_a(z, t, weight=1.0):
    softplus = lambda x: np.maximum(x, 0) + np.log1p(np.exp(-np.abs(x)))
    loss = np.mean(t * softplus(-z) + weight * (1 - t) * softplus(z))
    s = np.exp(-softplus(-z))
    slope = -t * (1 - s) + weight * (1 - t) * s
    return loss, slope
