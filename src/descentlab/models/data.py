"""Data sets: digits and recorded runs, which ship with the package (`data/README.md`), and moons."""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from descentlab.registry import RULES

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
    chance in it, and each of the 13 writers is in every part. Source and license: `data/README.md`.
    """
    table = np.loadtxt(FOLDER / "digits.csv.gz", delimiter=",", dtype=np.uint8)
    x, t = table[:, :-1] / 16, table[:, -1].astype(int)
    remainder = np.arange(len(t)) % 6
    return Data(*(Part(x[rows], t[rows]) for rows in (remainder < 4, remainder == 4, remainder == 5)))


def moons(rows: int, rng: np.random.Generator, noise: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Two half circles that reach into each other: x (rows, 2), t (rows, 1) of 0.0 and 1.0.

    The upper half circle (class 0) has center (0, 0), the lower (class 1) center (1, 0.5), both radius 1;
    `noise` is the standard deviation around them.
    """
    t = np.arange(rows) % 2
    angle = rng.uniform(0, np.pi, rows)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = np.where(t[:, None] == 0, upper, [1, 0.5] - upper)
    return x + noise * rng.standard_normal((rows, 2)), t[:, None].astype(float)


@dataclass(frozen=True)
class PyTorchRun:
    """A run of `torch.optim.Adam(lr=0.001)` on BCEWithLogitsLoss, in float64."""

    x: np.ndarray
    """(128, 10) inputs."""
    t: np.ndarray
    """(128, 1) targets in [0, 1]."""
    iterates: dict[int, dict[str, np.ndarray]]
    """Step number → the parameters after it: W1 (10, 50), b1 (50,), W2 (50, 1), b2 (1,). Step 0 is the start.
    """
    losses: np.ndarray
    """(200,) the mean loss of batch t before step t, t = 1, 2, …"""

    def batch(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """The 32 rows that step 1, 2, … uses: x (32, 10), t (32, 1). After the fourth: the first."""
        first = 32 * ((step - 1) % 4)
        return self.x[first : first + 32], self.t[first : first + 32]

    def start(self) -> dict[str, np.ndarray]:
        """A copy of the parameters before step 1."""
        return {key: array.copy() for key, array in self.iterates[0].items()}


def valley_paths(newest: str) -> dict[str, np.ndarray]:
    """30 steps of each rule of the lessons up to the rule `newest`, in the course's valley, as recorded.

    The keys are labels of a figure: the rule and its η. Shape of each path: (31, 2).
    """
    with np.load(FOLDER / "valley.npz", allow_pickle=False) as file:
        names = file.files[: file.files.index(newest) + 1]
        return {f"{name}, η = {RULES[name].example['lr']:g}": file[name] for name in names}


def pytorch_adam() -> PyTorchRun:
    """The recorded run."""
    with np.load(FOLDER / "pytorch_adam.npz", allow_pickle=False) as file:
        held = dict(file)
    keys = ("W1", "b1", "W2", "b2")
    iterates = {int(step): {key: held[key][i] for key in keys} for i, step in enumerate(held["steps"])}
    return PyTorchRun(held["x"], held["t"], iterates, held["loss"])
