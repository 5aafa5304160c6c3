"""Gradient descent, which is the same everywhere."""

from descentlab.rules import sgd as plain


class SGDForm(plain.SGD):
    """The plain rule: no framework departs from it."""

    formula = ("θ ← θ − η g",)
    differences: tuple[str, ...] = ()
