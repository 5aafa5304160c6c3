"""Lasagne 0.2: `lasagne.updates`, on Theano. Momentum is added to other rules by `apply_momentum`."""

from ..adagrad import AdaGradForm
from ..adam import AdamForm
from ..hyper import Rate, Share
from ..momentum import MomentumForm
from ..nesterov import NesterovForm
from ..related import AdaDelta, AdaMax
from ..rmsprop import RMSpropForm
from ..sgd import SGDForm

TITLE = "Lasagne"


def sgd(learning_rate: Rate) -> SGDForm:
    """`lasagne.updates.sgd`."""
    return SGDForm(learning_rate)


def momentum(learning_rate: Rate, momentum: Share = 0.9) -> MomentumForm:
    """`lasagne.updates.momentum`."""
    return MomentumForm(learning_rate, momentum)


def nesterov_momentum(learning_rate: Rate, momentum: Share = 0.9) -> NesterovForm:
    """`lasagne.updates.nesterov_momentum`."""
    return NesterovForm(learning_rate, momentum)


def adagrad(learning_rate: Rate = 1.0, epsilon: Rate = 1e-6) -> AdaGradForm:
    """`lasagne.updates.adagrad`."""
    return AdaGradForm(learning_rate, epsilon, eps_inside=True)


def rmsprop(learning_rate: Rate = 1.0, rho: Share = 0.9, epsilon: Rate = 1e-6) -> RMSpropForm:
    """`lasagne.updates.rmsprop`."""
    return RMSpropForm(learning_rate, rho, epsilon, eps_inside=True)


def rmsprop_apply_momentum(
    learning_rate: Rate = 1.0, rho: Share = 0.9, epsilon: Rate = 1e-6, momentum: Share = 0.9
) -> RMSpropForm:
    """`lasagne.updates.rmsprop`, then `apply_momentum`."""
    return RMSpropForm(learning_rate, rho, epsilon, eps_inside=True, momentum=momentum)


def rmsprop_apply_nesterov_momentum(
    learning_rate: Rate = 1.0, rho: Share = 0.9, epsilon: Rate = 1e-6, momentum: Share = 0.9
) -> RMSpropForm:
    """`lasagne.updates.rmsprop`, then `apply_nesterov_momentum`."""
    return RMSpropForm(learning_rate, rho, epsilon, eps_inside=True, momentum=momentum, nesterov=True)


def adadelta(learning_rate: Rate = 1.0, rho: Share = 0.95, epsilon: Rate = 1e-6) -> AdaDelta:
    """`lasagne.updates.adadelta`."""
    return AdaDelta(learning_rate, rho, epsilon)


def adam(
    learning_rate: Rate = 0.001, beta1: Share = 0.9, beta2: Share = 0.999, epsilon: Rate = 1e-8
) -> AdamForm:
    """`lasagne.updates.adam`."""
    return AdamForm(learning_rate, beta1, beta2, epsilon, eps_hat=True)


def adamax(
    learning_rate: Rate = 0.002, beta1: Share = 0.9, beta2: Share = 0.999, epsilon: Rate = 1e-8
) -> AdaMax:
    """`lasagne.updates.adamax`."""
    return AdaMax(learning_rate, beta1, beta2, epsilon, eps_in_max=False)


def amsgrad(
    learning_rate: Rate = 0.001, beta1: Share = 0.9, beta2: Share = 0.999, epsilon: Rate = 1e-8
) -> AdamForm:
    """`lasagne.updates.amsgrad`."""
    return AdamForm(learning_rate, beta1, beta2, epsilon, eps_hat=True, maximum_of="v")


RULES = {
    "sgd": (sgd, {}),
    "momentum": (momentum, {}),
    "nesterov": (nesterov_momentum, {}),
    "adagrad": (adagrad, {}),
    "rmsprop": (rmsprop, {}),
    "adadelta": (adadelta, {}),
    "adam": (adam, {}),
    "adamax": (adamax, {}),
    "amsgrad": (amsgrad, {}),
    "rmsprop+apply_momentum": (rmsprop_apply_momentum, {}),
    "rmsprop+apply_nesterov_momentum": (rmsprop_apply_nesterov_momentum, {}),
}
