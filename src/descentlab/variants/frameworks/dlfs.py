"""Deep Learning from Scratch, chapter 6: `common/optimizer.py`. Its ε is fixed at 1e-7."""

from ..adagrad import AdaGradForm
from ..adam import AdamForm
from ..hyper import Rate, Share
from ..momentum import MomentumForm
from ..nesterov import NesterovForm
from ..rmsprop import RMSpropForm
from ..sgd import SGDForm

TITLE = "Deep Learning from Scratch"
EPS = 1e-7


def SGD(lr: Rate = 0.01) -> SGDForm:
    """`common.optimizer.SGD`."""
    return SGDForm(lr)


def Momentum(lr: Rate = 0.01, momentum: Share = 0.9) -> MomentumForm:
    """`common.optimizer.Momentum`."""
    return MomentumForm(lr, momentum)


def Nesterov(lr: Rate = 0.01, momentum: Share = 0.9) -> NesterovForm:
    """`common.optimizer.Nesterov`."""
    return NesterovForm(lr, momentum)


def AdaGrad(lr: Rate = 0.01) -> AdaGradForm:
    """`common.optimizer.AdaGrad`."""
    return AdaGradForm(lr, EPS)


def RMSprop(lr: Rate = 0.01, decay_rate: Share = 0.99) -> RMSpropForm:
    """`common.optimizer.RMSprop`."""
    return RMSpropForm(lr, decay_rate, EPS)


def Adam(lr: Rate = 0.001, beta1: Share = 0.9, beta2: Share = 0.999) -> AdamForm:
    """`common.optimizer.Adam`."""
    return AdamForm(lr, beta1, beta2, EPS, eps_hat=True)


RULES = {
    "sgd": (SGD, {}),
    "momentum": (Momentum, {}),
    "nesterov": (Nesterov, {}),
    "adagrad": (AdaGrad, {}),
    "rmsprop": (RMSprop, {}),
    "adam": (Adam, {}),
}
