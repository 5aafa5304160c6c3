"""Where tests find the repository and a known mistake, and how they start stock kernels."""

import os
import random
import socket
import time
import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from traitlets.config import Config

from verdicts.courses import find
from verdicts.diagnosis.catalogue import Mistake, catalogue_of

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = catalogue_of(find("sgd/update"))
EXAMPLES = int(os.environ.get("EXAMPLES", "150"))  # of strangers' bytes; `make test-all` tries 1,500


def table_beside(test: str, name: str) -> dict[str, Any]:
    """What stands in a TOML file beside a test; `test`: its `__file__`."""
    return tomllib.loads(Path(test).with_name(name).read_text("utf-8"))


def kernels_in(folder: Path) -> Config:
    """Stock kernels that listen in `folder`, not on ports: of tests that run at once, one may take the port
    that another's kernel was just promised."""
    return Config({"KernelManager": {"transport": "ipc", "ip": str(folder / "kernel")}})


def free_port() -> int:
    """A port for a server of another program, below those that the system hands out: of tests that run at
    once, one's kernel may be handed a port before the server that was promised it listens."""
    while True:
        port = random.randrange(20_000, 30_000)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def has_ended(process: psutil.Process) -> bool:
    """Whether it has ended, zombies included."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # between the two questions
        return True


def wait_for(what: Callable, seconds: float = 60):
    """What `what` gives, once it gives something."""
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return found


def mistake(id: str) -> Mistake:
    """The catalogue's entry of that id."""
    return {entry.id: entry for entry in CATALOGUE.all_mistakes}[id]


def walk(rule, gradient: Callable, start, steps: int) -> np.ndarray:
    """The places of a rule, the start first."""
    params = {"theta": np.array(start, float)}
    path = [params["theta"].copy()]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(params["theta"].copy())
    return np.array(path)


def stale_notebooks(course: Path) -> list[str]:
    """The notebooks of a course's lessons that are not what their texts give."""
    from autograde.release import lessons  # tests of the course alone run without the grader

    made = lessons._as_texts_give(course)
    return [path.relative_to(course).as_posix() for path, content in made if not lessons._same(path, content)]


def contents(root: Path) -> dict[str, bytes]:
    """Every file but Jupyter's checkpoints, with what it holds."""
    kept = (path for path in root.rglob("*") if path.is_file() and ".ipynb_checkpoints" not in path.parts)
    return {str(path.relative_to(root)): path.read_bytes() for path in kept}


def changed(root: Path, before: dict[str, bytes]) -> list[str]:
    """The files that were added, altered or removed since."""
    after = contents(root)
    return sorted(name for name in before | after if before.get(name) != after.get(name))
