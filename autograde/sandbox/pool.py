"""A pool of boxes: submissions go in, results come out as futures."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, Self

from autograde.sandbox import program, staging
from autograde.sandbox.box import Box
from autograde.sandbox.limits import CellTask, Limits, RunResult, SandboxError
from autograde.sandbox.tiers import best_tier
from autograde.untrusted.names import shell_word

TRIES = 2  # of a run, and of the first box's start


def _tier(isolation: str) -> int:
    if isolation == "none":
        return 0
    tier = best_tier()
    if tier.number == 0:
        raise SandboxError(
            f"no sandbox on this machine: {tier.reason}. To run submissions unprotected: --isolation none"
        )
    return tier.number


def _require_another(stage: staging.Stage, is_confined: bool) -> None:
    """Refuse to start without another user, or with one who cannot read what a submission needs."""
    is_there = program.another_user() is not None
    if not (is_there or is_confined):  # unprotected: as this user
        return
    hidden = program.hidden_from_others([*stage.allowed.readable, stage.folder.parent.parent])
    if not is_there:
        raise SandboxError(
            "no namespaces on this machine, and only root can run submissions as another user "
            f"than the one who writes results: {best_tier().reason}. Mend that, or run this as "
            "root; or accept less with --isolation same-user"
        )
    if hidden is not None:
        raise SandboxError(
            f"submissions run as another user here, who cannot read {shell_word(hidden)}. Install "
            f"Python and descentlab where everybody can read, or: chmod o+rX {shell_word(hidden)}"
        )


class Pool:
    """Boxes that run submissions; a context manager.

    Each thread starts a box when it needs one and none is free, and lives as long as the pool: a box ends
    with the thread that started it.

    Args:
        jobs: how many boxes run at once.
        isolation: "auto" takes the strongest tier of this machine and raises `SandboxError` if there is
            none; "none" runs submissions unprotected.
        limits: the limits of a submission unless `submit_run` gets others. `disk_bytes` holds for the whole
            pool.
        packages: distributions besides descentlab's own that submissions may import.
        withheld: folders that no submission may read, by their description: the pool does not start if one
            is visible to submissions.
        figures: False if few submissions will draw: Matplotlib takes half of a box's start, and is then
            loaded by the submission that needs it.
        another_user: without namespaces, run submissions as a user that owns nothing, or refuse to start
            if this user may not switch.
        checks: the names of the assignment's; None: of every check.
        for_solution: whether the teacher's notebook is run: nothing is kept back that gives an answer.

    Raises:
        SandboxError: submissions cannot be confined here.
    """

    def __init__(
        self,
        jobs: int = 2,
        isolation: str = "auto",
        limits: Limits | None = None,
        figures: bool = True,
        packages: Sequence[str] = (),
        withheld: Mapping[str, Path] | None = None,
        another_user: bool = False,
        checks: Sequence[str] | None = None,
        for_solution: bool = False,
    ) -> None:
        self.limits = limits or Limits()
        self._jobs, self._figures = jobs, figures
        self._threads = ThreadPoolExecutor(jobs, thread_name_prefix="autograde-box")
        self._lock = threading.Lock()
        self._boxes: set[Box] = set()
        self._free: list[Box] = []
        self._closing = False
        try:
            tier = self._threads.submit(_tier, isolation)  # other programs' time while files are laid out
            self._stage = staging.Stage(packages, withheld, checks, for_solution)
        except BaseException:
            self._threads.shutdown(wait=True)
            raise
        try:
            self.tier = tier.result()
            self._another_user = another_user and self.tier < 2
            if self._another_user:
                _require_another(self._stage, is_confined=bool(self.tier))
            if self.tier:
                staging.require_apart(self._stage.allowed, self._stage.withheld)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def warm(self, runs: int) -> None:
        """Start boxes for so many runs in the background."""
        for _ in range(min(self._jobs, runs)):
            # An error recurs, and is raised, at a run.
            self._threads.submit(lambda: self._give_back(self._new_box()))

    @property
    def readable(self) -> int:
        """The number of files and folders of the machine that a submission can read, contents included."""
        return len(self._stage.allowed.readable)

    def prove(self) -> None:
        """Wait for a box that has proved that a submission can read nothing withheld.

        Raises:
            SandboxError: it can, or no box starts here.
        """
        self._threads.submit(self._tried, self._free_one).result()

    def _free_one(self) -> tuple[None, bool]:
        self._give_back(self._take())
        return None, False  # as `_tried` takes it

    def submit_run(
        self,
        cells: Sequence[CellTask],
        seed: int,
        limits: Limits | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> Future[RunResult]:
        """Run the cells of one submission in a fresh process, with `files` (path: content) in its folder.

        The future's result is a `RunResult` whatever the submission does. It raises `SandboxError` if the
        machine fails, which says nothing about the submission.
        """
        run = partial(self._run_once, tuple(cells), seed, limits or self.limits, files or {})
        return self._threads.submit(self._tried, run)

    def _tried(self, step: Callable[[], tuple[Any, bool]]) -> Any:
        """The result of a step, which says whether it was killed. It is repeated if it was, or if the sandbox failed:
        the machine may have been short of something, and nobody can tell who sent a signal.
        """
        for _ in range(TRIES - 1):
            try:
                result, killed = step()
            except staging.ExposedError:
                raise
            except SandboxError:
                continue
            if not killed:
                return result
        return step()[0]

    def _run_once(self, *run: Any) -> tuple[RunResult, bool]:
        """The result of a run, and whether it ended by a signal from outside."""
        box = self._take()
        try:
            result = box.run(*run)
        except BaseException:
            self._drop(box)
            raise
        killed = box.killed and "died" in result.flags
        (self._give_back if box.clean else self._drop)(box)
        return result, killed

    def _take(self) -> Box:
        """A free box, or a new one."""
        with self._lock:
            if self._free and not self._closing:
                return self._free.pop()
        return self._new_box()

    def _new_box(self) -> Box:
        if self._closing:
            raise SandboxError("the pool is closed")
        user = program.another_user() if self._another_user else None
        box = Box(self._stage, self.tier, self.limits, self._figures, user)
        with self._lock:
            self._boxes.add(box)
            if self._closing:  # the pool closed while the box started
                box.kill()
        return box

    def _give_back(self, box: Box) -> None:
        with self._lock:
            self._free.append(box)

    def _drop(self, box: Box) -> None:
        with self._lock:
            self._boxes.discard(box)
        box.close()

    def close(self) -> None:
        """Cancel waiting runs, end running ones, remove the boxes."""
        with self._lock:
            self._closing = True
            for box in self._boxes:
                box.kill()
        self._threads.shutdown(wait=True, cancel_futures=True)
        for box in self._boxes:
            box.close()
        self._boxes.clear()
        self._stage.close()
