"""A verdict on the screen: HTML of words, a table and folds, and text."""

import base64
from collections.abc import Iterable
from html import escape
from typing import Any

from descentlab.checks.judging.pictures import picture, title
from descentlab.checks.judging.verdict import Verdict
from descentlab.sentences import capital, say

INDENTED = '<div style="padding-left: 13px">'
LEFT = 'style="text-align: left"'
# By the mark. Colours are for notebooks; feedback pages have none, and nothing hangs on them.
OPENING = {
    "✓": '<div style="border-left: 3px solid var(--jp-success-color1, #2e7d32); padding-left: 10px">',
    "✗": '<div style="border-left: 3px solid var(--jp-error-color1, #c62828); padding-left: 10px">',
    "–": '<div style="border-left: 3px solid var(--jp-border-color1, #bdbdbd); padding-left: 10px">',
}


def mimebundle(verdict: Verdict, points: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """The verdict as a display's data and metadata."""
    return {"text/html": as_html(verdict, points), "text/plain": as_text(verdict, points)}, {}


def outputs(verdict: Verdict, points: float, execution_count: int | None = None) -> list[dict[str, Any]]:
    """The outputs of the check's cell in nbformat's form: the display, then the score as its value."""
    data, metadata = mimebundle(verdict, points)
    score = {"text/plain": f"{verdict.points(points):g}"}
    return [
        {"output_type": "display_data", "data": data, "metadata": metadata},
        {
            "output_type": "execute_result",
            "data": score,
            "metadata": {},
            "execution_count": execution_count,
        },
    ]


def picture_output(verdict: Verdict) -> dict[str, Any] | None:
    """A small picture of the answer's path and the expected one, in a fold; None where it shows nothing."""
    if verdict.paths is None:
        return None
    image, alt, page = picture(verdict.paths)
    folded = f"{INDENTED}{_fold(say('Picture: {title}', title=title(verdict.paths)), page)}</div>"
    return {
        "output_type": "display_data",
        "data": {"text/html": folded, "image/png": base64.b64encode(image).decode(), "text/plain": alt},
        "metadata": {"image/png": {"alt": alt}},
    }


def headline(verdict: Verdict, points: float) -> str:
    """The check and what it earned, with its mark; without points where there are none to earn."""
    earned = say(
        "{check}: {earned} of {points} points",
        check=verdict.check,
        earned=f"{verdict.points(points):g}",
        points=f"{points:g}",
    )
    return f"{_mark(verdict)} {earned if points else verdict.check}"


def _mark(verdict: Verdict) -> str:
    return mark_of(verdict.passed, verdict.is_judged)


def mark_of(passed: bool, looked_at: bool) -> str:
    """Right, wrong, or not looked at yet: a sign that needs no colour."""
    return "✓" if passed else "✗" if looked_at else "–"


def parts_right(verdict: Verdict) -> str:
    """How many of the check's ideas are right."""
    right = sum(c.passed for c in verdict.criteria)
    return say("{right} of {count} parts are right", right=right, count=len(verdict.criteria))


def rows_of(verdict: Verdict) -> list[tuple[str, str, str]]:
    """Each idea with its mark and its name, and what is wrong where nothing above says so."""
    shown_already = f"{verdict.cause}\n{verdict.numbers}"
    rows = []
    for result in verdict.criteria:
        _, _, what = result.message.partition(": ")  # behind the example's name
        repeated = (what or capital(result.message)) in shown_already
        rows.append(
            (mark_of(result.passed, result.looked_at), say(result.name), "" if repeated else result.message)
        )
        shown_already += f"\n{capital(result.message)}"
    return rows


def as_text(verdict: Verdict, points: float) -> str:
    """Plain text: for terminals and screen readers."""
    lines = [headline(verdict, points), *_sentences(verdict)]
    if _is_wrong(verdict):
        lines += [f"{mark} {name}" + (f" — {text}" if text else "") for mark, name, text in rows_of(verdict)]
        lines += [_read_again(verdict.section)] if verdict.section else []
    lines += verdict.notes
    if verdict.code:
        lines += [_every_call(), f"    {verdict.code}"]
    if verdict.printed:
        lines += [say("Your code printed or warned:"), verdict.printed.rstrip()]
    return "\n".join(lines)


def _is_wrong(verdict: Verdict) -> bool:
    return verdict.is_judged and not verdict.passed


def _sentences(verdict: Verdict) -> list[str]:
    """What is wrong, in which numbers, and where to look."""
    hint = _hint(verdict) if verdict.hint else ""
    return [text for text in (verdict.cause, verdict.numbers, *verdict.facts, hint) if text]


def _hint(verdict: Verdict) -> str:
    return say("Hint: {hint}", hint=verdict.hint)


def _read_again(section: str) -> str:
    return say("Read again: {section}", section=section)


def _every_call() -> str:
    return say("Every call, and what you remember beside what is expected:")


def as_html(verdict: Verdict, points: float) -> str:
    """The same as HTML: what to read first, and below it folds.

    Colours are JupyterLab's own and in notebooks only: the cleaner of feedback pages takes every style away.
    """
    parts = [_paragraph(f"<b>{escape(headline(verdict, points))}</b>", *_what_is_wrong(verdict))]
    parts.append(_paragraph(*_what_to_do(verdict)))
    parts += [_paragraph(escape(note)) for note in verdict.notes]
    if verdict.code:
        parts.append(f"{_paragraph(escape(_every_call()))}<pre><code>{escape(verdict.code)}</code></pre>")
    if _is_wrong(verdict):
        rows = "".join(map(table_row, rows_of(verdict)))
        parts.append(_fold(parts_right(verdict), f"<table><tbody>{rows}</tbody></table>"))
    if verdict.printed:
        printed = f"<pre>{escape(verdict.printed.rstrip())}</pre>"
        parts.append(_fold(say("Your code printed or warned"), printed))
    return "".join((OPENING[_mark(verdict)], *parts, "</div>"))


def _what_is_wrong(verdict: Verdict) -> list[str]:
    """The cause, in bold letters, and the numbers."""
    if not verdict.cause:
        return []
    numbers = [text for text in (verdict.numbers, *verdict.facts) if text]
    cause = f"<b>{escape(verdict.cause)}</b>"
    if verdict.link and not verdict.is_judged:
        cause = f'<a href="{escape(verdict.link)}">{cause}</a>'
    return [cause, *map(escape, numbers)]


def _what_to_do(verdict: Verdict) -> list[str]:
    """The hint, and the section to read again."""
    hint = [escape(_hint(verdict))] if verdict.hint and not verdict.passed else []
    if not verdict.section or not _is_wrong(verdict):
        return hint
    section = escape(verdict.section)
    linked = f'<a href="{escape(verdict.link)}">{section}</a>' if verdict.link else section
    return [*hint, _read_again(linked)]


def _paragraph(*lines: str) -> str:
    return f"<p>{'<br>'.join(lines)}</p>" if lines else ""


def _fold(summary: str, content: str) -> str:
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"


def table_row(cells: Iterable[str], tag: str = "td") -> str:
    """A row of a table; each cell says where its text begins: JupyterLab's style puts it to the right."""
    return f"<tr>{''.join(f'<{tag} {LEFT}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
