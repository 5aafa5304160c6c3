"""START.md, the page that JupyterLab opens: the lessons, their minutes, the reader's points, and where to go on.

`autograde lab` makes it; a notebook writes it again after each cell with a check or a guess.
"""

import re
from pathlib import Path

from descentlab.notebook import course_copy

START = "START.md"
TEXT = """\
# descentlab

In a lesson, Shift+Enter runs a cell and goes to the next.

How does a net learn? By gradient descent, and by rules that improve on it. In each lesson you guess what a rule does,
derive it, write it, and let a check tell you whether it is right, or what went wrong.

**{next}**

| lesson | asks | core | More | your points |
|---|---|---|---|---|
{rows}

A lesson's *core* takes about an hour. What follows under *More* goes deeper, holds about half of the points, and no later
lesson needs it. Nothing that you write is ever overwritten. (This page follows your checks; in a notebook,
`progress()` shows the same.)
"""
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
QUESTION = re.compile(r"\*\*([^*\n]+\?)\*\*")
MINUTES = re.compile(r"core takes about (\d+) minutes")
SECTION_MINUTES = re.compile(r"^## .*\((\d+) min\)", re.MULTILINE)
MORE = "\n# More\n"


def write() -> None:
    """Write the page next to the lessons' folders; where nothing can be written, nothing happens."""
    checks, rows, unfinished = course_copy.lines(), [], {}
    for lesson in course_copy.lessons():
        notebook = min(lesson.glob("*.ipynb"), default=None)
        if notebook is None:
            continue
        own = [check for check in checks if check.lesson == lesson.name and check.link]
        text = "\n".join(source for _, _, source, _ in course_copy.cells_of(notebook))
        title = TITLE.search(text)
        link = f"[{lesson.name[:2]} {title[1] if title else lesson.name}]({lesson.name}/{notebook.name})"
        rows.append(_row(link, text, own))
        if not all(check.passed for check in own):
            unfinished[lesson.name] = link
    last = course_copy.last_lesson()
    going_on = next(
        (link for name, link in unfinished.items() if name >= last), next(iter(unfinished.values()), "")
    )
    start = "Continue" if last or any(check.earned for check in checks) else "Start"
    following = f"{start} here: {going_on}" if going_on else "Every check passes. Well done!"
    course_copy.write(Path(START), TEXT.format(next=following, rows="\n".join(rows)))


def _row(link: str, text: str, checks: list[course_copy.ProgressLine]) -> str:
    """A lesson's line of the table."""
    core, _, more = text.partition(MORE)
    asked, minutes = QUESTION.search(core), MINUTES.search(core)
    in_core = [check for check in checks if f'check("{check.check}"' in core]
    done = " ✓" if in_core and all(check.passed for check in in_core) else ""
    deeper = sum(map(int, SECTION_MINUTES.findall(more)))
    points, earned = sum(check.points or 0 for check in checks), sum(check.earned or 0 for check in checks)
    return (
        f"| {link} | {asked[1] if asked else ''} | {minutes[1] + ' min' if minutes else ''}{done} | "
        f"{f'{deeper} min' if deeper else ''} | {earned:g} of {points:g} |"
    )


def follow() -> None:
    """Write the page again if a check or a guess was noted after it was written."""
    page, noted = (course_copy.folder() / name for name in (START, course_copy.LAST))
    try:
        if noted.stat().st_mtime_ns > page.stat().st_mtime_ns:
            write()
    except OSError:  # there is no such page, or no folder any more
        return
