"""Which checks pass in this copy of the course: kept in a file beside the lessons, on no server.

The file is `.descentlab/progress.json` (see `beside`) and holds each check's best score so far. How guesses
fared: `descentlab.predictions.guesses`.
"""

from __future__ import annotations

from dataclasses import dataclass

from descentlab.beside import folder, read_json, said_of_newer, write_json
from descentlab.sentences import say

FILE = "progress.json"


@dataclass(frozen=True)
class Line:
    """One check of a lesson and the best score so far; None: not tried yet."""

    lesson: str
    check: str
    earned: float | None
    points: float | None

    @property
    def passed(self) -> bool:
        """Whether it has earned full points."""
        return self.earned is not None and self.earned >= self.points


def note(check: str, earned: float, points: float) -> None:
    """Writes down a score, if it is the best so far. Where nothing can be written, nothing happens."""
    best = _best()
    if best.get(check, [-1.0])[0] >= earned:
        return
    write_json(FILE, best | {check: [float(earned), float(points)]})


def progress() -> None:
    """Shows every check of the course and whether it passes in this copy."""
    from IPython.display import display

    if newer := said_of_newer(FILE):
        print(newer)
        return
    checks = lines()
    passed = sum(line.passed for line in checks)
    head = say(
        "{passed} of {count} checks pass in {folder}", passed=passed, count=len(checks), folder=folder()
    )
    rows = [(line.lesson, line.check, _said(line)) for line in checks]
    text = "\n".join([head, *(f"{lesson:15} {check:26} {said}" for lesson, check, said in rows)])
    cells = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in rows)
    titles = (say("lesson"), say("check"), say("best so far"))
    names = f"<tr>{''.join(f'<th>{title}</th>' for title in titles)}</tr>"
    html = f"<p>{head}</p><table><thead>{names}</thead><tbody>{cells}</tbody></table>"
    display({"text/html": html, "text/plain": text}, raw=True)


def lines() -> list[Line]:
    """Every check of the course, by lesson, with the best score so far."""
    from descentlab.exercises import all_checks

    best = _best()
    checks = [
        Line(check.section.partition(",")[0], name, *best.get(name, (None, None)))
        for name, check in all_checks().items()
    ]
    return sorted(checks, key=lambda line: line.lesson)


def _said(line: Line) -> str:
    if line.earned is None:
        return say("not tried yet")
    if line.passed:
        return say("✓ passes")
    return say("{earned} of {points} points", earned=f"{line.earned:g}", points=f"{line.points:g}")


def _best() -> dict[str, list[float]]:
    """What was written down; nothing where the file is not ours."""
    try:
        rows = read_json(FILE).items()
        return {name: [float(earned), float(points)] for name, (earned, points) in rows}
    except (ValueError, TypeError):
        return {}
