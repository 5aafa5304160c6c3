"""Lesson 08: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right(
    "practice/adamw",
    "Shrinks the array first, in place, then takes Adam's step; the averages are one array of two rows.",
)
class AdamW6:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.both = 0, {}

    def update(self, params, grads):
        self.t += 1
        betas = np.array([self.beta1, self.beta2])
        full = 1 - betas**self.t
        for k, theta in params.items():
            g = grads[k]
            if k not in self.both:
                self.both[k] = [np.zeros(np.shape(g)), np.zeros(np.shape(g))]
            m, v = (b * old + (1 - b) * new for b, old, new in zip(betas, self.both[k], (g, g * g)))
            self.both[k] = [m, v]
            theta *= 1 - self.lr * self.weight_decay
            theta -= self.lr * (m / full[0]) / ((v / full[1]) ** 0.5 + self.eps)


@right(
    "practice/effective",
    "Adds up the weights in a plain loop: the square of their sum over the sum of their squares.",
)
def effective8(beta, t):
    weight, total, squares = 1.0, 0.0, 0.0
    for _ in range(t):
        total += weight
        squares += weight * weight
        weight *= beta
    return total**2 / squares


@right(
    "practice/clip",
    "One long vector, its norm, and one factor min(1, limit/norm) for all, by np.divide with a where.",
)
def clip14(grads, limit):
    long = np.concatenate([np.ravel(g) for g in grads.values()]) if grads else np.zeros(1)
    norm = np.linalg.norm(long)
    factor = limit / norm if norm > limit else 1.0
    pieces = np.split(long * factor, np.cumsum([np.size(g) for g in grads.values()])[:-1])
    return {key: piece.reshape(np.shape(g)) for (key, g), piece in zip(grads.items(), pieces)}


@right(
    "practice/rest",
    "The middle one of the two walls and the minimum, by sorting, and the plain rest as a weighted mean with zero.",
)
def rest16(curvature, minimum, weight_decay):
    wall = 1 / weight_decay if weight_decay > 0 else float("inf")
    middle = sorted([-wall, minimum, wall])[1]
    plain = np.average([minimum, 0.0], weights=[curvature, weight_decay])
    return {"sign": middle, "plain": float(plain)}
