"""How a box's first process is started: its words, its variables, and what it is told about itself."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from typing import Any

from autograde.sandbox import bubblewrap, identity
from autograde.sandbox.limits import Limits
from autograde.sandbox.staging import WITHHELD, Stage

# How NumPy and its BLAS compute is the machine's owner's to choose, in a box too: where the grader is told to
# compute as another processor would, a box that was not told would round otherwise.
COMPUTES = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "MKL_CBWR", "NPY_DISABLE_CPU_FEATURES")
STARTER = "import sys; sys.path.insert(0, {!r}); from inside.zygote import main; main()"
# Between two looks at what a submission uses. A control group stops it by itself; then a look only names why.
WATCH_SECONDS, WATCH_SECONDS_IN_GROUP = 0.1, 0.25


@dataclass(frozen=True)
class Program:
    """The first process of a box.

    `identity` and `proof` are descriptors that are handed over, `scratch` is the folder of a box that has no
    file system of its own, `user` whom such a box becomes.
    """

    stage: Stage
    tier: int
    figures: bool
    identity: int | None
    proof: int | None
    scratch: str | None
    in_group: bool
    user: int | None = None

    def environment(self) -> dict[str, str]:
        """Its variables, and no others."""
        home = f"{self.scratch}/home" if self.scratch else "/tmp/home"
        python = os.path.dirname(sys.executable)
        place = bubblewrap.inside if self.tier >= 2 else str
        beyond = ":".join(place(folder) for folder in self.stage.allowed.beyond)
        return {
            "PATH": ":".join(dict.fromkeys([place(python), "/usr/bin", "/bin"])),
            **({"PYTHONPATH": beyond} if beyond else {}),
            "HOME": home,
            "TMPDIR": self.scratch or "/tmp",
            "IPYTHONDIR": f"{home}/.ipython",
            "MPLCONFIGDIR": f"{home}/.config/matplotlib",
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
            "USER": "student",
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            **{
                f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM")
            },
            **{name: os.environ[name] for name in COMPUTES if name in os.environ},
        }

    def command(self, control: int, limits: Limits) -> list[str]:
        """The words that start it; `control` is the descriptor of its control socket."""
        stage = str(self.stage.folder) if self.tier < 2 else bubblewrap.INSIDE
        folders = [self.scratch] if self.scratch else ["/tmp", "/dev/shm"]
        place = bubblewrap.inside if self.tier >= 2 else str
        settings = {
            "control": control,
            "stage": stage,
            "folders": folders,
            "cwd": f"{folders[0]}/work",
            "own_namespace": self.tier >= 2,
            "become": self._become(),
            "seccomp": self.tier >= 1,
            "landlock": self._landlock() if self.tier == 1 else None,
            "proof": self.proof,
            "readable": [] if self.proof is None else [place(path) for path in self.stage.allowed.readable],
            "figures": self.figures,
            "watch_seconds": WATCH_SECONDS_IN_GROUP if self.in_group else WATCH_SECONDS,
            "withheld": ["descentlab." + room.replace("/", ".") for room in WITHHELD],
        }
        # `-I` would ignore PYTHONHASHSEED too; the environment is ours, so what remains of it is enough.
        program = [sys.executable, "-s", "-P", "-c", STARTER.format(f"{stage}/site"), json.dumps(settings)]
        if self.tier < 2:
            return program
        return bubblewrap.command(
            self.stage.allowed,
            self.stage.folder,
            limits.disk_bytes,
            self.environment(),
            program,
            self.identity,
            self.stage.about,
        )

    def _become(self) -> tuple[int | None, int] | None:
        """A namespace's descriptor, if there is one, and the number to become; None: who starts it."""
        if self.identity is not None:
            return self.identity, identity.INSIDE
        return None if self.user is None else (None, self.user)

    def _landlock(self) -> dict[str, Any]:
        """What a submission may open where there are no namespaces."""
        shown = self.stage.allowed.readable
        listed = [*self.stage.allowed.sites, *(path for path, hidden in shown.items() if hidden)]
        etc = [f"/etc/{name}" for name in bubblewrap.ETC]
        return {
            "read": {str(path): hidden for path, hidden in shown.items()}
            | dict.fromkeys([*etc, str(self.stage.folder)], ()),
            "list_only": list(map(str, listed)),
            "write": [self.scratch],
            "devices": ["/dev/null", "/dev/full", "/dev/random", "/dev/urandom"],
        }
