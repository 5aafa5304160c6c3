"""HIPS autograd 1.9: `autograd.misc.optimizers`. Its `sgd` has momentum, of the averaging kind."""

from __future__ import annotations

from ..adam import Adam
from ..hyper import Rate, Share
from ..momentum import Momentum
from ..rmsprop import RMSprop

TITLE = "autograd"


def sgd(step_size: Rate = 0.1, mass: Share = 0.9) -> Momentum:
    """`autograd.misc.optimizers.sgd`."""
    return Momentum(step_size, mass, rate_in_velocity=False, dampening=mass)


def rmsprop(step_size: Rate = 0.1, gamma: Share = 0.9, eps: Rate = 1e-8) -> RMSprop:
    """`autograd.misc.optimizers.rmsprop`."""
    return RMSprop(step_size, gamma, eps, first_n=1.0)


def adam(step_size: Rate = 0.001, b1: Share = 0.9, b2: Share = 0.999, eps: Rate = 1e-8) -> Adam:
    """`autograd.misc.optimizers.adam`."""
    return Adam(step_size, b1, b2, eps)


RULES = {
    "momentum_averaged": (sgd, {}),
    "rmsprop": (rmsprop, {}),
    "adam": (adam, {}),
}
