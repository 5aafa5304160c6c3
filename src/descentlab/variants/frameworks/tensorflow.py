"""TensorFlow: `tf.compat.v1.train`, and RMSprop of `tf.keras.optimizers.legacy` (before Keras 3)."""

from ..adagrad import AdaGradForm
from ..adam import AdamForm
from ..hyper import Rate, Share, Switch
from ..momentum import MomentumForm
from ..nesterov import NesterovForm
from ..related import AdaDelta
from ..rmsprop import RMSpropForm
from ..sgd import SGDForm

TITLE = "TensorFlow"


def GradientDescentOptimizer(learning_rate: Rate) -> SGDForm:
    """`tf.compat.v1.train.GradientDescentOptimizer`."""
    return SGDForm(learning_rate)


def MomentumOptimizer(
    learning_rate: Rate, momentum: Share, use_nesterov: Switch = False
) -> MomentumForm | NesterovForm:
    """`tf.compat.v1.train.MomentumOptimizer`."""
    return (NesterovForm if use_nesterov else MomentumForm)(learning_rate, momentum, rate_in_velocity=False)


def AdagradOptimizer(learning_rate: Rate, initial_accumulator_value: Rate = 0.1) -> AdaGradForm:
    """`tf.compat.v1.train.AdagradOptimizer`."""
    return AdaGradForm(learning_rate, eps=0.0, first_h=initial_accumulator_value)


def RMSPropOptimizer(
    learning_rate: Rate,
    decay: Share = 0.9,
    momentum: Share = 0.0,
    epsilon: Rate = 1e-10,
    centered: Switch = False,
) -> RMSpropForm:
    """`tf.compat.v1.train.RMSPropOptimizer`."""
    return RMSpropForm(
        learning_rate, decay, epsilon, eps_inside=True, first_n=1.0, centered=centered, momentum=momentum
    )


def AdadeltaOptimizer(learning_rate: Rate = 0.001, rho: Share = 0.95, epsilon: Rate = 1e-8) -> AdaDelta:
    """`tf.compat.v1.train.AdadeltaOptimizer`."""
    return AdaDelta(learning_rate, rho, epsilon)


def AdamOptimizer(
    learning_rate: Rate = 0.001, beta1: Share = 0.9, beta2: Share = 0.999, epsilon: Rate = 1e-8
) -> AdamForm:
    """`tf.compat.v1.train.AdamOptimizer`."""
    return AdamForm(learning_rate, beta1, beta2, epsilon, eps_hat=True)


def legacy_RMSprop(
    learning_rate: Rate = 0.001,
    rho: Share = 0.9,
    momentum: Share = 0.0,
    epsilon: Rate = 1e-7,
    centered: Switch = False,
) -> RMSpropForm:
    """`tf.keras.optimizers.legacy.RMSprop`."""
    # Two code paths in one class: with momentum, ε moves under the root.
    inside = momentum > 0
    return RMSpropForm(learning_rate, rho, epsilon, eps_inside=inside, centered=centered, momentum=momentum)


RULES = {
    "sgd": (GradientDescentOptimizer, {}),
    "momentum": (MomentumOptimizer, {"momentum": 0.9}),
    "nesterov": (MomentumOptimizer, {"momentum": 0.9, "use_nesterov": True}),
    "adagrad": (AdagradOptimizer, {}),
    "rmsprop": (RMSPropOptimizer, {}),
    "rmsprop_momentum": (RMSPropOptimizer, {"momentum": 0.9}),
    "rmsprop_centered": (RMSPropOptimizer, {"centered": True}),
    "rmsprop_centered_momentum": (RMSPropOptimizer, {"momentum": 0.9, "centered": True}),
    "adadelta": (AdadeltaOptimizer, {}),
    "adam": (AdamOptimizer, {}),
    "rmsprop_legacy": (legacy_RMSprop, {}),
    "rmsprop_legacy_centered": (legacy_RMSprop, {"centered": True}),
    "rmsprop_legacy_momentum": (legacy_RMSprop, {"momentum": 0.9}),
}
