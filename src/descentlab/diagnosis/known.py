"""Running the catalogue's wrong code on the probes and comparing it with an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from descentlab.checks.comparing import agreement
from descentlab.checks.recording import wire
from descentlab.checks.recording.drive import copies, drive_own
from descentlab.diagnosis.board import flat
from descentlab.diagnosis.explanation import Explanation
from descentlab.diagnosis.search import Target
from descentlab.exercises.catalogue import Mistake, mistakes
from descentlab.rules.conventions import NAMED, Named

Run = Mapping[str, Any]


def known_mistakes(target: Target, runs: Mapping[str, Run], check: str) -> list[Mistake]:
    """The entries of the catalogue that do exactly what the answer does, on all probes."""
    found: list[Mistake] = []
    if _error(runs.get("main", {})) is not None:
        # Many mistakes end in the same exception: there Python's own words say more.
        return found
    for entry in mistakes(check):
        if _starts_alike(target, entry.make()) and _same(target, runs, entry.make()):
            found.append(entry)
    return found


def decided(entries: list[Mistake], target: Target, runs: Mapping[str, Run]) -> list[Mistake]:
    """Of mistakes with equal numbers those that remember what the answer remembers; all, if none does."""
    memory = runs.get("main", {}).get("memory")
    alike = [
        entry
        for entry in entries
        if drive_own(entry.make(), target.board.probes[:1])[0].get("memory") == memory
    ]
    return alike or entries


def named_convention(target: Target, rule: str) -> Named | None:
    """The framework's convention that the answer follows, where it gives other numbers than the lesson's."""
    for named in NAMED:
        if named.rule == rule and not named.same_at_constant_rate and _starts_alike(target, named.factory):
            path = _path(target, named.factory)
            if path is not None and target.matches(path):
                return named
    return None


def _path(target: Target, rule: Callable[..., Any]) -> np.ndarray | None:
    driven = drive_own(rule, target.board.probes)
    if any("error" in run for run in driven):
        return None
    return target.board.path({run["probe"]: run for run in driven})


def _starts_alike(target: Target, rule: Callable[..., Any]) -> bool:
    """Whether the first two calls of the first probe agree: most entries end here."""
    board = target.board
    probe, row = board.probes[0], 0
    params = copies(probe.start)
    try:
        made = rule(**probe.hyper)
        for call in range(2):
            made.update(params, copies(probe.gradients[call]))
            values = flat(params)
            if values is None:
                return True
            if not agreement.same(values, target.path[call, row], target.tolerance[call, row]).all():
                return False
    except Exception:
        return True
    return True


def _same(target: Target, runs: Mapping[str, Run], rule: type) -> bool:
    for row, probe in enumerate(target.board.probes):
        (driven,) = drive_own(rule, [probe])
        if not _same_run(target, row, runs.get(probe.name), driven):
            return False
    return True


def _same_run(target: Target, row: int, mine: Run | None, theirs: Run) -> bool:
    if mine is None or _error(mine) != _error(theirs):
        return False
    calls = wire.calls_of(mine)
    if len(calls) != len(theirs["calls"]):
        return False
    return all(
        _same_arrays(a.get("params"), b["params"], target.tolerance[c, row])
        and _same_arrays(a.get("grads"), b["grads"], None)
        for c, (a, b) in enumerate(zip(calls, theirs["calls"], strict=True))
        if isinstance(a, Mapping)
    )


def _error(run: Run) -> Any:
    error = run.get("error")
    return error.get("type") if isinstance(error, Mapping) else None


def _same_arrays(mine: Any, theirs: Mapping[str, Any], tolerance: Any) -> bool:
    if not isinstance(mine, Mapping) or mine.keys() != theirs.keys():
        return False
    if any(not _alike(mine[key], theirs[key]) for key in theirs):
        return False
    a, b = flat(mine), flat(theirs)
    if a is None or b is None:
        return True
    if tolerance is None:
        tolerance = agreement.HANDED_ON * np.abs(b)
    return bool(agreement.same(a, b, tolerance).all())


def _alike(mine: Any, theirs: Any) -> bool:
    """Both arrays of one kind and shape, or both something that is no array."""
    if isinstance(mine, np.ndarray) and isinstance(theirs, np.ndarray):
        return mine.shape == theirs.shape and mine.dtype.kind == theirs.dtype.kind
    return type(mine) is type(theirs)


def joined(entries: Sequence[Mistake]) -> str:
    """The descriptions of mistakes with equal numbers; what they all begin with is said once."""
    said = list(dict.fromkeys(entry.what for entry in entries))
    start, colon, _ = said[0].partition(": ")
    if colon and all(words.startswith(start + colon) for words in said):
        said[1:] = [words.removeprefix(start + colon) for words in said[1:]]
    return ", or ".join(said)


def of_entries(entries: Sequence[Mistake], said: str, id: str = "") -> Explanation:
    """The explanation that names these entries by the sentence `said`; `id`: by default their group's."""
    first = entries[0]
    shown = first.shown if len(entries) == 1 else ""
    evidence = [said] * bool(shown) + [entry.gives_away for entry in entries]
    return Explanation(
        id or first.group or first.id,
        shown or said,
        " ".join(dict.fromkeys(entry.hint for entry in entries)),
        " ".join(dict.fromkeys(evidence)),
        first.section,
    )
