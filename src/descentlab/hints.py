"""`hint("adam/update")`: help before a check fails, one hint more at each call, at no cost.

The hints of a lesson stand in its folder of `descentlab.exercises`, in `hints.py`. None is the answer; the
grader's sandbox holds none of them.
"""

from __future__ import annotations

from collections import Counter
from functools import cache

from descentlab.checks.recording import evidence_outbox
from descentlab.checks.spec import UnknownCheckError
from descentlab.sentences import say

_asked: Counter[str] = Counter()


def hint(name: str) -> None:
    """Show the hints of a check so far and one more, at most three in all; it costs no points.

    A name that no check has is said in one line, with the nearest.
    """
    if evidence_outbox.is_grading():
        print(say("{check}: not shown while grading", check=name))
        return
    from descentlab.exercises import find

    try:
        check = find(name)
    except UnknownCheckError as error:
        print(error)
        return
    hints = all_hints().get(check.name, ())
    _asked[check.name] = min(_asked[check.name] + 1, len(hints))
    for number, text in enumerate(hints[: _asked[check.name]], 1):
        print(say("Hint {number} of {count}: {hint}", number=number, count=len(hints), hint=say(text)))
    if _asked[check.name] == len(hints):
        print(say("That is the last hint. Read again: {section}", section=check.section))


@cache
def all_hints() -> dict[str, tuple[str, ...]]:
    """Every check's hints by its name, as templates, the gentlest first."""
    from descentlab.exercises import modules

    return {name: hints for module in modules("hints") for name, hints in module.HINTS.items()}
