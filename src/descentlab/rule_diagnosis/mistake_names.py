"""Names for a rule's numbers: a known mistake, one edit of the formula or two."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from descentlab.registry import RULES
from descentlab.rule_check.rule_runs import call_rule
from descentlab.rule_diagnosis import edit_sets, probe_table
from descentlab.rule_diagnosis.case import Case, rows_after
from descentlab.rule_diagnosis.edit_search import (
    MIN_NUMBERS,
    EditedFormula,
    leaves_memory,
    one_edit,
    two_edits,
)
from descentlab.rule_diagnosis.formula import PARAMETER, text
from verdicts import agreement
from verdicts.diagnosis import Explanation, of_entries
from verdicts.diagnosis.catalogue import Mistake, mistakes_of
from verdicts.recording import evidence_bytes, run_student
from verdicts.recording.probes import ProbeRun
from verdicts.sentences import rows


def known_mistake(case: Case) -> Explanation | None:
    """The catalogue entry with the answer's numbers."""
    # Many mistakes end in the same exception: Python's own words say more.
    if _error(case.actual_run) is not None:
        return None
    known = [entry for entry in mistakes_of(case.check) if not entry.edits]
    entries = [entry for entry in known if _does_the_same(entry.make(), case)]
    if np.isfinite(case.of_probe("main")).any():
        return of_entries(entries)
    # Many slips end in NaN: tell those without a state from those with one.
    main, remembers = case.table.probes[case.main], _remembers(case.actual_run)
    entries = [
        entry
        for entry in entries
        if _remembers(run_student.run_trusted(entry.make(), main, call_rule)) == remembers
    ]
    return of_entries(entries, "Every number of yours is NaN from the first call on. One known reason:")


def known_edit(case: Case) -> Explanation | None:
    """An edit that the catalogue describes."""
    is_known = case.one_edit is not None and _entries(case.one_edit, case)
    return one_or_two_edits(case) if is_known else None


def _entries(edited: EditedFormula, case: Case) -> list[Mistake]:
    """The catalogue's entries for an edit of this rule."""
    if edited.formula.rule != case.check.rule:
        return []
    effect = edited.edit.effect(edited.formula)
    return [entry for entry in mistakes_of(case.check) if effect in entry.edits]


def one_or_two_edits(case: Case) -> Explanation | None:
    """The formula with one or two edits that has the answer's numbers."""
    edited = _edited_formula(case)
    if edited is None:
        return None
    explanation = _explain_edit(edited, case)
    # Where states are compared ε is tiny: wherever it stands, they are right.
    if case.remembers_all and edited.edit.kind != "eps" and not leaves_memory(edited.formula, edited.edit):
        of_the_step = one_edit(case.answer, case.check.rule, leaves_memory)
        if of_the_step is not None:
            return _explain_edit(of_the_step, case)
        return replace(
            explanation,
            facts=("What you remember is right after every call, so the line that moves θ is not.",),
            hint="Compute the line that moves θ by hand from what you remember: what does it multiply or "
            "divide by that the formula has not, or the other way round?",
        )
    return explanation


def _edited_formula(case: Case) -> EditedFormula | None:
    answer, edited = case.answer, case.one_edit
    if not answer.tells_enough:
        return None
    if edited is None and (begun_from := RULES[case.check.rule].begun_from):
        # One slip in a rule copied and left unfinished is likelier than two in this one.
        edited = one_edit(answer, begun_from)
    # With hardly any finite wrong number a pair of edits is a coincidence.
    if edited is None and (answer.finite & ~case.near).sum() >= MIN_NUMBERS:
        return two_edits(answer, case.check.rule)
    return edited


def _explain_edit(edited: EditedFormula, case: Case) -> Explanation:
    known = of_entries(_entries(edited, case))
    if known is not None:
        return known
    words = edited.edit.words
    if edited.formula.rule != case.check.rule:
        words = f"{edited.formula.rule} {words}"
    return Explanation(
        f"{case.check.name.split('/')[0]}/edit/{_slug(words)}",
        f"Your numbers are those of {_words_of(edited, case)}.",
        _hint_of(edited, case),
        f"an edit of the formula gives all {case.actual.size} numbers on {len(case.table.probes)} probes to rounding",
    )


