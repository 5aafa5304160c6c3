"""How long each lesson's core is, the minutes that it takes by a reading model and says that it takes, and its
points for retyping; status 1 if one is over a limit.

    python tools/lesson_times.py [LESSON …]

A core is what stands above the heading `# More`. Words and formulas count with the folded answers, code without
stubs and folded cells. Minutes: 110 words a minute, 4 s for a formula in a line and 36 s for a displayed one,
14 lines of code a minute, 40 s for a picture, 4 min for an explorer, 1 min for a guess, 5, 12 or 22 min for an
exercise of one, two or three stars, 10 min for a question in words.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograde.course.assignments import lesson_paths
from autograde.release.steps import core_cells
from autograde.release.texts import read_lesson
from verdicts.notebook.start_page import MINUTES, SECTION_MINUTES

ROOT = Path(__file__).parents[1]
LIMITS = {
    "words": 1250,
    "inline": 75,
    "pictures": 4,
    "guesses": 3,
    "lines": 100,
    "exercises": 4,
    "minutes": 67,
}
GUESSES = 40
"""Guesses of the whole course."""
POINTS = range(9, 14)
"""Points of a core."""
RETYPED = {"nesterov/look-ahead": 1, "graves/update": 2, "comparison/walk": 2, "practice/adamw": 2}
"""Points for what the text above the check says almost in code, as a reader judged."""
MOST_RETYPED = 0.2
"""Share of a core's points."""
ABOUT = 5
"""Minutes by which a core's header may miss the sum of its sections."""
STARS = {1: 5, 2: 12, 3: 22}
DISPLAYED, INLINE = re.compile(r"\$\$.*?\$\$", re.S), re.compile(r"\$[^$\n]+\$")
TAG, LINK = re.compile(r"<[^>]+>"), re.compile(r"\]\([^)]*\)")
DRAWS = re.compile(r"^figures\.(?!canvas)\w+\(", re.M)


@dataclass
class Size:
    """What a reader meets."""

    words: int = 0
    inline: int = 0
    displayed: int = 0
    lines: int = 0
    pictures: int = 0
    explorers: int = 0
    guesses: int = 0
    exercises: int = 0
    stars: int = 0
    questions: int = 0
    points: float = 0
    read: float = 0
    retyped: float = 0
    stated: int = 0

    @property
    def minutes(self) -> float:
        """By the reading model."""
        reading = self.words / 110 + self.inline * 4 / 60 + self.displayed * 36 / 60 + self.lines / 14
        looking = self.pictures * 40 / 60 + 4 * self.explorers + self.guesses
        return reading + looking + self.stars + 10 * self.questions


def size_of(cells: list[NotebookNode]) -> Size:
    """The size of a part of a lesson."""
    size = Size()
    for cell in cells:
        known = cell.metadata.get("nbgrader", {})
        if known.get("grade"):
            size.points += known["points"]
            size.read += known["points"] if known.get("solution") else 0
            size.retyped += sum(points for name, points in RETYPED.items() if f'"{name}"' in cell.source)
        if known.get("solution"):
            size.questions += cell.cell_type == "markdown"
        elif cell.cell_type == "markdown":
            _read(cell.source, size)
        elif not known.get("grade"):
            _look(cell, size)
    return size


def _read(text: str, size: Size) -> None:
    size.stated += sum(map(int, SECTION_MINUTES.findall(text)))
    size.displayed += len(DISPLAYED.findall(text))
    text = DISPLAYED.sub("", text)
    size.inline += len(INLINE.findall(text))
    for heading in re.findall(r"^### Your turn.*?(★+) *$", text, re.M):
        size.exercises, size.stars = size.exercises + 1, size.stars + STARS[len(heading)]
    size.words += len(re.findall(r"[^\W\d_][\w'’-]*", LINK.sub("]", TAG.sub("", INLINE.sub("", text)))))


def _look(cell: NotebookNode, size: Size) -> None:
    size.pictures += len(DRAWS.findall(cell.source))
    size.guesses += cell.source.count('predict("')
    size.explorers += len(re.findall(r"^explore\w*\(", cell.source, re.M))
    if not cell.metadata.get("jupyter", {}).get("source_hidden"):
        size.lines += sum(bool(line.strip()) for line in cell.source.splitlines())


def main() -> None:
    """Print the table."""
    over, guesses = [], 0
    print(
        f"{'core of':16}"
        + "".join(f"{name:>10}" for name in (*vars(Size()), "minutes", "with more", "More says"))
    )
    for path in lesson_paths(ROOT):
        name = path.parent.name
        if len(sys.argv) > 1 and name not in sys.argv[1:]:
            continue
        cells = read_lesson(path).cells
        core, more = size_of(core_cells(cells)), size_of(cells[len(core_cells(cells)) :])
        guesses += core.guesses + more.guesses
        numbers = vars(core) | {"minutes": core.minutes}
        print(
            f"{name:16}"
            + "".join(f"{n:10.0f}" for n in (*numbers.values(), core.minutes + more.minutes, more.stated))
        )
        over += [
            f"{name}: {k} {numbers[k]:.0f}, at most {most}" for k, most in LIMITS.items() if numbers[k] > most
        ]
        if core.retyped > MOST_RETYPED * core.points:
            over.append(f"{name}: {core.retyped:g} of {core.points:g} points for retyping, at most a fifth")
        header = int(MINUTES.search(cells[0].source)[1])
        if abs(header - core.stated) > ABOUT:
            over.append(f"{name}: the core takes {header} minutes, its sections {core.stated}")
        over += [f"{name}: {core.points:g} points, 9 to 12 wanted"] if core.points not in POINTS else []
        total = core.points + more.points
        over += [f"{name}: {total:g} points with more, 20 wanted"] if total != 20 else []
        if f" and {more.read:g} for an answer in words" not in cells[0].source:
            over.append(
                f"{name}: {more.read:g} points are for an answer in words, which its header does not say"
            )
    over += [f"{guesses} guesses, at most {GUESSES}"] if guesses > GUESSES else []
    print(f"guesses: {guesses}")
    sys.exit("\n".join(["over the limits:", *over]) if over else 0)


if __name__ == "__main__":
    main()
