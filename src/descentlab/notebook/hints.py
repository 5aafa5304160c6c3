"""Help around a check: hints before it fails, the answer derived when it has passed.

Both are Markdown in `exercises/<lesson>/`: `hints.md` and `derivations.md`. No hint is the answer, and the
lesson's own text leaves the derivations out, so that nobody can retype them. The grader's sandbox contains neither.
"""

from collections import Counter
from functools import cache

from descentlab.checks.recording import evidence_outbox
from descentlab.checks.spec import UnknownCheckError
from descentlab.sentences import say

_asked: Counter[str] = Counter()


def hint(name: str) -> None:
    """Show the hints of a check so far and one more, at most three in all; it costs no points.

    For an unknown name, one line names the nearest.
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


def derivation(name: str) -> dict[str, str]:
    """What a notebook displays below the passed check of that name, by MIME type; empty: nothing."""
    template = all_derivations().get(name)
    if template is None:
        return {}
    text = say(template)
    summary = say("The answer derived, to compare with yours")
    folded = f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"
    return {"text/markdown": folded, "text/plain": f"{summary}:\n{text}"}


@cache
def all_hints() -> dict[str, tuple[str, ...]]:
    """Every check's hints by its name, as templates, the gentlest first.

    Raises:
        TextError: a file is malformed.
    """
    from descentlab.exercises.texts import lesson_sections

    return {section.title: section.numbered for section in lesson_sections("hints.md")}


@cache
def all_derivations() -> dict[str, str]:
    """Markdown with formulas by the check's name, as templates without values."""
    from descentlab.exercises.texts import lesson_sections

    return {section.title: section.body for section in lesson_sections("derivations.md")}
