"""What `rules.toml` says of each rule: its name, hyperparameters and look. To add a rule: docs/extending.md.

No formula is here. The classes are in `descentlab.rules`, one file a rule. A submission's sandbox holds this
module, and of these classes those of earlier lessons alone.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
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
    typical: Sequence[float]
    """Constants that programs use in its place, the usual one first."""
    drawn: Sequence[float] = ()
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
    hyper: Sequence[Hyperparameter]
    """In the order of the constructor."""
    color: str
    """One of Okabe and Ito's colors (2008), unique together with the dash."""
    marker: str
    """A marker of matplotlib that no other rule has; one that points would look like an arrow on a path."""
    example: Mapping[str, float]
    """Hyperparameters but ε that show the rule on the test bed in 30 steps."""
    lesson: str = ""
    """The folder of the lesson that derives it; empty while there is none."""
    dashes: Sequence[float] = ()
    """The lengths of its line's dashes and gaps, in line widths; empty: a solid line."""
    begun_from: str = ""
    """The rule that answers often start from; its hyperparameters are some of this one's."""

    @property
    def dash(self) -> Any:
        """Its line style, for matplotlib."""
        return (0, tuple(self.dashes)) if self.dashes else SOLID


SOLID = "-"

_TABLE = tomllib.loads(Path(__file__).with_name("rules.toml").read_text("utf-8"))
HYPERPARAMETERS: Mapping[str, Hyperparameter] = {
    name: Hyperparameter(name, **fields) for name, fields in _TABLE["hyperparameters"].items()
}
"""The hyperparameters of all rules, by name."""
EPS = HYPERPARAMETERS["eps"]


def _rule(name: str, hyper: Sequence[str], **fields: Any) -> RuleInfo:
    return RuleInfo(name, hyper=tuple(HYPERPARAMETERS[one] for one in hyper), **fields)


RULES: Mapping[str, RuleInfo] = {name: _rule(name, **fields) for name, fields in _TABLE["rules"].items()}
"""By name, in the order of the course."""
EARLIER = ("SGD", "Momentum", "Nesterov", "AdaGrad", "RMSprop", "Adam")
"""The rules that later lessons show again: those that `descentlab.earlier` gives."""
FRACTIONS = frozenset(name for name, row in HYPERPARAMETERS.items() if row.fraction)
"""The hyperparameters in [0, 1)."""
SYMBOLS: Mapping[str, str] = {h.name: h.symbol for h in HYPERPARAMETERS.values()} | {
    "m_hat": "m̂",
    "v_hat": "v̂",
}
"""The symbols in formulas for names in code."""