def _words_of(edited: EditedFormula, case: Case) -> str:
    words = edited.edit.words
    if edited.formula.rule != case.check.rule:
        return f"{RULES[edited.formula.rule].title}, not yet turned into {case.title}, with {words}"
    if not edited.form:
        return f"{case.title} with {words}"
    return f"{case.title}, written as {edited.form}, with {words}"


def _hint_of(edited: EditedFormula, case: Case) -> str:
    """The hint for the edit's kind, filled with what the edit changes."""
    touched = _changed_quantities(edited)
    made = ", ".join(text(("name", name)) for name in touched)
    same = " is ".join(f"self.{name}[k]" for name in edited.edit.one_array or touched)
    kind = "pair" if edit_sets.PAIR in edited.edit.words else edited.edit.kind
    hint = edit_sets.HINTS[kind].format(made=made, same=same)
    if edited.formula.rule == case.check.rule:
        return hint
    return f"Two things. Compare your lines with those of {case.title}: where do they differ? And: {hint}"


def _changed_quantities(edited: EditedFormula) -> list[str]:
    """The quantities an edit changes: states if any, else results within a call, else θ."""
    formula, edit = edited.formula, edited.edit
    changed = edit.changed | {edit.moved}
    changed |= {formula.lines[number][0] for number in edit.lines if number < edit_sets.FIRST_ADDED_LINE}
    names = [name for name in formula.targets if name in changed]
    states = [name for name in names if name in formula.arrays]
    return states or [name for name in names if name != PARAMETER] or names


SPELLINGS = rows(Path(__file__).with_name("spellings.txt"))


def _slug(words: str) -> str:
    """The words of an edit as an id to count by."""
    for symbol, spelled in SPELLINGS:
        words = re.sub(symbol, spelled, words)
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:80]


# ------------------------------------------------------------------------- running the catalogue's code


def _remembers(run: ProbeRun) -> bool:
    """Whether a state is an array that is not zero after the first call."""
    return any(row.any() for row in rows_after(run, 0))


def _does_the_same(rule: Callable[..., Any], case: Case) -> bool:
    # One probe at a time: most rules fail at the first.
    return all(
        _same_run(run_student.run_trusted(rule, probe, call_rule), row, case)
        for row, probe in enumerate(case.table.probes)
    )


def _same_run(known: ProbeRun, row: int, case: Case) -> bool:
    actual, tolerance = case.actual_runs.get(known["probe"]), case.answer.tolerance
    if actual is None or _error(actual) != _error(known):
        return False
    calls, known_calls = evidence_bytes.calls_of(actual), evidence_bytes.calls_of(known)
    if len(calls) != len(known_calls):
        return False
    return all(
        _same_arrays(a.get("params"), b["params"], tolerance[c, row])
        and _same_arrays(a.get("grads"), b["grads"], None)
        for c, (a, b) in enumerate(zip(calls, known_calls, strict=True))
        if isinstance(a, Mapping)
    )


def _error(run: ProbeRun) -> Any:
    return run.get("error", {}).get("type")


def _same_arrays(actual: Any, known: Mapping[str, Any], tolerance: Any) -> bool:
    if not isinstance(actual, Mapping) or actual.keys() != known.keys():
        return False
    if any(not _alike(actual[key], known[key]) for key in known):
        return False
    a, b = probe_table.flat(actual), probe_table.flat(known)
    if a is None or b is None:
        return True
    if tolerance is None:
        tolerance = agreement.HANDED_ON * np.abs(b)
    return bool(agreement.same(a, b, tolerance).all())


def _alike(actual: Any, known: Any) -> bool:
    """Whether both are arrays of one kind and shape, or neither is an array."""
    if isinstance(actual, np.ndarray) and isinstance(known, np.ndarray):
        return actual.shape == known.shape and actual.dtype.kind == known.dtype.kind
    return type(actual) is type(known)
