"""Gradient descent, which is the same everywhere."""

from __future__ import annotations

from .. import sgd as plain


class SGD(plain.SGD):
    """The plain rule: no framework departs from it."""

    formula = ("θ ← θ − η g",)
    departures: tuple[str, ...] = ()
