"""PyTorch 2: `torch.optim`. Names, defaults and numbers of its classes."""

from ..adagrad import AdaGradForm
from ..adam import AdamForm, AdamL2, AdamWForm
from ..hyper import Betas, Rate, Share, Switch
from ..momentum import MomentumForm
from ..nesterov import NesterovForm
from ..related import AdaDelta, AdaMax
from ..related import NAdam as NAdamForm
from ..rmsprop import RMSpropForm
from ..sgd import SGDForm

TITLE = "PyTorch"


def SGD(
    lr: Rate = 1e-3, momentum: Share = 0.0, dampening: Share = 0.0, nesterov: Switch = False
) -> SGDForm | MomentumForm | NesterovForm:
    """`torch.optim.SGD`."""
    if nesterov:
        if not momentum or dampening:
            raise ValueError(f"nesterov needs a momentum and no dampening; got {momentum} and {dampening}")
        return NesterovForm(lr, momentum, rate_in_velocity=False)
    if not momentum:
        return SGDForm(lr)
    return MomentumForm(lr, momentum, rate_in_velocity=False, dampening=dampening, damp_first=False)


def Adagrad(
    lr: Rate = 1e-2, lr_decay: Rate = 0.0, initial_accumulator_value: Rate = 0.0, eps: Rate = 1e-10
) -> AdaGradForm:
    """`torch.optim.Adagrad`."""
    return AdaGradForm(lr, eps, first_h=initial_accumulator_value, lr_decay=lr_decay)


def RMSprop(
    lr: Rate = 1e-2, alpha: Share = 0.99, eps: Rate = 1e-8, momentum: Share = 0.0, centered: Switch = False
) -> RMSpropForm:
    """`torch.optim.RMSprop`."""
    return RMSpropForm(lr, alpha, eps, centered=centered, momentum=momentum, rate_in_velocity=False)


def Adadelta(lr: Rate = 1.0, rho: Share = 0.9, eps: Rate = 1e-6) -> AdaDelta:
    """`torch.optim.Adadelta`."""
    return AdaDelta(lr, rho, eps)


def Adam(
    lr: Rate = 1e-3,
    betas: Betas = (0.9, 0.999),
    eps: Rate = 1e-8,
    weight_decay: Rate = 0.0,
    amsgrad: Switch = False,
) -> AdamForm:
    """`torch.optim.Adam`."""
    maximum_of = "v" if amsgrad else None
    if weight_decay:
        return AdamL2(lr, *betas, eps, weight_decay=weight_decay, maximum_of=maximum_of)
    return AdamForm(lr, *betas, eps, maximum_of=maximum_of)


def AdamW(
    lr: Rate = 1e-3, betas: Betas = (0.9, 0.999), eps: Rate = 1e-8, weight_decay: Rate = 1e-2
) -> AdamWForm:
    """`torch.optim.AdamW`."""
    return AdamWForm(lr, *betas, eps, weight_decay=weight_decay)


def Adamax(lr: Rate = 2e-3, betas: Betas = (0.9, 0.999), eps: Rate = 1e-8) -> AdaMax:
    """`torch.optim.Adamax`."""
    return AdaMax(lr, *betas, eps, eps_in_max=True)


def NAdam(
    lr: Rate = 2e-3, betas: Betas = (0.9, 0.999), eps: Rate = 1e-8, momentum_decay: Rate = 4e-3
) -> NAdamForm:
    """`torch.optim.NAdam`."""
    return NAdamForm(lr, *betas, eps, schedule=momentum_decay)


RULES = {
    "sgd": (SGD, {}),
    "momentum": (SGD, {"momentum": 0.9}),
    "momentum_dampening": (SGD, {"momentum": 0.9, "dampening": 0.9}),
    "nesterov": (SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (Adagrad, {}),
    "rmsprop": (RMSprop, {}),
    "rmsprop_momentum": (RMSprop, {"momentum": 0.9}),
    "rmsprop_centered": (RMSprop, {"centered": True}),
    "rmsprop_centered_momentum": (RMSprop, {"momentum": 0.9, "centered": True}),
    "adadelta": (Adadelta, {}),
    "adam": (Adam, {}),
    "adam_l2": (Adam, {"weight_decay": 0.01}),
    "adamax": (Adamax, {}),
    "amsgrad": (Adam, {"amsgrad": True}),
    "nadam": (NAdam, {}),
    "adamw": (AdamW, {}),
}
