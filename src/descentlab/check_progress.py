"""Which checks pass in this copy of the course: kept in a file beside the lessons, on no server.

The file is `.descentlab/progress.json` (see `beside`) and holds each check's best score so far. How guesses
fared: `descentlab.predictions.guesses`.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import groupby
from pathlib import Path

from descentlab.check_locations import check_locations
from descentlab.local_state import folder, read_json, said_of_newer, write_json
from descentlab.predictions import guesses
from descentlab.sentences import say

FILE = "progress.json"
BAR = 10
"""Characters of a lesson's bar."""
LEFT = 'style="text-align: left"'


@dataclass(frozen=True)
class ProgressLine:
    """One check of a lesson and the best score so far; None: not tried yet."""

    lesson: str
    check: str
    earned: float | None
    points: float | None
    """Unknown where it was not tried and the lesson's notebook is not there."""
    link: str = ""
    """Where it stands, relative to the current folder."""

    @property
    def passed(self) -> bool:
        """Whether it has earned full points."""
        return self.earned is not None and self.earned >= self.points


def note(check: str, earned: float, points: float) -> None:
    """Writes down a score, if it is the best so far. Where nothing can be written, nothing happens."""
    best = _best()
    if check in best and _share(*best[check]) >= _share(earned, points):
        return
    write_json(FILE, best | {check: [float(earned), float(points)]})


def progress() -> None:
    """Shows, by lesson, the points of this copy of the course, its guesses and the next open check."""
    from IPython.display import display

    if newer := said_of_newer(FILE):
        print(newer)
        return
    try:
        checks = lines()
    except OSError as error:
        reason = error.strerror or error
        print(say("The folder that this notebook is in cannot be read: {reason}.", reason=reason))
        return
    passed = sum(line.passed for line in checks)
    head = say(
        "{passed} of {count} checks pass in {folder}", passed=passed, count=len(checks), folder=folder()
    )
    rows = [_row(name, list(group)) for name, group in groupby(checks, key=lambda line: line.lesson)]
    titles = [say("lesson"), "", say("points"), say("guesses"), say("next open check")]
    plain = [" ".join([f"{row[0]:15}", row[1], f"{row[2]:15}", f"{row[3]:12}", row[4]]) for row, _ in rows]
    names = "".join(f'<th scope="col">{title}</th>' for title in titles)
    body = "".join(_html_row(row, link) for row, link in rows)
    html = f"<p>{escape(head)}</p><table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"
    display({"text/html": html, "text/plain": "\n".join([head, *plain])}, raw=True)


def _row(lesson: str, checks: list[ProgressLine]) -> tuple[list[str], str]:
    """A lesson's name, bar, points, guesses and next open check; and the address of that check."""
    earned = sum(line.earned or 0.0 for line in checks)
    points = sum(line.points or 0.0 for line in checks)
    share = earned / points if points else 0.0
    filled = round(BAR * share)
    close = [guess.close for guess in guesses() if guess.name.partition("/")[0] in _subjects(checks)]
    guesses_close = say("{near} of {count} close", near=sum(close), count=len(close)) if close else ""
    following = next((line for line in checks if not line.passed), None)
    row = [
        lesson,
        "█" * filled + "░" * (BAR - filled),
        say("{earned} of {points}", earned=f"{earned:g}", points=f"{points:g}") if points else "",
        guesses_close,
        following.check if following else say("✓ all pass"),
    ]
    return row, following.link if following else ""


def _subjects(checks: list[ProgressLine]) -> set[str]:
    """What names begin with in this lesson: of its checks, as of its guesses."""
    return {line.check.partition("/")[0] for line in checks}


def _html_row(row: list[str], link: str) -> str:
    lesson, bar, points, guesses_close, following = map(escape, row)
    if link:
        following = f'<a href="{escape(link)}">{following}</a>'
    cells = [lesson, bar, points, guesses_close, following]
    return f"<tr>{''.join(f'<td {LEFT}>{cell}</td>' for cell in cells)}</tr>"


def lines() -> list[ProgressLine]:
    """Every check of the course, in the order of the lessons, with the best score so far."""
    from descentlab.exercises import all_checks

    best, where = _best(), check_locations(folder())
    order = {name: number for number, name in enumerate(where)}
    checks = []
    for name, check in all_checks().items():
        earned, points = best.get(name, (None, None))
        place = where.get(name)
        if earned is not None and place:  # a check in a cell of one's own may say other points
            earned, points = round(_share(earned, points) * place.points, 2), place.points
        link = place.link(Path.cwd()) if place else ""
        lesson = check.section.partition(",")[0]
        checks.append(ProgressLine(lesson, name, earned, points or (place.points if place else None), link))
    return sorted(checks, key=lambda line: (line.lesson, order.get(line.check, len(order))))


def _share(earned: float, points: float) -> float:
    return earned / points if points else 0.0


def _best() -> dict[str, list[float]]:
    """What was written down; nothing where the file is not ours."""
    try:
        rows = read_json(FILE).items()
        return {name: [float(earned), float(points)] for name, (earned, points) in rows}
    except (ValueError, TypeError, OverflowError):
        return {}
