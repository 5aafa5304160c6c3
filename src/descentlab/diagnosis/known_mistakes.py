"""Running the catalogue's wrong code on the probes and comparing it with an answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np

from descentlab import agreement
from descentlab.checks.recording import evidence_bytes
from descentlab.checks.recording.probes import ProbeRun
from descentlab.checks.recording.run_student import copies, run_own_rule
from descentlab.diagnosis.explanation import Explanation
from descentlab.diagnosis.probe_table import flat
from descentlab.diagnosis.search import AnswerPath
from descentlab.diagnosis.variants import variants_of
from descentlab.exercises.catalogue import Mistake, mistakes
from descentlab.sentences import say

if TYPE_CHECKING:
    from descentlab.diagnosis.variants import Variant


def known_mistakes(answer: AnswerPath, runs: Mapping[str, ProbeRun], check: str) -> list[Mistake]:
    """The entries of the catalogue that do exactly what the answer does, on all probes."""
    entries: list[Mistake] = []
    if _error(runs.get("main", {})) is not None:
        # Many mistakes end in the same exception: there Python's own words say more.
        return entries
    for entry in mistakes(check):
        if _starts_alike(answer, entry.make()) and _same(answer, runs, entry.make()):
            entries.append(entry)
    return entries


def decided(entries: list[Mistake], answer: AnswerPath, runs: Mapping[str, ProbeRun]) -> list[Mistake]:
    """Of mistakes with equal numbers those that remember what the answer remembers; all, if none does."""
    return of_the_same_memory(entries, answer, runs) or entries


def of_the_same_memory(
    entries: list[Mistake], answer: AnswerPath, runs: Mapping[str, ProbeRun]
) -> list[Mistake]:
    """Those mistakes that remember what the answer remembers; all, where that is not known."""
    memory = runs.get("main", {}).get("memory")
    if not memory:
        return entries
    return [
        entry
        for entry in entries
        if run_own_rule(entry.make(), answer.table.probes[:1])[0].get("memory") == memory
    ]


def framework_variant(answer: AnswerPath, rule: str) -> Variant | None:
    """The framework's variant of the rule that the answer is, where its numbers are not the lesson's."""
    for variant in variants_of(rule):
        if _starts_alike(answer, variant.factory):
            path = _path(answer, variant.factory)
            if path is not None and answer.matches(path):
                return variant
    return None


def _path(answer: AnswerPath, rule: Callable[..., Any]) -> np.ndarray | None:
    done = run_own_rule(rule, answer.table.probes)
    if any("error" in run for run in done):
        return None
    return answer.table.path({run["probe"]: run for run in done})


def _starts_alike(answer: AnswerPath, rule: Callable[..., Any]) -> bool:
    """Whether the first two calls of the first probe agree: most entries end here."""
    table = answer.table
    probe, row = table.probes[0], 0
    params = copies(probe.start)
    try:
        made = rule(**probe.hyper)
        for call in range(2):
            made.update(params, copies(probe.gradients[call]))
            values = flat(params)
            if values is None:
                return True
            if not agreement.same(values, answer.path[call, row], answer.tolerance[call, row]).all():
                return False
    except Exception:
        return True
    return True


def _same(answer: AnswerPath, runs: Mapping[str, ProbeRun], rule: type) -> bool:
    for row, probe in enumerate(answer.table.probes):
        (done,) = run_own_rule(rule, [probe])
        if not _same_run(answer, row, runs.get(probe.name), done):
            return False
    return True


def _same_run(answer: AnswerPath, row: int, actual: ProbeRun | None, known: ProbeRun) -> bool:
    if actual is None or _error(actual) != _error(known):
        return False
    calls = evidence_bytes.calls_of(actual)
    if len(calls) != len(known["calls"]):
        return False
    return all(
        _same_arrays(a.get("params"), b["params"], answer.tolerance[c, row])
        and _same_arrays(a.get("grads"), b["grads"], None)
        for c, (a, b) in enumerate(zip(calls, known["calls"], strict=True))
        if isinstance(a, Mapping)
    )


def _error(run: ProbeRun) -> Any:
    error = run.get("error")
    return error.get("type") if isinstance(error, Mapping) else None


def _same_arrays(actual: Any, known: Mapping[str, Any], tolerance: Any) -> bool:
    if not isinstance(actual, Mapping) or actual.keys() != known.keys():
        return False
    if any(not _alike(actual[key], known[key]) for key in known):
        return False
    a, b = flat(actual), flat(known)
    if a is None or b is None:
        return True
    if tolerance is None:
        tolerance = agreement.HANDED_ON * np.abs(b)
    return bool(agreement.same(a, b, tolerance).all())


def _alike(actual: Any, known: Any) -> bool:
    """Both arrays of one kind and shape, or both something that is no array."""
    if isinstance(actual, np.ndarray) and isinstance(known, np.ndarray):
        return actual.shape == known.shape and actual.dtype.kind == known.dtype.kind
    return type(actual) is type(known)


def joined(entries: Sequence[Mistake]) -> str:
    """The descriptions of mistakes with equal numbers; what they all begin with is said once."""
    sentences = list(dict.fromkeys(say(entry.what) for entry in entries))
    start, colon, _ = sentences[0].partition(": ")
    if colon and all(words.startswith(start + colon) for words in sentences):
        sentences[1:] = [words.removeprefix(start + colon) for words in sentences[1:]]
    return reduce(lambda one, other: say("{one}, or {other}", one=one, other=other), sentences)


def of_entries(entries: Sequence[Mistake], sentence: str, id: str = "") -> Explanation:
    """The explanation that names these entries by the sentence `sentence`; `id`: by default their group's."""
    first = entries[0]
    instead = say(first.cause) if first.cause and len(entries) == 1 else ""
    symptom = [sentence] * bool(instead) + [say(entry.symptom) for entry in entries]
    return Explanation(
        id or first.group or first.id,
        instead or sentence,
        " ".join(dict.fromkeys(say(entry.hint) for entry in entries)),
        " ".join(dict.fromkeys(symptom)),
        first.section,
    )
