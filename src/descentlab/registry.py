"""One row a rule: its name, hyperparameters and look. To add a rule: docs/extending.md.

No formula is here. The classes are in `descentlab.rules`, one file a rule. A submission's sandbox holds this
module and not these classes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Hyperparameter:
    """A number that a rule's constructor takes."""

    name: str
    """The name in the constructor."""
    symbol: str
    """The symbol in formulas."""
    label: str
    """The label of its slider."""
    typical: tuple[float, ...]
    """Constants that programs use in its place, the usual one first."""
    drawn: tuple[float, ...] = ()
    """The range from which checks of a rule draw it, apart enough that no two can be confused; none for ε."""
    fraction: bool = False
    """True: in [0, 1). False: any finite number, 0 or more."""


@dataclass(frozen=True)
class RuleInfo:
    """All facts about a rule but its formula and its source, which are in its file."""

    name: str
    """The class in `descentlab.rules`; its file is the name in lower case."""
    title: str
    """The title in sentences."""
    lesson: str
    """The folder of the lesson that derives it; empty while there is none."""
    hyper: tuple[Hyperparameter, ...]
    """In the order of the constructor."""
    color: str
    """One of Okabe and Ito's colors (2008), unique together with the dash."""
    dash: Any
    """A line style of matplotlib."""
    marker: str
    """A marker of matplotlib that no other rule has; one that points would look like an arrow on a path."""
    example: Mapping[str, float]
    """Hyperparameters but ε that show the rule on the test bed in 30 steps."""
    begun_from: str = ""
    """The rule that answers often start from; its hyperparameters are some of this one's."""


LR = Hyperparameter("lr", "η", "learning rate η", (0.01, 0.001, 0.1, 1.0), (0.05, 0.09))
MOMENTUM = Hyperparameter("momentum", "μ", "momentum μ", (0.9, 0.99, 0.5), (0.76, 0.84), fraction=True)
DECAY = Hyperparameter("decay", "ρ", "decay ρ", (0.9, 0.99, 0.95, 0.999), (0.91, 0.95), fraction=True)
BETA1 = Hyperparameter("beta1", "β₁", "decay β₁", (0.9,), (0.82, 0.88), fraction=True)
BETA2 = Hyperparameter("beta2", "β₂", "decay β₂", (0.999, 0.99), (0.95, 0.98), fraction=True)
EPS = Hyperparameter("eps", "ε", "ε", (1e-8, 1e-7, 1e-6, 1e-10, 1e-5))
WEIGHT_DECAY = Hyperparameter("weight_decay", "w", "weight decay w", (0.01, 0.1, 1e-4), (0.2, 0.4))

SOLID, DASHED, DOTTED, DASHDOT = "-", (0, (5, 2)), (0, (1, 1.5)), (0, (6, 2, 1, 2))

_ROWS = (
    RuleInfo(
        name="SGD",
        title="gradient descent",
        lesson="01-sgd",
        hyper=(LR,),
        color="#0072B2",
        dash=SOLID,
        marker="o",
        example={"lr": 0.95},
    ),
    RuleInfo(
        name="Momentum",
        title="momentum",
        lesson="02-momentum",
        hyper=(LR, MOMENTUM),
        color="#E69F00",
        dash=DASHED,
        marker="s",
        example={"lr": 0.1, "momentum": 0.9},
    ),
    RuleInfo(
        name="Nesterov",
        title="Nesterov's momentum",
        lesson="03-nesterov",
        hyper=(LR, MOMENTUM),
        color="#D55E00",
        dash=DASHDOT,
        marker="p",
        example={"lr": 0.1, "momentum": 0.9},
        begun_from="Momentum",
    ),
    RuleInfo(
        name="AdaGrad",
        title="AdaGrad",
        lesson="04-adagrad",
        hyper=(LR, EPS),
        color="#009E73",
        dash=(0, (3, 1.5)),
        marker="D",
        example={"lr": 1.5},
    ),
    RuleInfo(
        name="RMSprop",
        title="RMSprop",
        lesson="05-rmsprop",
        hyper=(LR, DECAY, EPS),
        color="#56B4E9",
        dash=(0, (4, 1, 1, 1, 1, 1)),
        marker="d",
        example={"lr": 0.1, "decay": 0.9},
        begun_from="AdaGrad",
    ),
    RuleInfo(
        name="RMSpropGraves",
        title="centered RMSprop",
        lesson="05-rmsprop",
        hyper=(LR, DECAY, MOMENTUM, EPS),
        color="#CC79A7",
        dash=(0, (8, 2)),
        marker="P",
        example={"lr": 0.05, "decay": 0.95, "momentum": 0.9},
    ),
    RuleInfo(
        name="Adam",
        title="Adam",
        lesson="06-adam",
        hyper=(LR, BETA1, BETA2, EPS),
        color="#000000",
        dash=SOLID,
        marker="X",
        example={"lr": 0.3, "beta1": 0.9, "beta2": 0.999},
    ),
    RuleInfo(
        name="AdamW",
        title="AdamW",
        lesson="08-practice",
        hyper=(LR, BETA1, BETA2, EPS, WEIGHT_DECAY),
        color="#000000",
        dash=DASHED,
        marker="*",
        example={"lr": 0.3, "beta1": 0.9, "beta2": 0.999, "weight_decay": 0.1},
    ),
)

RULES: Mapping[str, RuleInfo] = {row.name: row for row in _ROWS}
"""By name, in the order of the course."""
EARLIER = ("SGD", "Momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam")
"""The rules that later lessons show again: those that `descentlab.earlier` gives."""
HYPERPARAMETERS: Mapping[str, Hyperparameter] = {h.name: h for row in _ROWS for h in row.hyper}
"""The hyperparameters of all rules, by name."""
FRACTIONS = frozenset(name for name, row in HYPERPARAMETERS.items() if row.fraction)
"""The hyperparameters in [0, 1)."""
SYMBOLS: Mapping[str, str] = {h.name: h.symbol for h in HYPERPARAMETERS.values()} | {"m_hat": "m̂", "v_hat": "v̂"}
"""The symbols in formulas for names in code."""
