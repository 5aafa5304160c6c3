"""Chainer 7: `chainer.optimizers`. `alpha` is the decay in its RMSprop, the learning rate in its Adam."""

from ..adagrad import AdaGradForm
from ..adam import AdamForm, AdamWForm
from ..hyper import Rate, Share, Switch
from ..momentum import MomentumForm
from ..nesterov import NesterovForm
from ..related import AdaDelta as AdaDeltaForm
from ..rmsprop import RMSpropForm
from ..sgd import SGDForm

TITLE = "Chainer"


def SGD(lr: Rate = 0.01) -> SGDForm:
    """`chainer.optimizers.SGD`."""
    return SGDForm(lr)


def MomentumSGD(lr: Rate = 0.01, momentum: Share = 0.9) -> MomentumForm:
    """`chainer.optimizers.MomentumSGD`."""
    return MomentumForm(lr, momentum)


def CorrectedMomentumSGD(lr: Rate = 0.01, momentum: Share = 0.9) -> MomentumForm:
    """`chainer.optimizers.CorrectedMomentumSGD`."""
    return MomentumForm(lr, momentum, rate_in_velocity=False)


def NesterovAG(lr: Rate = 0.01, momentum: Share = 0.9) -> NesterovForm:
    """`chainer.optimizers.NesterovAG`."""
    return NesterovForm(lr, momentum, new_velocity=True)


def AdaGrad(lr: Rate = 0.001, eps: Rate = 1e-8) -> AdaGradForm:
    """`chainer.optimizers.AdaGrad`."""
    return AdaGradForm(lr, eps)


def RMSprop(
    lr: Rate = 0.01, alpha: Share = 0.99, eps: Rate = 1e-8, eps_inside_sqrt: Switch = False
) -> RMSpropForm:
    """`chainer.optimizers.RMSprop`."""
    return RMSpropForm(lr, alpha, eps, eps_inside=eps_inside_sqrt)


def RMSpropGraves(
    lr: Rate = 1e-4, alpha: Share = 0.95, momentum: Share = 0.9, eps: Rate = 1e-4
) -> RMSpropForm:
    """`chainer.optimizers.RMSpropGraves`."""
    return RMSpropForm(lr, alpha, eps, eps_inside=True, centered=True, momentum=momentum)


def AdaDelta(rho: Share = 0.95, eps: Rate = 1e-6) -> AdaDeltaForm:
    """`chainer.optimizers.AdaDelta`."""
    return AdaDeltaForm(1.0, rho, eps)


def Adam(alpha: Rate = 0.001, beta1: Share = 0.9, beta2: Share = 0.999, eps: Rate = 1e-8) -> AdamForm:
    """`chainer.optimizers.Adam`."""
    return AdamForm(alpha, beta1, beta2, eps, eps_hat=True)


def AMSGrad(alpha: Rate = 0.001, beta1: Share = 0.9, beta2: Share = 0.999, eps: Rate = 1e-8) -> AdamForm:
    """`chainer.optimizers.AMSGrad`."""
    return AdamForm(alpha, beta1, beta2, eps, eps_hat=True, maximum_of="v")


def AdamW(
    alpha: Rate = 0.001,
    beta1: Share = 0.9,
    beta2: Share = 0.999,
    eps: Rate = 1e-8,
    weight_decay_rate: Rate = 0.0,
) -> AdamWForm:
    """`chainer.optimizers.AdamW`."""
    return AdamWForm(alpha, beta1, beta2, eps, weight_decay=weight_decay_rate, times_rate=False, eps_hat=True)


RULES = {
    "sgd": (SGD, {}),
    "momentum": (MomentumSGD, {}),
    "momentum_lr_outside": (CorrectedMomentumSGD, {}),
    "nesterov_new_velocity": (NesterovAG, {}),
    "adagrad": (AdaGrad, {}),
    "rmsprop": (RMSprop, {}),
    "rmsprop_eps_inside": (RMSprop, {"eps_inside_sqrt": True}),
    "rmsprop_centered_momentum": (RMSpropGraves, {}),
    "adadelta": (AdaDelta, {}),
    "adam": (Adam, {}),
    "amsgrad": (AMSGrad, {}),
    "adamw": (AdamW, {"weight_decay_rate": 0.01}),
}
