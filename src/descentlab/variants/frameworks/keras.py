"""Keras 3: `keras.optimizers`. Names, defaults and numbers of its classes."""

from ..adagrad import AdaGradForm
from ..adam import AdamForm, AdamWForm
from ..hyper import Rate, Share, Switch
from ..momentum import MomentumForm
from ..nesterov import NesterovForm
from ..related import AdaDelta, AdaMax, NAdam
from ..rmsprop import RMSpropForm
from ..sgd import SGDForm

TITLE = "Keras"


def SGD(
    learning_rate: Rate = 0.01, momentum: Share = 0.0, nesterov: Switch = False
) -> SGDForm | MomentumForm | NesterovForm:
    """`keras.optimizers.SGD`."""
    if not momentum:
        return SGDForm(learning_rate)
    return (NesterovForm if nesterov else MomentumForm)(learning_rate, momentum)


def Adagrad(
    learning_rate: Rate = 0.001, initial_accumulator_value: Rate = 0.1, epsilon: Rate = 1e-7
) -> AdaGradForm:
    """`keras.optimizers.Adagrad`."""
    return AdaGradForm(learning_rate, epsilon, eps_inside=True, first_h=initial_accumulator_value)


def RMSprop(
    learning_rate: Rate = 0.001,
    rho: Share = 0.9,
    momentum: Share = 0.0,
    epsilon: Rate = 1e-7,
    centered: Switch = False,
) -> RMSpropForm:
    """`keras.optimizers.RMSprop`."""
    return RMSpropForm(learning_rate, rho, epsilon, eps_inside=True, centered=centered, momentum=momentum)


def Adadelta(learning_rate: Rate = 0.001, rho: Share = 0.95, epsilon: Rate = 1e-7) -> AdaDelta:
    """`keras.optimizers.Adadelta`."""
    return AdaDelta(learning_rate, rho, epsilon)


def Adam(
    learning_rate: Rate = 0.001,
    beta_1: Share = 0.9,
    beta_2: Share = 0.999,
    epsilon: Rate = 1e-7,
    amsgrad: Switch = False,
) -> AdamForm:
    """`keras.optimizers.Adam`."""
    maximum_of = "v" if amsgrad else None
    return AdamForm(learning_rate, beta_1, beta_2, epsilon, eps_hat=True, maximum_of=maximum_of)


def AdamW(
    learning_rate: Rate = 0.001,
    weight_decay: Rate = 0.004,
    beta_1: Share = 0.9,
    beta_2: Share = 0.999,
    epsilon: Rate = 1e-7,
) -> AdamWForm:
    """`keras.optimizers.AdamW`."""
    return AdamWForm(learning_rate, beta_1, beta_2, epsilon, weight_decay=weight_decay, eps_hat=True)


def Adamax(
    learning_rate: Rate = 0.001, beta_1: Share = 0.9, beta_2: Share = 0.999, epsilon: Rate = 1e-7
) -> AdaMax:
    """`keras.optimizers.Adamax`."""
    return AdaMax(learning_rate, beta_1, beta_2, epsilon, eps_in_max=False)


def Nadam(
    learning_rate: Rate = 0.001, beta_1: Share = 0.9, beta_2: Share = 0.999, epsilon: Rate = 1e-7
) -> NAdam:
    """`keras.optimizers.Nadam`."""
    return NAdam(learning_rate, beta_1, beta_2, epsilon, schedule=1.0)


RULES = {
    "sgd": (SGD, {}),
    "momentum": (SGD, {"momentum": 0.9}),
    "nesterov": (SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (Adagrad, {}),
    "rmsprop": (RMSprop, {}),
    "rmsprop_momentum": (RMSprop, {"momentum": 0.9}),
    "rmsprop_centered": (RMSprop, {"centered": True}),
    "rmsprop_centered_momentum": (RMSprop, {"momentum": 0.9, "centered": True}),
    "adadelta": (Adadelta, {}),
    "adam": (Adam, {}),
    "adamax": (Adamax, {}),
    "amsgrad": (Adam, {"amsgrad": True}),
    "nadam": (Nadam, {}),
    "adamw": (AdamW, {}),
}
