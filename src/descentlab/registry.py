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

# fmt: off
_ROWS = (
    # name, title, lesson, hyperparameters, color, dash, marker, example
    RuleInfo("SGD", "gradient descent", "01-sgd", (LR,), "#0072B2", SOLID, "o", {"lr": 0.95}),
    RuleInfo("Momentum", "momentum", "02-momentum", (LR, MOMENTUM), "#E69F00", DASHED, "s", {"lr": 0.1, "momentum": 0.9}),
    RuleInfo("Nesterov", "Nesterov's momentum", "03-nesterov", (LR, MOMENTUM), "#D55E00", DASHDOT, "p", {"lr": 0.1, "momentum": 0.9}, begun_from="Momentum"),
    RuleInfo("AdaGrad", "AdaGrad", "04-adagrad", (LR, EPS), "#009E73", (0, (3, 1.5)), "D", {"lr": 1.5}),
    RuleInfo("RMSprop", "RMSprop", "05-rmsprop", (LR, DECAY, EPS), "#56B4E9", (0, (4, 1, 1, 1, 1, 1)), "d", {"lr": 0.1, "decay": 0.9}, begun_from="AdaGrad"),
    RuleInfo("RMSpropGraves", "centered RMSprop", "05-rmsprop", (LR, DECAY, MOMENTUM, EPS), "#CC79A7", (0, (8, 2)), "P", {"lr": 0.05, "decay": 0.95, "momentum": 0.9}),
    RuleInfo("Adam", "Adam", "06-adam", (LR, BETA1, BETA2, EPS), "#000000", SOLID, "X", {"lr": 0.3, "beta1": 0.9, "beta2": 0.999}),
    RuleInfo("AdamW", "AdamW", "08-practice", (LR, BETA1, BETA2, EPS, WEIGHT_DECAY), "#000000", DASHED, "*", {"lr": 0.3, "beta1": 0.9, "beta2": 0.999, "weight_decay": 0.1}),
)
# fmt: on

RULES: Mapping[str, RuleInfo] = {row.name: row for row in _ROWS}
"""By name, in the order of the course."""
EARLIER = ("SGD", "Momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam")
"""The rules that later lessons show again: those that `descentlab.earlier` gives."""
HYPERPARAMETERS: Mapping[str, Hyperparameter] = {h.name: h for row in _ROWS for h in row.hyper}
"""The hyperparameters of all rules, by name."""
FRACTIONS = frozenset(name for name, row in HYPERPARAMETERS.items() if row.fraction)
"""The hyperparameters in [0, 1)."""
SYMBOLS: Mapping[str, str] = {h.name: h.symbol for h in HYPERPARAMETERS.values()} | {
    "m_hat": "m̂",
    "v_hat": "v̂",
}
"""The symbols in formulas for names in code."""
