"""HIPS autograd 1.9: `autograd.misc.optimizers`. Its `sgd` has momentum, of the averaging kind."""

from ..adam import AdamForm
from ..hyper import Rate, Share
from ..momentum import MomentumForm
from ..rmsprop import RMSpropForm

TITLE = "autograd"


def sgd(step_size: Rate = 0.1, mass: Share = 0.9) -> MomentumForm:
    """`autograd.misc.optimizers.sgd`."""
    return MomentumForm(step_size, mass, rate_in_velocity=False, dampening=mass)


def rmsprop(step_size: Rate = 0.1, gamma: Share = 0.9, eps: Rate = 1e-8) -> RMSpropForm:
    """`autograd.misc.optimizers.rmsprop`."""
    return RMSpropForm(step_size, gamma, eps, first_n=1.0)


def adam(step_size: Rate = 0.001, b1: Share = 0.9, b2: Share = 0.999, eps: Rate = 1e-8) -> AdamForm:
    """`autograd.misc.optimizers.adam`."""
    return AdamForm(step_size, b1, b2, eps)


RULES = {
    "momentum_averaged": (sgd, {}),
    "rmsprop": (rmsprop, {}),
    "adam": (adam, {}),
}
