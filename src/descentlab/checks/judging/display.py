"""A verdict on the screen: HTML of tables and words only, and text."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape
from typing import Any

from descentlab.checks.judging.pictures import picture
from descentlab.checks.judging.verdict import Verdict
from descentlab.sentences import say

LEFT = 'style="text-align: left"'


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
    """A small picture of the answer's path and the expected one, where there is something to see."""
    if verdict.paths is None:
        return None
    image, alt, page = picture(verdict.paths)
    return {
        "output_type": "display_data",
        "data": {"text/html": page, "image/png": base64.b64encode(image).decode(), "text/plain": alt},
        "metadata": {"image/png": {"alt": alt}},
    }


def headline(verdict: Verdict, points: float) -> str:
    """The check, what it earned and how many criteria pass."""
    passed = sum(c.passed for c in verdict.criteria)
    return say(
        "{check}: {earned} of {points} points ({passed} of {count} criteria)",
        check=verdict.check,
        earned=f"{verdict.points(points):g}",
        points=f"{points:g}",
        passed=passed,
        count=len(verdict.criteria),
    )


def as_text(verdict: Verdict, points: float) -> str:
    """Plain text: for terminals and screen readers."""
    lines = [headline(verdict, points)]
    if verdict.passed:
        lines[0] = f"✓ {lines[0]}"
    elif verdict.cause:
        lines.append(verdict.cause)
    if verdict.hint:
        lines.append(_hint(verdict))
    if verdict.status == "answered" and not verdict.passed:
        lines += [
            _text_row(c.passed, say(c.name), c.message if c.message != verdict.cause else "")
            for c in verdict.criteria
        ]
        lines.append(_read_again(verdict))
    lines += verdict.notes
    if verdict.printed:
        lines += [say("Your code printed or warned:"), verdict.printed.rstrip()]
    return "\n".join(lines)


def _hint(verdict: Verdict) -> str:
    return say("Hint: {hint}", hint=verdict.hint)


def _read_again(verdict: Verdict) -> str:
    return say("Read again: {section}", section=say(verdict.section))


def _text_row(passed: bool, name: str, message: str) -> str:
    return f"{'✓' if passed else '✗'} {name}" + (f": {message}" if message else "")


def as_html(verdict: Verdict, points: float) -> str:
    """The same as HTML: paragraphs and one table."""
    parts = [f"<p>{'✓ ' if verdict.passed else ''}<b>{escape(headline(verdict, points))}</b></p>"]
    if not verdict.passed and verdict.cause:
        parts.append(f"<p>{escape(verdict.cause)}</p>")
    if verdict.hint:
        parts.append(f"<p>{escape(_hint(verdict))}</p>")
    if verdict.status == "answered" and not verdict.passed:
        rows = "".join(
            _html_row(c.passed, say(c.name), c.message if c.message != verdict.cause else say("see above"))
            for c in verdict.criteria
        )
        parts.append(f"<table><tbody>{rows}</tbody></table>")
        parts.append(f"<p>{escape(_read_again(verdict))}</p>")
    parts += [f"<p>{escape(note)}</p>" for note in verdict.notes]
    if verdict.printed:
        printed = escape(verdict.printed.rstrip())
        parts.append(f"<p>{escape(say('Your code printed or warned:'))}</p><pre>{printed}</pre>")
    return "".join(parts)


def _html_row(passed: bool, name: str, message: str) -> str:
    return table_row(["✓" if passed else "✗", name, "" if passed else message])


def table_row(cells: Iterable[str], tag: str = "td") -> str:
    """A row of a table; each cell says where its text begins: JupyterLab's style puts it to the right."""
    return f"<tr>{''.join(f'<{tag} {LEFT}>{escape(cell)}</{tag}>' for cell in cells)}</tr>"
