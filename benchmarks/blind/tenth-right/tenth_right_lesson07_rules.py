"""Right answers for lesson 07 of the tenth blind set, in unusual ways."""

import numpy as np
from blind_collection import right


@right(
    "comparison/six-rules",
    "No classes: one generator whose branches make the steps, collected by a comprehension.",
)
def path_of_07_r1(name, hyper, gradient, start, steps):
    defaults = {"lr": 0.001 if name in ("RMSprop", "Adam") else 0.01, "momentum": 0.9, "decay": 0.9}
    h = defaults | {"beta1": 0.9, "beta2": 0.999, "eps": 1e-8} | hyper
    lr, mu, eps = h["lr"], h["momentum"], h["eps"]

    def points():
        theta = np.asarray(start, dtype=float)
        first, second = np.zeros_like(theta), np.zeros_like(theta)
        yield theta
        for t in range(1, steps + 1):
            g = gradient(theta)
            match name:
                case "SGD":
                    step = -lr * g
                case "Momentum":
                    step = first = mu * first - lr * g
                case "Nesterov":
                    first = mu * first - lr * g
                    step = mu * first - lr * g  # -mu v0 + (1 + mu) v = mu v + (v - mu v0)
                case "AdaGrad":
                    second = second + g**2
                    step = -lr * g / (second**0.5 + eps)
                case "RMSprop":
                    second = h["decay"] * second + (1 - h["decay"]) * g**2
                    step = -lr * g / (second**0.5 + eps)
                case "Adam":
                    first = h["beta1"] * first + (1 - h["beta1"]) * g
                    second = h["beta2"] * second + (1 - h["beta2"]) * g**2
                    v_hat = second / (1 - h["beta2"] ** t)
                    step = -lr * first / (1 - h["beta1"] ** t) / (v_hat**0.5 + eps)
            theta = theta + step
            yield theta

    return np.stack([point for point in points()])


@right(
    "comparison/by-chance",
    "Pascal's triangle by convolution; every count of wins is looked at from both sides.",
)
def by_chance_07_r2(wins, seeds):
    chances = np.ones(1)
    for _ in range(seeds):
        chances = np.convolve(chances, [0.5, 0.5])
    k = np.arange(seeds + 1)
    return float(chances[np.maximum(k, seeds - k) >= wins].sum())


@right(
    "comparison/rotation-gap", "Turns by complex numbers; the path is turned back point by point as it grows."
)
def rotation_gap_07_r3(make, gradient, start, angle, steps=30):
    def turned(point, phi):
        number = complex(*point) * np.exp(1j * phi)
        return np.array([number.real, number.imag])

    def path(phi):
        rule, params = make(), {"p": turned(start, phi)}
        points = [turned(params["p"], -phi)]
        for _ in range(steps):
            g = gradient(turned(params["p"], -phi))
            rule.update(params, {"p": turned(g, phi)})
            points.append(turned(params["p"], -phi))
        return np.array(points)

    straight, other = path(0.0), path(angle)
    return np.max(np.abs(other - straight)) / np.max(np.abs(straight - straight[0]))


@right("comparison/logit-loss", "logaddexp for the logarithms, a hyperbolic tangent for s.")
def logit_loss_07_r4(z, t, weight=1.0):
    s = (1 + np.tanh(z / 2)) / 2
    cost = np.where(t > 0, weight * t * np.logaddexp(0, -z), 0) + (1 - t) * np.logaddexp(0, z)
    slope = s * (1 - t + weight * t) - weight * t
    return float(cost.mean()), slope / len(z)
