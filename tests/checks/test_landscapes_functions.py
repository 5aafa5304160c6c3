"""The function checks of lesson 09: right answers pass however written, each likely mistake is seen."""

import numpy as np

SEEDS = (0, 1, 2, 12345, 2**63 - 1)


def leave_by_steps(lr, curvature, delta, edge):
    """Plain descent itself, counted."""
    y, calls = delta, 0
    while abs(y) < edge:
        y -= lr * (-curvature * y)
        calls += 1
    return calls


def leave_by_logarithms(lr, curvature, delta, edge):
    tens = np.log10(edge / np.abs(delta)) / np.log10(1 + lr * curvature)
    return np.maximum(np.ceil(tens), 0)


def growth_by_eigenvalues(lr, momentum, curvature):
    """The matrix of lesson 02 with a negative curvature."""
    return np.max(np.linalg.eigvals([[1 + momentum + lr * curvature, -momentum], [1, 0]]))


def growth_by_roots(lr, momentum, curvature):
    return max(np.roots([1, -(1 + momentum + lr * curvature), momentum]))


def growth_by_vieta(lr, momentum, curvature):
    """One root over the other: their product is μ."""
    b = 1 + momentum + lr * curvature
    small = 2 * momentum / (b + np.sqrt(b * b - 4 * momentum))
    return b - small


def noisy_step(theta, g, lr, temperature, noise):
    sigma = np.sqrt(2 * temperature / lr)
    return theta - lr * (g - sigma * noise)


def noisy_step_in_place(theta, g, lr, temperature, noise):
    theta -= lr * g
    theta += (2 * lr * temperature) ** 0.5 * noise
    return theta


def shares(bottoms, curvatures, temperature):
    integrals = [
        np.exp(-b / temperature) * np.sqrt(2 * np.pi * temperature / c)
        for b, c in zip(bottoms, curvatures, strict=True)
    ]
    return [each / sum(integrals) for each in integrals]


def slope(lr, L, gap, calls, sigma):
    lifted = calls * L / 2 * (lr * sigma) ** 2
    return ((gap + lifted) / calls / (lr - L * lr**2 / 2)) ** 0.5


RIGHT = [
    ("landscapes/leave", leave_by_steps),
    ("landscapes/leave", leave_by_logarithms),
    ("landscapes/growth", growth_by_eigenvalues),
    ("landscapes/growth", growth_by_roots),
    ("landscapes/growth", growth_by_vieta),
    ("landscapes/noisy-step", noisy_step),
    ("landscapes/noisy-step", noisy_step_in_place),
    ("landscapes/shares", shares),
    ("landscapes/slope", slope),
]


def of_one_side(lr, curvature, delta, edge):
    return leave_by_steps(lr, curvature, delta, edge) if delta > 0 else 0


WRONG = [
    ("landscapes/leave", of_one_side, 2 / 3),
    ("landscapes/growth", lambda lr, momentum, curvature: 1 + lr * curvature, 0.25),
    ("landscapes/noisy-step", lambda theta, g, lr, temperature, noise: theta - lr * g, 0.0),
    ("landscapes/shares", lambda bottoms, *_: np.full(len(bottoms), 1 / len(bottoms)), 0.0),
]
