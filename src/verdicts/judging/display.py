"""A verdict on the screen: HTML of words, a table and folds; text; and a small picture."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

from verdicts.sentences import capital, check_sign

if TYPE_CHECKING:
    from verdicts.judging.verdict import Verdict

MOST_PRINTED = 12
"""Lines."""
ALIGN_LEFT = 'style="text-align: left"'  # JupyterLab's style would align it right
INDENTED_DIV = '<div style="padding-left: 13px">'
# By the sign. Colors are for notebooks: feedback pages have none and do not need them.
FRAME_BY_SIGN = {
    "✓": '<div style="border-left: 3px solid var(--jp-success-color1, #2e7d32); padding-left: 10px">',
    "✗": '<div style="border-left: 3px solid var(--jp-error-color1, #c62828); padding-left: 10px">',
    "–": '<div style="border-left: 3px solid var(--jp-border-color1, #bdbdbd); padding-left: 10px">',
}


def mimebundle(verdict: Verdict, points: float) -> dict[str, Any]:
    """The verdict as a display's data."""
    return {"text/html": as_html(verdict, points), "text/plain": as_text(verdict, points)}


def outputs(verdict: Verdict, points: float, execution_count: int | None = None) -> list[dict[str, Any]]:
    """The outputs of the check's cell in nbformat's form: the display, then the score as its value."""
    return [
        {"output_type": "display_data", "data": mimebundle(verdict, points), "metadata": {}},
        {
            "output_type": "execute_result",
            "data": {"text/plain": f"{verdict.points(points):g}"},
            "metadata": {},
            "execution_count": execution_count,
        },
    ]


def picture_output(verdict: Verdict) -> dict[str, Any] | None:
    """A small picture of the answer next to what is expected, in a fold; None if there is none."""
    if verdict.picture is None:
        return None
    image, alt, page = verdict.picture.drawn()
    folded = f"{INDENTED_DIV}{fold(f'Picture: {verdict.picture.title}', page)}</div>"
    return {
        "output_type": "display_data",
        "data": {"text/html": folded, "image/png": base64.b64encode(image).decode(), "text/plain": alt},
        "metadata": {"image/png": {"alt": alt}},
    }


def headline(verdict: Verdict, points: float) -> str:
    """The check's name and points, with its sign; no points if there are none to earn."""
    earned = f"{verdict.check}: {verdict.points(points):g} of {points:g} points"
    return f"{_mark(verdict)} {earned if points else verdict.check}"


def _mark(verdict: Verdict) -> str:
    if verdict.passed and verdict.status == "borrowed":  # right, but nothing is earned
        return "–"
    return check_sign(verdict.passed, verdict.is_judged)


def rows_of(verdict: Verdict) -> list[tuple[str, str, str]]:
    """Each criterion's sign, name and failure, unless the text above gives the failure."""
    shown_already = f"{verdict.cause}\n{verdict.numbers}"
    rows = []
    for result in verdict.criteria:
        _, _, what = result.message.partition(": ")  # after the example's name
        shown = "" if (what or capital(result.message)) in shown_already else result.message
        rows.append((check_sign(result.passed, result.looked_at), result.name, shown))
        shown_already += f"\n{capital(result.message)}"
    return rows


def as_text(verdict: Verdict, points: float) -> str:
    """Plain text: for terminals and screen readers."""
    hint = _hint(verdict) if verdict.hint else ""
    said = (*_cause_and_place(verdict), verdict.numbers, *verdict.facts, hint)
    lines = [headline(verdict, points), *filter(None, said)]
    if verdict.is_wrong:
        lines += [f"{mark} {name}" + (f" — {text}" if text else "") for mark, name, text in rows_of(verdict)]
        lines += [_read_again(verdict.section)] if verdict.section else []
    lines += verdict.notes
    if verdict.printed:
        lines += ["Your code printed or warned:", _printed(verdict)]
    return "\n".join(lines)


def _printed(verdict: Verdict) -> str:
    """The first lines of what the student's code printed."""
    lines = verdict.printed.rstrip().splitlines()
    more = len(lines) - MOST_PRINTED
    return "\n".join(lines[:MOST_PRINTED] + [f"… and {more} more lines"] * (more > 0))


def _cause_and_place(verdict: Verdict) -> tuple[str, str]:
    """The name of the mistake comes before its place, a bare number after it."""
    return (verdict.cause, verdict.place) if verdict.mistake else (verdict.place, verdict.cause)


def _hint(verdict: Verdict) -> str:
    return f"Hint: {verdict.hint}"


def _read_again(section: str) -> str:
    return f"Read again: {section}"


def as_html(verdict: Verdict, points: float) -> str:
    """The verdict as HTML: the main text, then folds.

    Colors are JupyterLab's own and in notebooks only: the cleaner of feedback pages takes every style away.
    """
    parts = [
        _paragraph(f"<b>{escape(headline(verdict, points))}</b>", *_what_is_wrong(verdict)),
        _paragraph(*_what_to_do(verdict)),
        *(_paragraph(_sentence(note)) for note in verdict.notes),
    ]
    if verdict.is_wrong:
        rows = "".join(
            f"<tr>{''.join(f'<td {ALIGN_LEFT}>{escape(cell)}</td>' for cell in row)}</tr>"
            for row in rows_of(verdict)
        )
        right = sum(criterion.passed for criterion in verdict.criteria)
        summary = f"{right} of {len(verdict.criteria)} parts are right"
        parts.append(fold(summary, f"<table><tbody>{rows}</tbody></table>"))
    if verdict.printed:
        parts.append(fold("Your code printed or warned", f"<pre>{escape(_printed(verdict))}</pre>"))
    return "".join((FRAME_BY_SIGN[_mark(verdict)], *parts, "</div>"))


def _what_is_wrong(verdict: Verdict) -> list[str]:
    """The cause, in bold, and the numbers."""
    if not verdict.cause:
        return []
    links = {verdict.cause: "" if verdict.is_judged else verdict.link, verdict.place: verdict.place_link}
    shown = [_linked(_sentence(text), links[text]) for text in _cause_and_place(verdict) if text]
    return [
        f"<b>{shown[0]}</b>",
        *shown[1:],
        *map(_sentence, filter(None, (verdict.numbers, *verdict.facts))),
    ]


def _linked(html: str, link: str) -> str:
    return f'<a href="{escape(link)}">{html}</a>' if link else html


def _what_to_do(verdict: Verdict) -> Iterator[str]:
    """Yield the hint, and the section to read again."""
    if verdict.hint and not verdict.passed:
        yield _sentence(_hint(verdict))
    if verdict.section and verdict.is_wrong:
        yield _read_again(_linked(escape(verdict.section), verdict.link))


def _sentence(text: str) -> str:
    """The sentence as HTML; what stands between backticks as code, with the spot marked."""
    html = re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))
    return re.sub(r"⟨(.+?)⟩", r"<mark>\1</mark>", html)


def _paragraph(*lines: str) -> str:
    return f"<p>{'<br>'.join(lines)}</p>" if lines else ""


def fold(summary: str, content: str) -> str:
    """HTML that is shown when a reader clicks its summary."""
    return f"<details><summary>{escape(summary)}</summary>{content}</details>"
