"""Where tests find the repository, and how they start stock kernels."""

import os
from pathlib import Path

from traitlets.config import Config

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = int(os.environ.get("EXAMPLES", "150"))  # of strangers' bytes; `make test-all` tries 1,500


def kernels_in(folder: Path) -> Config:
    """Stock kernels that listen in `folder`, not on ports: of tests that run at once, one may take the port
    that another's kernel was just promised."""
    return Config({"KernelManager": {"transport": "ipc", "ip": str(folder / "kernel")}})
