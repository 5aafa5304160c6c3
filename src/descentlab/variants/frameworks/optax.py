"""Optax 0.2, of JAX. Names, defaults and numbers of its functions; most have no default learning rate."""

from ..adagrad import AdaGradForm
from ..adam import AdamForm, AdamWForm
from ..hyper import Rate, Share, Switch
from ..momentum import MomentumForm
from ..nesterov import NesterovForm
from ..related import AdaDelta, AdaMax, NAdam
from ..rmsprop import RMSpropForm
from ..sgd import SGDForm

TITLE = "Optax"


def sgd(
    learning_rate: Rate, momentum: Share = 0.0, nesterov: Switch = False
) -> SGDForm | MomentumForm | NesterovForm:
    """`optax.sgd`."""
    if not momentum:
        return SGDForm(learning_rate)
    return (NesterovForm if nesterov else MomentumForm)(learning_rate, momentum, rate_in_velocity=False)


def adagrad(learning_rate: Rate, initial_accumulator_value: Rate = 0.1, eps: Rate = 1e-7) -> AdaGradForm:
    """`optax.adagrad`."""
    return AdaGradForm(learning_rate, eps, eps_inside=True, first_h=initial_accumulator_value)


def rmsprop(
    learning_rate: Rate,
    decay: Share = 0.9,
    eps: Rate = 1e-8,
    eps_in_sqrt: Switch = True,
    centered: Switch = False,
    momentum: Share = 0.0,
) -> RMSpropForm:
    """`optax.rmsprop`."""
    return RMSpropForm(
        learning_rate, decay, eps, eps_inside=eps_in_sqrt, centered=centered, momentum=momentum
    )


def adadelta(learning_rate: Rate, rho: Share = 0.9, eps: Rate = 1e-6) -> AdaDelta:
    """`optax.adadelta`."""
    return AdaDelta(learning_rate, rho, eps)


def adam(learning_rate: Rate, b1: Share = 0.9, b2: Share = 0.999, eps: Rate = 1e-8) -> AdamForm:
    """`optax.adam`."""
    return AdamForm(learning_rate, b1, b2, eps)


def adamw(
    learning_rate: Rate, b1: Share = 0.9, b2: Share = 0.999, eps: Rate = 1e-8, weight_decay: Rate = 1e-4
) -> AdamWForm:
    """`optax.adamw`."""
    return AdamWForm(learning_rate, b1, b2, eps, weight_decay=weight_decay)


def adamax(learning_rate: Rate, b1: Share = 0.9, b2: Share = 0.999, eps: Rate = 1e-8) -> AdaMax:
    """`optax.adamax`."""
    return AdaMax(learning_rate, b1, b2, eps, eps_in_max=True)


def amsgrad(learning_rate: Rate, b1: Share = 0.9, b2: Share = 0.999, eps: Rate = 1e-8) -> AdamForm:
    """`optax.amsgrad`."""
    return AdamForm(learning_rate, b1, b2, eps, maximum_of="v̂")


def nadam(learning_rate: Rate, b1: Share = 0.9, b2: Share = 0.999, eps: Rate = 1e-8) -> NAdam:
    """`optax.nadam`."""
    return NAdam(learning_rate, b1, b2, eps, schedule=None)


RULES = {
    "sgd": (sgd, {}),
    "momentum": (sgd, {"momentum": 0.9}),
    "nesterov": (sgd, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (adagrad, {}),
    "rmsprop": (rmsprop, {}),
    "rmsprop_eps_outside": (rmsprop, {"eps_in_sqrt": False}),
    "rmsprop_momentum": (rmsprop, {"momentum": 0.9}),
    "rmsprop_centered": (rmsprop, {"centered": True}),
    "rmsprop_centered_momentum": (rmsprop, {"momentum": 0.9, "centered": True}),
    "adadelta": (adadelta, {}),
    "adam": (adam, {}),
    "adamax": (adamax, {}),
    "amsgrad": (amsgrad, {}),
    "nadam": (nadam, {}),
    "adamw": (adamw, {}),
}
