"""START.md, the page that JupyterLab opens: the lessons, their minutes, the reader's points, and where to go on.

`autograde lab` makes it; a notebook writes it again after each cell with a check or a guess. What a student writes into
it is kept.
"""

import re
from pathlib import Path
from zlib import crc32

from verdicts.courses import CourseContent, courses
from verdicts.notebook import course_copy

START = "START.md"
TEXT = """\
{course}
In a lesson, Shift+Enter runs a cell and goes to the next. To go on another day, select the cell where you stopped and
choose *Run → Run All Above Selected Cell* in the menu. If a cell shows `[*]` and nothing runs, the kernel has ended or is
stuck: choose *Kernel → Restart Kernel and Run up to Selected Cell…*.

**{next}**

| lesson | asks | core | More | your points |
|---|---|---|---|---|
{rows}

A lesson's *core* takes about an hour. What follows under *More* goes deeper, holds about half of the points, and no later
lesson needs it. To see your latest points, close this tab and open START.md again, or run `progress()` in a notebook. Points for
answers in words are given by a person and not counted here.

To hand in a lesson, save its notebook, download it (File > Download) and submit it as your course says.

Nothing that you write is ever overwritten. Your notes on this page are kept, too: write them below this line.

"""
OWN = r"(?ms)^({title}\n.*?)<!-- \w+ -->"
"""Our part of a page: the text, and a checksum that tells whether somebody edited it."""
TITLE = re.compile(r"^# (.+)$", re.MULTILINE)
QUESTION = re.compile(r"\*\*([^*\n]+\?)\*\*")
POINTS = re.compile(r"\*\*(\d+) points\*\*, (\d+) of them in the core")
MINUTES = re.compile(r"core takes about (\d+) minutes")
SECTION_MINUTES = re.compile(r"^## .*\((\d+) min\)", re.MULTILINE)
MORE = "\n# More\n"


def write() -> None:
    """Write the page next to the lessons' folders, and keep the student's notes on it.

    Where nothing can be written, or the page cannot be read, nothing happens.
    """
    checks, rows, unfinished = course_copy.lines(), [], {}
    for lesson in course_copy.lessons():
        name, notebook = lesson.name, min(lesson.glob("*.ipynb"), default=None)
        if notebook is None:
            continue
        in_lesson = [check for check in checks if check.lesson == name and check.link]
        text = "\n".join(source for _, _, source, _ in course_copy.cells_of(notebook))
        title = TITLE.search(text)
        link = f"[{name[:2]} {title[1] if title else name}]({name}/{notebook.name})"
        rows.append(_row(link, text, in_lesson))
        if not all(check.passed for check in in_lesson):
            unfinished[name] = link
    last = course_copy.last_lesson()
    going_on = next(
        (link for name, link in unfinished.items() if name >= last), next(iter(unfinished.values()), "")
    )
    start = "Continue" if last or any(check.earned for check in checks) else "Start"
    following = f"{start} here: {going_on}" if going_on else "Every check passes. Well done!"
    known = course_copy.text_of(START, "")
    if known is not None:
        linked = max(checks, key=lambda check: bool(check.link), default=None)
        course = courses()[linked.course] if linked else CourseContent
        page = _marked(TEXT.format(course=course.start_page, next=following, rows="\n".join(rows)))
        course_copy.write(Path(START), _renewed(known, page))


def _renewed(known: str, part: str) -> str:
    """The page with our part anew; one that somebody edited stays below it, as notes do."""
    before = re.search(OWN.format(title=re.escape(part.partition("\n")[0])), known)
    if before and before[0] == _marked(before[1]):
        return known.replace(before[0], part, 1)
    return f"{part}\n{known}"


def _marked(text: str) -> str:
    return f"{text}<!-- {crc32(text.encode()):x} -->"


def _row(link: str, text: str, checks: list[course_copy.ProgressLine]) -> str:
    """A lesson's line of the table."""
    core, _, more = text.partition(MORE)
    asked, minutes, worth = QUESTION.search(core), MINUTES.search(core), POINTS.search(core)
    of_core, of_more = (
        (f", {worth[2]} points", f", {int(worth[1]) - int(worth[2])} points") if worth else ("", "")
    )
    in_core = [check for check in checks if f'check("{check.check}"' in core]
    done = " ✓" if in_core and all(check.passed for check in in_core) else ""
    deeper = sum(map(int, SECTION_MINUTES.findall(more)))
    points, earned = sum(check.points or 0 for check in checks), sum(check.earned or 0 for check in checks)
    return (
        f"| {link} | {asked[1] if asked else ''} | {minutes[1] + ' min' if minutes else ''}{of_core}{done} | "
        f"{f'{deeper} min' if deeper else ''}{of_more} | {earned:g} of {points:g} |"
    )


def follow() -> None:
    """Write the page again if a check or a guess was noted after it was written."""
    page, noted = (course_copy.folder() / name for name in (START, course_copy.LAST))
    try:
        if noted.stat().st_mtime_ns > page.stat().st_mtime_ns:
            write()
    except OSError:  # there is no such page, or no folder any more
        return
