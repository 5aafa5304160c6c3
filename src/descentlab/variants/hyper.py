"""The allowed values of a framework's hyperparameters, as annotations of the arguments."""

from typing import Annotated

from descentlab.rules.inputs import fraction, not_negative


def pair_of_fractions(name: str, value: tuple[float, float]) -> tuple[float, float]:
    """Two numbers in [0, 1), as torch's betas; TypeError or ValueError otherwise."""
    if not isinstance(value, tuple | list) or len(value) != 2:
        raise TypeError(f"{name} must be a pair of numbers, each at least 0 and below 1; got {value!r:.60}")
    return fraction(f"{name}[0]", value[0]), fraction(f"{name}[1]", value[1])


def switch(name: str, value: bool) -> bool:
    """True or False; TypeError otherwise."""
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False; got {value!r:.60}")
    return value


Rate = Annotated[float, not_negative]  # any finite number, 0 or more: a learning rate, an ε, a weight decay
Share = Annotated[float, fraction]  # at least 0 and below 1: a momentum, a decay
Betas = Annotated[tuple[float, float], pair_of_fractions]
Switch = Annotated[bool, switch]
