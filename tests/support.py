"""Where tests find the repository and what may lie beside it."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def mnist_folder() -> Path:
    """Where real MNIST files are looked for: DESCENTLAB_MNIST, else a folder beside the checkout."""
    return Path(os.environ.get("DESCENTLAB_MNIST", ROOT.parent / "shared" / "data" / "mnist"))
