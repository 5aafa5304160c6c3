"""The answer derived, which a student sees once the check has passed and never before.

The derivations of a lesson stand in its folder of `descentlab.exercises`, in `derivations.py`: the lesson's
own text leaves them out, so that nobody can retype them. The grader's sandbox holds none of them.
"""

from __future__ import annotations

from functools import cache

from descentlab.sentences import say


def derivation(name: str) -> dict[str, str]:
    """What a notebook displays below the passed check of that name, by MIME type; empty: nothing."""
    template = all_derivations().get(name)
    if template is None:
        return {}
    text = say(template).strip()
    summary = say("The answer derived, to compare with yours")
    folded = f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"
    return {"text/markdown": folded, "text/plain": f"{summary}:\n{text}"}


@cache
def all_derivations() -> dict[str, str]:
    """Markdown with formulas by the check's name, as templates without values."""
    from descentlab.exercises import modules

    return {name: text for module in modules("derivations") for name, text in module.DERIVATIONS.items()}
