"""The order in which explanations are tried: what is simplest and surest comes first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

import descentlab.rules
from descentlab import agreement
from descentlab.checks.comparing.reference import probes_of
from descentlab.checks.comparing.rules import rule_difference
from descentlab.checks.comparing.words import place_of
from descentlab.checks.recording import evidence_bytes
from descentlab.checks.recording.probes import SHAPES, ProbeRun, RuleProbe
from descentlab.checks.recording.run_student import run_own_rule
from descentlab.checks.spec import Check, RuleCheck
from descentlab.diagnosis import behaviour, functions
from descentlab.diagnosis.entry_facts import Fact
from descentlab.diagnosis.errors import NO_HINTS, NO_NUMBER, explain_call, explain_error, strange_shape
from descentlab.diagnosis.experiments import hint_of
from descentlab.diagnosis.explanation import Explanation, explanation_of
from descentlab.diagnosis.known_mistakes import (
    decided,
    framework_variant,
    joined,
    known_mistakes,
    of_entries,
    of_the_same_memory,
)
from descentlab.diagnosis.numeric_facts import NumericFacts, same_memory
from descentlab.diagnosis.own_numbers import with_own_number
from descentlab.diagnosis.patterns import pattern, where_to_look
from descentlab.diagnosis.probe_table import COLUMNS, KEY_OF, KEYS, ProbeTable
from descentlab.diagnosis.search import ENOUGH, AnswerPath, EditedFormula, leaves_memory, one_edit, two_edits
from descentlab.exercises.catalogue import Mistake
from descentlab.registry import RULES
from descentlab.sentences import capital, say, template

BY_HAND = template(
    "Compute this one number by hand, line by line of your code. Which value is the first that is not what "
    "the formula says?"
)
MOST_FACTS = 5
"""Of what was computed of an answer without a name so many sentences are said."""


def explain(
    check: Check, actual: Mapping[str, ProbeRun], expected: Mapping[str, ProbeRun], seed: int
) -> Explanation | None:
    """Why an answer that did not pass has the numbers it has.

    An explanation without an id says only what was computed. None where the formula is right and nothing else
    is to be said.

    `actual` and `expected` are the answer's and the reference's runs by the probe's name.
    """
    if not isinstance(check, RuleCheck):
        return functions.explain(check, actual, expected, seed)
    table = ProbeTable(probes_of(check.name, seed))
    with np.errstate(all="ignore"):
        return Case(check, table, actual, expected).explain()


class Case:
    """One wrong answer to a rule's check."""

    def __init__(
        self,
        check: RuleCheck,
        table: ProbeTable,
        actual: Mapping[str, ProbeRun],
        expected: Mapping[str, ProbeRun],
    ):
        self.check, self.table, self.actual_runs, self.expected_runs = check, table, actual, expected
        self.actual, self.expected = table.path(actual), table.path(expected)
        self.title = RULES[check.rule].title
        self.every = AnswerPath(table, self.actual, np.ones(COLUMNS, bool))
        self.near = table.near(self.actual, self.expected)
        self.agrees = self.near.all(axis=(0, 2))

    def explain(self) -> Explanation | None:
        """The first explanation that holds."""
        if self.agrees.all():
            # The formula is right: no edit of it is looked for.
            return (
                self._elsewhere()
                or self._catalogue()
                or behaviour.odd_arrays(self.table, self.actual_runs)
                or behaviour.changed_gradients(self.table, self.actual_runs)
            )
        return (
            behaviour.still(self.table, self.actual, self.actual_runs)
            or behaviour.strangers(self.table, self.actual)
            or self._catalogue()
            or behaviour.odd_arrays(self.table, self.actual_runs)
            or self._error()
            or behaviour.only_other_order(self.table, self.agrees)
            or behaviour.only_used_again(self.table, self.agrees)
            or behaviour.skips_zero_gradients(self.table, self.agrees)
            or self._digits()
            or self._skipped()
            or self._variant()
            or self._with_changed_gradients(self._edits(self.every))
            or self._changed_in_place()
            or behaviour.changed_gradients(self.table, self.actual_runs)
            or pattern(self.table, self.actual, self.expected)
            or self._by_facts()
        )

    def _elsewhere(self) -> Explanation | None:
        """What is wrong on the probes that are not in the table."""
        for probe in self.table.others:
            run = self.actual_runs.get(probe.name, {})
            if isinstance(run.get("error"), Mapping):
                keys = say(
                    "The arrays of this run are {arrays} alone. Which keys does your line count on?",
                    arrays=", ".join(f'"{key}"' for key in probe.start),
                )
                named = self._error_of(probe, {"not-yet-there": keys})
                first = not evidence_bytes.calls_of(run)
                return named or Explanation("", "", keys if first else say(NO_NUMBER), say("an exception"))
            difference = rule_difference(probe, run, self.expected_runs[probe.name])
            if difference is not None:
                return behaviour.only_elsewhere(difference, probe)
        return None

    def _catalogue(self) -> Explanation | None:
        entries = known_mistakes(self.every, self.actual_runs, self.check.name)
        has_numbers = bool(np.isfinite(self.actual[:, self.table.row("main")]).any())
        if not has_numbers:
            # Many slips end in NaN alone: one that remembers other things is another.
            entries = of_the_same_memory(entries, self.every, self.actual_runs)
        if not entries:
            return None
        equal = len(entries)
        entries = decided(entries, self.every, self.actual_runs) if equal > 1 else entries
        first, alone = entries[0], len(entries) == 1
        if has_numbers:
            cause = say("Your numbers are those of {mistakes}.", mistakes=joined(entries))
        else:
            cause = say(
                "Every number of yours is NaN from the first call on. One known reason: {mistakes}.",
                mistakes=joined(entries),
            )
        if self._remembers_right and not any(map(self._is_remembered_by, entries)):
            return self._of_the_step() or replace(of_entries(entries, cause), **self._where_it_moves())
        variant = framework_variant(self.every, self.check.rule)
        if variant is not None:
            also = say("They are also a framework's variant: {variant}.", variant=say(variant.sentence))
            cause = f"{cause} {also}"
        id = first.id if alone and equal > 1 else first.group or first.id
        return of_entries(entries, cause, id)

    @cached_property
    def _remembers_right(self) -> bool:
        """Whether what is remembered is right after every call: then no line that makes it is wrong."""
        return same_memory(self.actual_runs.get("main", {}), self._reference)

    def _is_remembered_by(self, entry: Mistake) -> bool:
        """Whether the wrong code of an entry remembers what is right, too."""
        (run,) = run_own_rule(entry.make(), [self.table.probes[self.table.row("main")]])
        return same_memory(run, self._reference, but_for_signs=True)

    def _of_the_step(self) -> Explanation | None:
        """One edit that leaves what is remembered as it is."""
        edited = one_edit(self.every, self.check.rule, leaves_memory) if self.every.tells_enough else None
        return None if edited is None else self._of_edited(edited)

    @staticmethod
    def _where_it_moves() -> dict[str, Any]:
        """Fact and hint where a name speaks of memory, and memory is right."""
        return {
            "facts": (say("What you remember is right after every call, so the line that moves θ is not."),),
            "hint": say(
                "Compute the line that moves θ by hand from what you remember: what does it multiply or "
                "divide by that the formula has not, or the other way round?"
            ),
        }

    @cached_property
    def _reference(self) -> Mapping[str, Any]:
        """The reference on the first probe, driven as the answer is: recorded runs of it hold no memory."""
        probe = self.table.probes[self.table.row("main")]
        return run_own_rule(getattr(descentlab.rules, self.check.rule), [probe])[0]

    def _by_facts(self) -> Explanation:
        """Nothing has a name: what was computed, and where to look."""
        looked = where_to_look(self.table, self.actual, self.expected)
        facts = self._facts()
        shown = self._standing_out(facts)
        by_hand = NO_NUMBER if self._fails else BY_HAND
        hints = (
            facts.sure_question(),
            shown[0].hint if shown else None,
            facts.question(),
            looked.hint if looked else None,
            facts.by_memory(),
        )
        return Explanation(
            "",
            "",
            next(filter(None, hints), say(by_hand)),
            looked.symptom if looked else say("wrong in the first run"),
            facts=self._sentences(facts, shown)[:MOST_FACTS],
        )

    @property
    def _fails(self) -> bool:
        """Whether a run ends with an exception."""
        return any(isinstance(run.get("error"), Mapping) for run in self.actual_runs.values())

    def _facts(self) -> NumericFacts:
        run = self.actual_runs.get("main", {})
        return NumericFacts(self.table, self.actual, self.expected, run, self._reference)

    def _sentences(self, facts: NumericFacts, shown: list[Fact]) -> tuple[str, ...]:
        """What was computed, what tells most first."""
        made = facts.made_of()
        stored = facts.overwritten() or facts.holds_parameters()
        sentences = (
            *(fact.words for fact in shown),
            None if shown else facts.ratios(),
            facts.ratio_in_constants(),
            # A slip of the first step is a guess; of what a state is made is none.
            self._first_step() if facts.call == 0 and not made and not facts.ratio_in_constants() else None,
            facts.digits(),
            stored,
            None if stored else made,
            facts.memory(),
            None if stored else facts.in_other_units(),
            None if stored or made else facts.kept_in_part(),
        )
        return tuple(filter(None, sentences))

    def _standing_out(self, facts: NumericFacts) -> list[Fact]:
        """What the arrays show without a name, the surest first; at most two."""
        every = (
            facts.of_the_form(),
            # One ratio for each array says how often a line is run, and for which.
            None if facts.by_array else behaviour.goes_by_place(self.table, self.actual),
            *([] if facts.weights else [facts.longest_step(), *facts.of_entries]),
            None if facts.weights else facts.of_gradients(),
        )
        return list(filter(None, every))[:2]

    def _first_step(self) -> str | None:
        """The known slip whose first step is the answer's, where later ones are not."""
        alone = AnswerPath(self.table, self.actual[:1], np.ones(COLUMNS, bool))
        edited = one_edit(alone, self.check.rule) if alone.tells_enough else None
        if edited is None:
            return None
        return say("Your first step is that of {rule}; the later ones are not.", rule=self._words(edited))

    def _variant(self) -> Explanation | None:
        variant = framework_variant(self.every, self.check.rule) if self.every.tells_enough else None
        if variant is None:
            return None
        sentence = say(variant.sentence)
        if variant.related:
            cause = say("Your numbers are those of a related rule: {variant}.", variant=sentence)
        else:
            cause = say(
                "Your numbers are those of a framework's variant of this rule: {variant}.", variant=sentence
            )
        return Explanation(
            f"convention/{variant.id}",
            cause,
            say(
                "Your formula is a real one, of another library. Put it beside the lesson's: where do the "
                "two differ?"
            ),
            say("all numbers are those of {variant}", variant=variant.id),
        )

    def _error(self) -> Explanation | None:
        for probe in self.table.probes:
            if isinstance(self.actual_runs.get(probe.name, {}).get("error"), Mapping):
                return self._error_of(probe)
        return None

    def _error_of(self, probe: RuleProbe, hints: Mapping[str, str] = NO_HINTS) -> Explanation | None:
        run = self.actual_runs[probe.name]
        error = run["error"]
        called = None if error.get("line") else explain_call(error)
        call = len(evidence_bytes.calls_of(run)) + 1
        return called or explain_error(error, place_of(probe, call), hints or strange_shape(error, SHAPES))

    def _digits(self) -> Explanation | None:
        """Right to six digits and wrong in the ninth."""
        moved = np.abs(self.expected - self.table.start).max(axis=0, keepdims=True)
        with np.errstate(all="ignore"):
            allowed = agreement.SIX_DIGITS * (moved + np.abs(self.table.start))
            near = agreement.within(self.actual, self.expected, allowed)
        if not near.all():
            return None
        kinds = {a.dtype.name for a in self._arrays() if a.dtype != np.float64}
        if kinds:
            cause = say(
                "your numbers are right to six digits and not to nine: your parameters have become {dtype}",
                dtype=min(kinds),
            )
        else:
            cause = say(
                "your numbers are right to six digits and not to nine: digits are lost, or something tiny is "
                "added"
            )
        return Explanation(
            "behaviour/few-digits",
            cause,
            say(
                "How many digits does your state keep? Look for float32, for rounding, for a constant "
                "typed in, and for a tiny term."
            ),
            say("all steps agree to 1e-6 of their size, not to 1e-9"),
        )

    def _arrays(self) -> list[np.ndarray]:
        """The arrays after the first call of the first probe."""
        calls = evidence_bytes.calls_of(self.actual_runs.get("main"))
        first = calls[0] if calls else None
        params = first.get("params") if isinstance(first, Mapping) else None
        arrays = params.values() if isinstance(params, Mapping) else ()
        return [array for array in arrays if isinstance(array, np.ndarray)]

    def _skipped(self) -> Explanation | None:
        moving = behaviour.moving_keys(self.table, self.actual)
        if moving.all() or not moving.any():
            return None
        if self.every.tells_enough and one_edit(self.every, self.check.rule) is not None:
            return None  # one edit tells why they do not move
        in_one_order = behaviour.moving_keys(self.table, self.actual, "main")
        overwritten = self._facts().overwritten()
        skipped = replace(
            behaviour.skipped_keys(moving, in_one_order), facts=(overwritten,) if overwritten else ()
        )
        columns = moving[KEY_OF]
        if self.near[:, :, columns].all():
            return skipped
        rest = self._edited(AnswerPath(self.table, self.actual, columns))
        if rest is None:
            return skipped
        cause = say(
            "{skipped}; the numbers of what moves are those of {edited}.",
            skipped=skipped.cause,
            edited=self._words(rest),
        )
        return replace(skipped, cause=cause)

    def _edits(self, answer: AnswerPath) -> Explanation | None:
        edited = self._edited(answer)
        if edited is None:
            return None
        if self._remembers_right and not leaves_memory(edited.formula, edited.edit):
            return self._of_the_step() or replace(self._of_edited(edited), **self._where_it_moves())
        return self._of_edited(edited)

    def _of_edited(self, edited: EditedFormula) -> Explanation:
        return Explanation(
            f"{self.check.name.split('/')[0]}/edit/{self._id(edited)}",
            say("Your numbers are those of {edited}.", edited=self._words(edited)),
            self._hint(edited),
            say(
                "an edit of the formula gives all {count} numbers on {probes} probes to rounding",
                count=self.actual.size,
                probes=len(self.table.probes),
            ),
        )

    def _id(self, edited: EditedFormula) -> str:
        words = edited.edit.words
        return _slug(f"{edited.formula.rule} {words}" if self._is_begun_from(edited) else words)

    def _with_changed_gradients(self, explanation: Explanation | None) -> Explanation | None:
        """Beside the name also that the gradients were changed: often the line that does so is the cause."""
        changed = behaviour.changed_gradients(self.table, self.actual_runs)
        if explanation is None or changed is None:
            return explanation
        return replace(explanation, facts=(*explanation.facts, f"{capital(changed.cause)}."))

    def _changed_in_place(self) -> Explanation | None:
        """Where the scalar alone is right: `/=` changes arrays in place, and never a number."""
        arrays = KEYS.index("s") != KEY_OF
        if not self.near[:, :, ~arrays].all():
            return None
        edited = self._edited(AnswerPath(self.table, self.actual, arrays))
        if edited is None:
            return None
        return explanation_of(
            f"{self.check.name.split('/')[0]}/edit/{_slug(edited.edit.words)}-in-place",
            cause="The scalar is right; the numbers of the other arrays are those of {edited}.",
            hint="`a = b` makes no copy of an array, and `a /= c` then changes b as well. Print what you "
            "remember after each line: is it still what the formula says?",
            symptom="an edit of the formula gives all numbers of the arrays, and the scalar is right",
            edited=self._words(edited),
        )

    def _edited(self, answer: AnswerPath) -> EditedFormula | None:
        """The formula with one edit, or with two, that has the answer's numbers."""
        if not answer.tells_enough:
            return None
        edited = one_edit(answer, self.check.rule) or with_own_number(answer, self.check.rule)
        if edited is None and (begun_from := RULES[self.check.rule].begun_from):
            # One slip in a rule that was copied and not finished is likelier than two in this one.
            edited = one_edit(answer, begun_from)
        # NaN is no number: with hardly one that is wrong, a pair of edits is a coincidence.
        if edited is None and (answer.finite & answer.columns & ~self.near).sum() >= ENOUGH:
            return two_edits(answer, self.check.rule)
        return edited

    def _words(self, edited: EditedFormula) -> str:
        words = edited.edit.words.translated()
        if self._is_begun_from(edited):
            return say(
                "{other}, which has not yet become {rule}, with {edit}",
                other=RULES[edited.formula.rule].title,
                rule=self.title,
                edit=words,
            )
        if not edited.form:
            return say("{rule} with {edit}", rule=self.title, edit=words)
        return say("{rule}, written as {form}, with {edit}", rule=self.title, form=edited.form, edit=words)

    def _is_begun_from(self, edited: EditedFormula) -> bool:
        return edited.formula.rule != self.check.rule

    def _hint(self, edited: EditedFormula) -> str:
        hint = hint_of(edited)
        if not self._is_begun_from(edited):
            return hint
        return say(
            "Two things. Which line of {rule} is not in your code yet? And: {hint}",
            rule=self.title,
            hint=hint,
        )


SPELLED = {
    "η": "lr",
    "μ": "mu",
    "ρ": "rho",
    "β₁": "beta1",
    "β₂": "beta2",
    "β": "beta",
    "ε": "eps",
    "θ": "p",
    "√": "root-",
    "²": "-squared",
    "ᵗ": "-to-t",
    "m̂": "m-hat",
    "v̂": "v-hat",
    "←": " becomes ",
    "− ": "minus-",
    "+ ": "plus-",
    "/ ": "over-",
}


def _slug(words: str) -> str:
    """The words of an edit as an id for counting."""
    for symbol, spelled in SPELLED.items():
        words = words.replace(symbol, spelled)
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:80]
