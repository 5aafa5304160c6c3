"""A chain of springs, ½ θᵀ A θ − θ₁ with A = tridiag(−1, 2, −1): hard for all that see only gradients.

From zero, only the first link feels a pull; each step wakes one link more, whatever the rule does with the
gradients it has seen. Source: Nesterov, Introductory Lectures on Convex Optimization (2004), section 2.1.2.
"""

import numpy as np

from descentlab.objectives.objective import Objective
from descentlab.sentences import say


def chain(links: int) -> Objective:
    """The chain of that many links, 1 or more: θ of shape (links,), zero at the start.

    Its curvatures lie between 0 and 4.
    """
    rest = 1 - np.arange(1, links + 1) / (links + 1)

    def gradient(theta: np.ndarray) -> np.ndarray:
        g = 2 * theta
        g[:-1] -= theta[1:]
        g[1:] -= theta[:-1]
        g[0] -= 1
        return g

    def value(theta: np.ndarray) -> np.ndarray:
        stretch = np.diff(theta, axis=0)
        ends = theta[0] ** 2 + theta[-1] ** 2
        return 0.5 * (ends + np.sum(stretch**2, axis=0)) - theta[0]

    return Objective(
        say("a chain of {count} springs", count=links),
        value,
        gradient,
        minimum=rest,
        start=np.zeros(links),
        extent=(-0.5, 1.5, -0.5, 1.5),
    )
