"""Pairs of edits that overlap: of one line, after an edit of all lines, in all lines.

There are thousands. Only the changed lines of each are kept; its words are built only if it has the answer's
numbers.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from operator import itemgetter

from descentlab.rule_diagnosis.edit_sets import (
    Change,
    Edit,
    Lines,
    both,
    changes,
    everywhere,
    in_line,
    whole_lines,
)
from descentlab.rule_diagnosis.edits import RARE_KINDS, UNLIKELY_KINDS
from descentlab.rule_diagnosis.formula import Expr, Formula, Line, line_text, nodes, text

ChangedLines = tuple[tuple[int, Line], ...]
"""The lines that change, in their order."""
Worded = tuple[bool, Edit]
"""Whether the second edit undoes part of the first, and the edit with its words."""
Way = Callable[[], Worded]
"""Builds these."""
Ways = dict[ChangedLines, list[Way]]
"""All ways to make pairs of edits of one kind, by the changed lines, likelier first."""


@cache
def doubles(formula: Formula) -> tuple[Ways, ...]:
    """Overlapping pairs of edits, likelier kinds first."""
    kinds = []
    for walk in (
        *(_pairs_in_line(formula, n) for n in range(len(formula.lines))),
        _pairs_after_edit(formula),
    ):
        kinds.append(ways := {})
        for key, way in walk:
            ways.setdefault(key, []).append(way)
    return tuple(kinds)


def in_words(ways: Iterable[Way]) -> Worded:
    """The pair in the words of the first way in which neither edit undoes the other; else of the first."""
    return min((way() for way in ways), key=itemgetter(0))


# ---------------------------------------------------------------------------------------------- of one line


def _pairs_in_line(formula: Formula, number: int) -> Iterator[tuple[ChangedLines, Way]]:
    """Two edits of the same line."""
    target, expr = formula.lines[number]
    for first in changes(expr, formula):
        for second in changes(first.expr, formula, with_rare=first.kind not in RARE_KINDS):
            if second.expr != expr:
                key = ((number, (target, second.expr)),)
                yield key, partial(_line_in_words, formula, number, first, second)


def _line_in_words(formula: Formula, number: int, first: Change, second: Change) -> Worded:
    target, expr = formula.lines[number]
    undone = _on_top(expr, _path(expr, first.expr), _path(first.expr, second.expr), second.words, formula)
    words = _difference(formula, number, second.expr) if undone else both(first.words, second.words)
    return undone, Edit(words, first.kind, {number: (target, second.expr)})


def _on_top(expr: Expr, place: tuple[int, ...], other: tuple[int, ...], words: str, formula: Formula) -> bool:
    """Whether an edit at `other`, with these words, changes what one at `place` made.

    The words of the first are then wrong.
    """
    return other[: len(place)] == place or words not in _words_alone(expr, formula)


@cache
def _words_alone(expr: Expr, formula: Formula) -> frozenset[str]:
    return frozenset(change.words for change in changes(expr, formula))


def _path(old: Expr, new: Expr) -> tuple[int, ...]:
    """The path to the smallest part in which two expressions differ; 0 at its end: only the operator."""
    if len(old) != len(new):
        return ()
    parts = [n for n in range(len(old)) if old[n] != new[n]]
    if parts == [0]:
        return (0,)
    if len(parts) != 1 or not isinstance(old[parts[0]], tuple):
        return ()
    return (parts[0], *_path(old[parts[0]], new[parts[0]]))


def _difference(formula: Formula, number: int, changed: Expr) -> str:
    """The words for how a line changed, whichever edits led there."""
    target, expr = formula.lines[number]
    old, new = expr, changed
    for index in filter(None, _path(expr, changed)):
        old, new = old[index], new[index]
    line = line_text(target, expr)
    if list(nodes(expr)).count(old) > 1:
        return f"the line {line_text(target, changed)} instead of {line}"
    words = f"{text(new)} instead of {text(old)}"
    return words if len(formula.lines) == 1 else in_line(words, formula.lines[number])


# ----------------------------------------------------------------------------------- after one of all lines


def _pairs_after_edit(formula: Formula) -> Iterator[tuple[ChangedLines, Way]]:
    """An edit after one that changes several lines alike."""
    for edit in (*everywhere(formula), *whole_lines(formula)):
        if edit.order:
            continue
        edited = Formula(formula.rule, tuple(edit.in_order(formula)))
        for lines, way in (*_line_after(edit, edited), *_place_after(edit, edited, formula)):
            yield tuple(sorted(lines.items())), way


def _line_after(edit: Edit, edited: Formula) -> Iterator[tuple[Lines, Way]]:
    """The edited formula, with an edit of one whole edited line."""
    for other in whole_lines(edited, edit.lines):
        touches = not other.order and other.lines.keys() & edit.lines.keys()
        if touches and not _both_unlikely(edit.kind, other.kind):
            lines = {**edit.lines, **other.lines}
            yield lines, partial(_after_in_words, edit, other.words, lines)


def _after_in_words(edit: Edit, words: str, lines: Lines) -> Worded:
    return False, Edit(both(edit.words, words), edit.kind, lines)


def _place_after(edit: Edit, edited: Formula, formula: Formula) -> Iterator[tuple[Lines, Way]]:
    """The edited formula, with an edit at a place of one edited line."""
    for number, (target, expr) in edit.lines.items():
        before = formula.lines[number][1]
        for change in changes(expr, edited, with_rare=False):
            undoes_all = change.expr == before and len(edit.lines) == 1
            if not undoes_all and not _both_unlikely(edit.kind, change.kind):
                lines = {**edit.lines, number: (target, change.expr)}
                yield lines, partial(_place_in_words, edit, formula, number, change, lines)


def _place_in_words(edit: Edit, formula: Formula, number: int, change: Change, lines: Lines) -> Worded:
    before, (_, expr) = formula.lines[number][1], edit.lines[number]
    if not _on_top(before, _path(before, expr), _path(expr, change.expr), change.words, formula):
        return _after_in_words(edit, change.words, lines)
    if len(edit.lines) == 1:
        words = _difference(formula, number, change.expr)
    else:
        line = line_text(*lines[number])
        words = f"{edit.words}, but with the line {line}"
    return True, Edit(words, edit.kind, lines)


def _both_unlikely(one: str, other: str) -> bool:
    return one in UNLIKELY_KINDS and other in UNLIKELY_KINDS
