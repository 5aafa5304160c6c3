"""A pool of boxes: submissions go in, results come out as futures."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from autograde.sandbox import identity
from autograde.sandbox.box import Box, BoxLostError
from autograde.sandbox.boxes import Boxes
from autograde.sandbox.limits import Limits
from autograde.sandbox.protocol import CellTask, RunResult, SandboxError, Turn
from autograde.sandbox.shared_lock import SharedLock
from autograde.sandbox.shared_look import SharedLook
from autograde.sandbox.staging import Stage
from autograde.sandbox.tiers import best_tier
from autograde.sandbox.withheld import ExposedError
from descentlab.sentences import say

ISOLATION = ("auto", "none")


def _tier(isolation: str) -> int:
    if isolation == "none":
        return 0
    tier = best_tier()
    if tier.number == 0:
        raise SandboxError.say(
            "no sandbox on this machine: {reason}. To run submissions unprotected: --isolation none",
            reason=tier.reason,
        )
    return tier.number


def _require_another(stage: Stage, is_confined: bool) -> None:
    """Refuse to start where no other user is to be had, or one who cannot read what a submission needs."""
    is_there = identity.another() is not None
    if not (is_there or is_confined):  # unprotected: as this user
        return
    hidden = identity.hidden_from_others([*stage.allowed.readable, stage.folder.parent.parent])
    if not is_there:
        raise SandboxError.say(
            "no namespaces on this machine, and only root can run submissions as another user than the one "
            "who writes results: {reason}. Mend that, or run this as root; or accept less with --isolation "
            "same-user",
            reason=best_tier().reason,
        )
    if hidden is not None:
        raise SandboxError.say(
            "submissions run as another user here, who cannot read {path}. Install Python and descentlab "
            "where everybody can read, or: chmod o+rX {path}",
            path=hidden,
        )


def _require_possible(jobs: int, isolation: str) -> None:
    if jobs < 1:
        raise ValueError(say("a pool needs at least one job, not {jobs}", jobs=jobs))
    if isolation not in ISOLATION:
        known = ", ".join(ISOLATION)
        raise ValueError(say("isolation is one of {known}, not {actual!r}", known=known, actual=isolation))


@dataclass(eq=False)
class _Run:
    """A run that was asked for, and where it stands."""

    cells: tuple[CellTask, ...]
    seed: int
    limits: Limits
    files: Mapping[str, bytes]
    began: float | None = None  # of time.monotonic()
    again: bool = False

    def turn(self) -> Turn:
        seconds = None if self.began is None else time.monotonic() - self.began
        return Turn(seconds, self.limits.wall_seconds, self.again)


class Pool:
    """Boxes that run submissions; a context manager.

    Args:
        jobs: how many boxes run at once.
        isolation: "auto" takes the strongest tier of this machine and raises `SandboxError` where there is
            none; "none" runs submissions unprotected.
        limits: what a submission may use unless `submit_run` says otherwise. `disk_bytes` holds for the whole
            pool.
        packages: distributions beside descentlab's own that submissions may import, or what finds them out:
            it is asked while isolation is tried.
        withheld: folders that no submission may read, by what they are: the pool does not start where one
            lies in what submissions are given.
        figures: False where few submissions will draw: what draws takes half of a box's start, and is then
            loaded by whoever asks for it.
        another_user: where there are no namespaces, run submissions as a user that owns nothing, and refuse
            to start where this user may not.
    """

    def __init__(
        self,
        jobs: int = 2,
        isolation: str = "auto",
        limits: Limits | None = None,
        figures: bool = True,
        packages: Sequence[str] | Callable[[], Sequence[str]] = (),
        withheld: Mapping[str, Path] | None = None,
        another_user: bool = False,
    ) -> None:
        _require_possible(jobs, isolation)
        self.limits = limits or Limits()
        self._figures = figures
        self._threads: Executor = ThreadPoolExecutor(jobs, thread_name_prefix="autograde-box")
        self._boxes = Boxes(SharedLook(self._new_box).box, jobs)
        self._alone_or_shared = SharedLock()
        self._runs: WeakKeyDictionary[Future[RunResult], _Run] = WeakKeyDictionary()
        try:
            tier = self._threads.submit(_tier, isolation)  # other programs' time while files are laid out
            known = packages() if callable(packages) else packages
            self._stage = Stage(packages=known, withheld=withheld)
        except BaseException:
            self._threads.shutdown(wait=True)
            raise
        try:
            self.tier = tier.result()
            self._another_user = another_user and self.tier < 2
            self._require_confined()
        except BaseException:
            self.close()
            raise

    def _require_confined(self) -> None:
        """Refuse what is to be confined and is not: an own user that owns something, a file too many."""
        if self._another_user:
            _require_another(self._stage, is_confined=bool(self.tier))
        if self.tier:
            self._stage.require_apart()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()

    def expect(self, runs: int) -> None:
        """So many runs are left to do; what `warm` was told may have been a guess."""
        self._boxes.expect(runs)

    def warm(self, runs: int) -> None:
        """Start boxes for so many runs, while there is something else to do."""
        self.expect(runs)
        for _ in range(self._boxes.at_once):
            self._threads.submit(self._start_one)  # what fails here fails again, and is said, at a run

    def _start_one(self) -> None:
        self._boxes.give_back(self._boxes.take(), ran=False)

    @property
    def readable(self) -> int:
        """How many files and folders of the machine a submission can read, with what is in these."""
        return len(self._stage.allowed.readable)

    def prove(self) -> None:
        """Wait for a box that has shown that a submission can read nothing withheld.

        Raises:
            SandboxError: it can, or no box starts here.
        """
        try:
            self._threads.submit(self._start_one).result()
        except ExposedError:
            raise
        except SandboxError:  # a machine that was short of something, perhaps
            self._threads.submit(self._start_one).result()

    def submit_run(
        self,
        cells: Sequence[CellTask],
        seed: int,
        limits: Limits | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> Future[RunResult]:
        """Run the cells of one submission in a fresh process, with `files` (path: content) in its folder.

        The future's result is a `RunResult` whatever the submission does; where it met a limit in seconds as
        others kept it waiting, that of a second run, with nothing else running in this pool. It raises
        `SandboxError` where the machine failed, which says nothing about the submission.
        """
        self._boxes.queue()
        run = _Run(tuple(cells), seed, limits or self.limits, files or {})
        future = self._threads.submit(self._run, run)
        self._runs[future] = run
        return future

    def turn(self, future: Future[RunResult]) -> Turn:
        """Where a run of `submit_run` stands that is not done."""
        return self._runs[future].turn()

    def _run(self, run: _Run) -> RunResult:
        with self._alone_or_shared.shared():
            self._boxes.begin()
            result = self._answered(run)
        if result.starved:
            run.began, run.again = None, True
            with self._alone_or_shared.exclusive():
                result = self._answered(run)
        return result

    def _answered(self, run: _Run) -> RunResult:
        for attempt in (1, 2):
            box = self._boxes.take()
            run.began = time.monotonic()
            try:
                result = box.run(run.cells, run.seed, run.limits, run.files, last_time=run.again)
            except BoxLostError:
                self._boxes.drop(box)
                if attempt == 2:
                    raise
                continue
            except BaseException:
                self._boxes.drop(box)
                raise
            killed = box.killed
            (self._boxes.give_back if box.clean else self._boxes.drop)(box)
            # Nobody can tell who sent the signal (a machine short of memory does, too): run once more.
            if attempt == 1 and "died" in result.flags and killed:
                continue
            return result
        raise AssertionError("unreachable")

    def _new_box(self, looks: bool) -> Box:
        user = identity.another() if self._another_user else None
        return Box(self._stage, self.tier, self.limits, self._figures, user, looks)

    def close(self) -> None:
        """Cancel what waits, end what runs, remove the boxes."""
        self._boxes.end()
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._boxes.close()
        self._stage.close()
