"""Deep Learning from Scratch as first printed: its Nesterov used the new velocity, mended in 2021."""

from ..hyper import Rate, Share
from ..nesterov import NesterovForm
from . import dlfs

TITLE = "Deep Learning from Scratch (2016)"


def Nesterov(lr: Rate = 0.01, momentum: Share = 0.9) -> NesterovForm:
    """`common.optimizer.Nesterov`."""
    return NesterovForm(lr, momentum, new_velocity=True)


RULES = dlfs.RULES | {"nesterov": (Nesterov, {})}
