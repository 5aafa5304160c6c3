"""The shape every data set of images has here, and the digits that ship with the package."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np

FOLDER = Path(__file__).with_name("data")


class Part(NamedTuple):
    """Some rows of a data set."""

    x: np.ndarray
    """(n, pixels) floats from 0 to 1."""
    t: np.ndarray
    """(n,) class numbers."""


class Data(NamedTuple):
    """Rows to learn from, rows to choose by, rows to report; no row is in two parts."""

    train: Part
    valid: Part
    test: Part


def digits() -> Data:
    """1797 handwritten digits of 8×8 pixels: 1199 to train on, 299 to validate, 299 to test.

    Of each six rows of `data/digits.csv.gz` the first four train, the fifth validates, the sixth tests: no
    chance in it, and each of the 13 writers is in every part. Source and licence: `data/README.md`.
    """
    table = np.loadtxt(FOLDER / "digits.csv.gz", delimiter=",", dtype=np.uint8)
    x, t = table[:, :-1] / 16, table[:, -1].astype(int)
    remainder = np.arange(len(t)) % 6
    train, valid, test = (Part(x[rows], t[rows]) for rows in (remainder < 4, remainder == 4, remainder == 5))
    return Data(train, valid, test)
