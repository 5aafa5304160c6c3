"""Every variant that gives other numbers than the course's rule, by name, for verdicts.

An answer with the numbers of `factory` is not a mistake but the variant that `sentence` describes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from .adagrad import AdaGradForm
from .adam import AdamForm, AdamWForm
from .momentum import MomentumForm
from .nesterov import NesterovForm
from .related import AdaMax, NAdam
from .rmsprop import RMSpropForm


@dataclass(frozen=True)
class Variant:
    """One variant: `factory` takes the hyperparameters of the course's `rule`, by its names.

    same_at_constant_rate  True: the numbers part from the course's only when the rate changes
    related               True: another rule, one small step away, not the same rule in another form
    """

    id: str
    rule: str
    sentence: str
    factory: Callable[..., Any]
    same_at_constant_rate: bool = False
    related: bool = False


def _dampened(damp_first: bool) -> Callable[..., MomentumForm]:
    return lambda lr, momentum: MomentumForm(
        lr, momentum, rate_in_velocity=False, dampening=momentum, damp_first=damp_first
    )


VARIANTS: tuple[Variant, ...] = (
    Variant(
        "momentum-rate-outside",
        "Momentum",
        "PyTorch's, Optax' and TensorFlow's momentum: η outside the velocity",
        partial(MomentumForm, rate_in_velocity=False),
        same_at_constant_rate=True,
    ),
    Variant(
        "momentum-averaged",
        "Momentum",
        "autograd's momentum: the velocity is an average, g enters it with the factor 1 − μ",
        _dampened(damp_first=True),
    ),
    Variant(
        "momentum-dampened",
        "Momentum",
        "PyTorch's momentum with dampening = μ: the first g enters whole, the later ones with 1 − μ",
        _dampened(damp_first=False),
    ),
    Variant(
        "nesterov-rate-outside",
        "Nesterov",
        "PyTorch's, Optax' and TensorFlow's Nesterov: η outside the velocity",
        partial(NesterovForm, rate_in_velocity=False),
        same_at_constant_rate=True,
    ),
    Variant(
        "nesterov-new-velocity",
        "Nesterov",
        "Chainer's NesterovAG, and Deep Learning from Scratch as first printed: "
        "the new velocity stands where the old one belongs",
        partial(NesterovForm, new_velocity=True),
    ),
    Variant(
        "adagrad-eps-inside",
        "AdaGrad",
        "Lasagne's AdaGrad: ε inside the root",
        partial(AdaGradForm, eps_inside=True),
    ),
    Variant(
        "adagrad-from-0.1-eps-inside",
        "AdaGrad",
        "Keras' and Optax' AdaGrad: h starts at 0.1, ε inside the root",
        partial(AdaGradForm, eps_inside=True, first_h=0.1),
    ),
    Variant(
        "adagrad-from-0.1-no-eps",
        "AdaGrad",
        "TensorFlow's AdaGrad: h starts at 0.1, no ε",
        lambda lr, eps: AdaGradForm(lr, 0.0, first_h=0.1),
    ),
    Variant(
        "rmsprop-eps-inside",
        "RMSprop",
        "Keras', Optax' and Lasagne's RMSprop: ε inside the root",
        partial(RMSpropForm, eps_inside=True),
    ),
    Variant(
        "rmsprop-from-1",
        "RMSprop",
        "autograd's RMSprop: the mean of squares starts at 1",
        partial(RMSpropForm, first_n=1.0),
    ),
    Variant(
        "rmsprop-from-1-eps-inside",
        "RMSprop",
        "TensorFlow's RMSprop: the mean of squares starts at 1, ε inside the root",
        partial(RMSpropForm, first_n=1.0, eps_inside=True),
    ),
    Variant(
        "rmsprop-centered",
        "RMSprop",
        "PyTorch's RMSprop with centered=True: the variance of g under the root, ε outside",
        partial(RMSpropForm, centered=True),
        related=True,
    ),
    Variant(
        "rmsprop-centered-eps-inside",
        "RMSprop",
        "Keras' and Optax' RMSprop with centered=True: the variance of g under the root, ε inside",
        partial(RMSpropForm, centered=True, eps_inside=True),
        related=True,
    ),
    Variant(
        "rmsprop-centered-from-1",
        "RMSprop",
        "TensorFlow's RMSprop with centered=True: the mean of squares starts at 1, ε inside the root",
        partial(RMSpropForm, centered=True, eps_inside=True, first_n=1.0),
        related=True,
    ),
    Variant(
        "graves-eps-outside",
        "RMSpropGraves",
        "PyTorch's RMSprop with centered=True and momentum: ε outside the root, η outside the velocity",
        partial(RMSpropForm, centered=True, rate_in_velocity=False),
    ),
    Variant(
        "graves-from-1",
        "RMSpropGraves",
        "TensorFlow's RMSprop with centered=True and momentum: the mean of squares starts at 1",
        partial(RMSpropForm, centered=True, eps_inside=True, first_n=1.0),
    ),
    Variant(
        "graves-not-centered",
        "RMSpropGraves",
        "Keras' and Optax' RMSprop with momentum: not centered, the mean of g is not subtracted",
        partial(RMSpropForm, eps_inside=True),
        related=True,
    ),
    Variant(
        "graves-not-centered-eps-outside",
        "RMSpropGraves",
        "PyTorch's RMSprop with momentum: not centered, ε outside the root, η outside the velocity",
        partial(RMSpropForm, rate_in_velocity=False),
        related=True,
    ),
    Variant(
        "graves-not-centered-from-1",
        "RMSpropGraves",
        "TensorFlow's RMSprop with momentum: not centered, the mean of squares starts at 1",
        partial(RMSpropForm, eps_inside=True, first_n=1.0),
        related=True,
    ),
    Variant(
        "graves-not-centered-nesterov",
        "RMSpropGraves",
        "Lasagne's RMSprop with apply_nesterov_momentum: not centered, the step looks ahead",
        partial(RMSpropForm, eps_inside=True, nesterov=True),
        related=True,
    ),
    Variant(
        "adam-eps-hat",
        "Adam",
        "Keras', TensorFlow's, Chainer's and Lasagne's Adam: ε added to the raw root (ε̂)",
        partial(AdamForm, eps_hat=True),
    ),
    Variant(
        "adam-amsgrad",
        "Adam",
        "AMSGrad, as PyTorch's: divides by the largest v so far",
        partial(AdamForm, maximum_of="v"),
        related=True,
    ),
    Variant(
        "adam-amsgrad-corrected",
        "Adam",
        "AMSGrad, as Optax': divides by the largest corrected v so far",
        partial(AdamForm, maximum_of="v̂"),
        related=True,
    ),
    Variant(
        "adam-amsgrad-eps-hat",
        "Adam",
        "AMSGrad, as Keras': divides by the largest v so far, ε added to the raw root (ε̂)",
        partial(AdamForm, maximum_of="v", eps_hat=True),
        related=True,
    ),
    Variant(
        "adam-adamax",
        "Adam",
        "AdaMax, as Keras': the largest fading |g| instead of the root",
        partial(AdaMax, eps_in_max=False),
        related=True,
    ),
    Variant(
        "adam-adamax-eps-in-max",
        "Adam",
        "AdaMax, as PyTorch's: the largest fading |g| + ε instead of the root",
        partial(AdaMax, eps_in_max=True),
        related=True,
    ),
    Variant(
        "adam-nadam",
        "Adam",
        "NAdam, as Optax': Adam with Nesterov's look-ahead",
        partial(NAdam, schedule=None),
        related=True,
    ),
    Variant(
        "adam-nadam-torch",
        "Adam",
        "NAdam, as PyTorch's: Nesterov's look-ahead with a slow warm-up of β₁",
        partial(NAdam, schedule=0.004),
        related=True,
    ),
    Variant(
        "adam-nadam-keras",
        "Adam",
        "NAdam, as Keras': Nesterov's look-ahead with a quick warm-up of β₁",
        partial(NAdam, schedule=1.0),
        related=True,
    ),
    Variant(
        "adamw-eps-hat",
        "AdamW",
        "Keras' AdamW: ε added to the raw root (ε̂)",
        partial(AdamWForm, eps_hat=True),
    ),
    Variant(
        "adamw-decay-without-rate",
        "AdamW",
        "Chainer's AdamW: the decay is not multiplied by η, ε added to the raw root (ε̂)",
        partial(AdamWForm, eps_hat=True, times_rate=False),
    ),
)
