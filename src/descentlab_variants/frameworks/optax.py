"""Optax 0.2, of JAX. Names, defaults and numbers of its functions; most have no default learning rate."""

from __future__ import annotations

from ..adagrad import AdaGrad
from ..adam import Adam, AdamW
from ..hyper import Rate, Share, Switch
from ..momentum import Momentum
from ..nesterov import Nesterov
from ..related import AdaDelta, AdaMax, NAdam
from ..rmsprop import RMSprop
from ..sgd import SGD

TITLE = "Optax"


def sgd(learning_rate: Rate, momentum: Share = 0.0, nesterov: Switch = False) -> SGD | Momentum | Nesterov:
    """`optax.sgd`."""
    if not momentum:
        return SGD(learning_rate)
    return (Nesterov if nesterov else Momentum)(learning_rate, momentum, rate_in_velocity=False)


def adagrad(learning_rate: Rate, initial_accumulator_value: Rate = 0.1, eps: Rate = 1e-7) -> AdaGrad:
    """`optax.adagrad`."""
    return AdaGrad(learning_rate, eps, eps_inside=True, first_h=initial_accumulator_value)


def rmsprop(
    learning_rate: Rate,
    decay: Share = 0.9,
    eps: Rate = 1e-8,
    eps_in_sqrt: Switch = True,
    centered: Switch = False,
    momentum: Share = 0.0,
) -> RMSprop:
    """`optax.rmsprop`."""
    return RMSprop(learning_rate, decay, eps, eps_inside=eps_in_sqrt, centered=centered, momentum=momentum)


def adadelta(learning_rate: Rate, rho: Share = 0.9, eps: Rate = 1e-6) -> AdaDelta:
    """`optax.adadelta`."""
    return AdaDelta(learning_rate, rho, eps)


def adam(learning_rate: Rate, b1: Share = 0.9, b2: Share = 0.999, eps: Rate = 1e-8) -> Adam:
    """`optax.adam`."""
    return Adam(learning_rate, b1, b2, eps)


def adamw(
    learning_rate: Rate, b1: Share = 0.9, b2: Share = 0.999, eps: Rate = 1e-8, weight_decay: Rate = 1e-4
) -> AdamW:
    """`optax.adamw`."""
    return AdamW(learning_rate, b1, b2, eps, weight_decay=weight_decay)


def adamax(learning_rate: Rate, b1: Share = 0.9, b2: Share = 0.999, eps: Rate = 1e-8) -> AdaMax:
    """`optax.adamax`."""
    return AdaMax(learning_rate, b1, b2, eps, eps_in_max=True)


def amsgrad(learning_rate: Rate, b1: Share = 0.9, b2: Share = 0.999, eps: Rate = 1e-8) -> Adam:
    """`optax.amsgrad`."""
    return Adam(learning_rate, b1, b2, eps, maximum_of="v̂")


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
