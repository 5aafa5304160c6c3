"""Another objective's gradient with noise added: what a mini-batch gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from descentlab.objectives.objective import Objective
from descentlab.sentences import say


def noisy(objective: Objective, sigma: float, seed: int = 0) -> Objective:
    """The objective with independent normal noise of standard deviation `sigma` in each gradient's entries.

    The value has none. The noise goes on from call to call; make it anew with the same seed to see the same
    noise.
    """
    rng = np.random.default_rng(seed)

    def gradient(theta: np.ndarray) -> np.ndarray:
        exact = objective.gradient(theta)
        return exact + sigma * rng.standard_normal(exact.shape)

    name = say("{objective}, noise {sigma}", objective=objective.name, sigma=f"{sigma:g}")
    return replace(objective, name=name, gradient=gradient)
