"""What PyTorch did to a 10→50→1 net, step by step, as recorded in `data/pytorch_adam.npz` (see
`data/README.md`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .data import FOLDER


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


def pytorch_adam() -> PyTorchRun:
    """The recorded run."""
    with np.load(FOLDER / "pytorch_adam.npz", allow_pickle=False) as file:
        held = {key: file[key] for key in file.files}
    keys = ("W1", "b1", "W2", "b2")
    iterates = {int(step): {key: held[key][i] for key in keys} for i, step in enumerate(held["steps"])}
    return PyTorchRun(held["x"], held["t"], iterates, held["loss"])
