"""The function checks of lesson 08: right answers pass however written, each likely mistake is seen."""

import numpy as np

SEEDS = (0, 1, 2, 12345, 2**63 - 1)


def best_next(a, curvature, sigma):
    """The bottom of the parabola c₀ + c₁ η + c₂ η²."""
    c0, c1, c2 = a, -2 * curvature * a, curvature**2 * a + sigma**2
    lr = -c1 / (2 * c2)
    return lr, c0 + c1 * lr + c2 * lr**2


def effective(beta, t):
    shares = (1 - beta) * beta ** np.arange(t) / (1 - beta**t)
    return 1 / np.sum(shares**2)


def schedule(t, lr, warmup, total):
    if t < warmup:
        return t * lr / warmup
    return lr * np.cos(np.pi / 2 * (t - warmup) / (total - warmup)) ** 2


def clip(grads, limit):
    norm = np.linalg.norm(np.concatenate([np.ravel(g) for g in grads.values()]))
    return {k: np.asarray(g / max(1.0, norm / limit)) for k, g in grads.items()}


def rest(curvature, minimum, weight_decay):
    edge = np.sign(minimum) / weight_decay
    sign = minimum if abs(minimum) < abs(edge) else edge
    return {"plain": minimum / (1 + weight_decay / curvature), "sign": sign}


RIGHT = [
    ("practice/best-next", best_next),
    ("practice/effective", effective),
    ("practice/schedule", schedule),
    ("practice/clip", clip),
    ("practice/rest", rest),
]


def clip_in_place(grads, limit):
    for k, g in clip(grads, limit).items():
        grads[k][...] = g
    return grads


WRONG = [
    ("practice/clip", clip_in_place, 0.75),
    (
        "practice/clip",
        lambda grads, limit: {
            k: g * min(1, limit / float(np.sqrt(sum((g**2).sum() for g in grads.values()))))
            for k, g in grads.items()
        },
        0.75,
    ),
    ("practice/best-next", lambda *problem: best_next(*problem)[0], 0.0),
    (
        "practice/schedule",
        lambda t, lr, warmup, total: min(t * lr / warmup, schedule(t, lr, warmup, total)),
        0.5,
    ),
]
