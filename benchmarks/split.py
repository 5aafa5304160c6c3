"""Where a class's time goes: the pipeline's steps, and within them the database."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from unittest import mock

from sqlalchemy.engine.default import DefaultDialect

from autograde.grading import pipeline

ASKING = ("do_execute", "do_execute_no_params", "do_executemany", "do_commit")


class Split:
    """Seconds of the grader in each step; what the database takes of them, and how long it is waited for."""

    def __init__(self) -> None:
        self.steps: Counter[str] = Counter()
        self.of_save = self.database = self.waited = 0.0

    @contextmanager
    def watching(self) -> Iterator[Split]:
        """Measure while inside."""
        measured = tuple(self._step(step) for step in pipeline.STEPS)
        names = {step.__name__: step for step in measured}
        grading = partial(pipeline.Pipeline, steps=measured)
        with ExitStack() as stack:
            stack.enter_context(mock.patch.multiple(pipeline, Pipeline=grading, **names))
            for name in ASKING:
                asked = self._asking(getattr(DefaultDialect, name))
                stack.enter_context(mock.patch.object(DefaultDialect, name, asked))
            yield self

    def _step(self, step: pipeline.Step) -> pipeline.Step:
        measured = self._measured(step.__name__, step)
        measured.__name__ = step.__name__
        return measured

    def _measured(self, name: str, part: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*words: Any) -> Any:
            began, asked = time.thread_time(), self.database
            try:
                return part(*words)
            finally:
                self.steps[name] += time.thread_time() - began
                if name == "save":
                    self.of_save += self.database - asked

        return measured

    def _asking(self, ask: Callable[..., Any]) -> Callable[..., Any]:
        def measured(*words: Any, **named: Any) -> Any:
            began, clock = time.thread_time(), time.perf_counter()
            try:
                return ask(*words, **named)
            finally:
                self.database += time.thread_time() - began
                self.waited += time.perf_counter() - clock

        return measured

    def lines(self, submissions: int, in_boxes: float) -> str:
        """Milliseconds a submission: in boxes, and what the grader judges, saves and asks the database."""
        seconds = {
            "sandbox": in_boxes,
            "read, restore, talk": sum(self.steps[name] for name in ("read", "restore", "sanitize", "start"))
            + self.steps["await_results"],
            "judge": self.steps["judge"],
            "nbgrader, files": self.steps["save"] - self.of_save,
            "database": self.database,
            "(by the clock)": self.waited,
        }
        each = (f"{name} {1000 * spent / submissions:.1f}" for name, spent in seconds.items())
        return f"milliseconds a submission: {', '.join(each)}"
