"""Same rule, other numbers: the frameworks' departures from the papers.

The data are made by `python docs/variants_page.py` and ship with the package, so that a lesson shows
them without importing the rules. build/variants.md is the same for people.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("variants.json")


@dataclass(frozen=True)
class Recorded:
    """A framework's own run on x²/20 + y² from (−7, 2), with its defaults."""

    framework: str
    call: str
    hyper: dict[str, object]
    steps: tuple[int, ...]
    iterates: np.ndarray
    """(len(steps), 2): θ after each of `steps` updates."""


@dataclass(frozen=True)
class Parting:
    """The first step at which a variant differs from the paper's path, and the largest gap."""

    step: int
    gap: float


@dataclass(frozen=True)
class ShownVariant:
    """One way to compute a rule. `id` is "paper" for the papers' and the course's way."""

    id: str
    sentence: str
    formula: tuple[str, ...]
    differences: tuple[str, ...]
    related: bool
    """True: another rule, one small step away, not the same rule in another form."""
    frameworks: tuple[str, ...]
    """The frameworks that compute it so: "PyTorch", "Keras" …"""
    parts: dict[str, Parting | None]
    """Setting → the first difference from the paper's path; None: never. The settings: "usual" (ε = 1e-8), "large_eps"
    (ε = 0.1), "changed_rate" (η multiplied by 0.1 after step 10).
    """
    paths: dict[str, np.ndarray]
    """Setting → (31, 2) path on x²/20 + y² from (−7, 2), the start first."""
    recorded: tuple[Recorded, ...]


@dataclass(frozen=True)
class RuleVariants:
    """A rule of the course and all its variants, the paper's first."""

    rule: str
    paper: str
    hyper: dict[str, float]
    """The hyperparameters of `paths`, all but ε."""
    variants: tuple[ShownVariant, ...]


@cache
def variants() -> dict[str, RuleVariants]:
    """Rule → its variants, for every rule of `descentlab.registry`."""
    data = json.loads(FILE.read_text(encoding="utf-8"))
    titles = {name: about["title"] for name, about in data["frameworks"].items()}
    return {
        rule["rule"]: RuleVariants(
            rule["rule"],
            rule["paper"],
            rule["hyper"],
            tuple(_variant(entry, titles) for entry in rule["variants"]),
        )
        for rule in data["rules"]
    }


def _variant(entry: dict, titles: dict[str, str]) -> ShownVariant:
    return ShownVariant(
        id=entry["id"],
        sentence=entry["sentence"],
        formula=tuple(entry["formula"]),
        differences=tuple(entry["differences"]),
        related=entry["related"],
        frameworks=tuple(dict.fromkeys(titles[s["framework"]] for s in entry["used_by"])),
        parts={setting: Parting(**p) if p else None for setting, p in entry["parts"].items()},
        paths={setting: np.array(path) for setting, path in entry["paths"].items()},
        recorded=tuple(
            Recorded(
                s["framework"],
                s["recorded"]["call"],
                s["recorded"]["hyper"],
                tuple(s["recorded"]["at"]),
                np.array(s["recorded"]["iterates"]),
            )
            for s in entry["used_by"]
        ),
    )
