"""A new lesson in a clone: its text and its exercises, which run as they are."""

import re
import shutil
from keyword import iskeyword
from pathlib import Path

from autograde.course.assignments import RELEASE, SOURCE
from autograde.errors import UsageError
from autograde.files import put

TEMPLATES = Path(__file__).with_name("lesson_files")
NAME = re.compile(r"([0-9]{2})-([a-z][a-z0-9_]{0,19})")
EXERCISES, STAGING = "src/descentlab/exercises", "autograde/sandbox/staging.py"
OF_A_CLONE = (SOURCE, f"{EXERCISES}/catalogue.py", STAGING)
FILES = ("__init__.py", "checks.py", "reference.py", "hints.md", "mistakes.md")
# The exercises' files that the sandbox contains, a line per folder.
LINE = '    "exercises/{name}": "__init__.py checks.py",\n'
LINES = re.compile(r'^    "exercises/(\w+)": "[^"\n]*",\n', re.MULTILINE)


def make_lesson(clone: Path, lesson: str) -> list[Path]:
    """Make a lesson `NN-name` in a clone of descentlab; if that fails, the clone is as it was.

    Returns:
        The new files, relative to the clone; last the sandbox's list, which has a new line.

    Raises:
        UsageError: no clone, a name that cannot be a lesson's, or one that is taken.
        OSError: a file cannot be written.
    """
    _require_clone(clone)
    name = _name_of(lesson)
    _require_free(clone, lesson, name)
    staging = clone / STAGING
    listed = _with_a_line(staging.read_text(encoding="utf-8"), name)
    places = {"lesson.md": f"{SOURCE}/{lesson}/{name}.md"} | {
        file: f"{EXERCISES}/{name}/{file}" for file in FILES
    }
    words = {"@FOLDER@": lesson, "@NAME@": name, "@TITLE@": name.replace("_", " ").capitalize()}
    try:
        for template, place in places.items():
            text = (TEMPLATES / f"{template}.txt").read_text(encoding="utf-8")
            for word, value in words.items():
                text = text.replace(word, value)
            put(clone / place, text.encode())
        put(staging, listed.encode(), mode=staging.stat().st_mode & 0o777)
    except BaseException:
        for place in places.values():
            shutil.rmtree((clone / place).parent, ignore_errors=True)
        raise
    return [*map(Path, places.values()), Path(STAGING)]


def _require_clone(clone: Path) -> None:
    for part in OF_A_CLONE:
        if not (clone / part).exists():
            raise UsageError(
                f"{clone.resolve()} is no clone of descentlab ({part} is not there): run this in one, "
                "or name it with --clone. Without a clone: `autograde new assignment NAME`."
            )


def _name_of(lesson: str) -> str:
    """The name without its number, which is a module's name too."""
    match = NAME.fullmatch(lesson)
    if not match:
        raise UsageError(
            f"{lesson!r} cannot be a lesson's name: two digits, a hyphen, then at most 20 small "
            "letters, digits and _, a letter first, such as 09-lion."
        )
    if iskeyword(match[2]):
        raise UsageError(
            f"{lesson!r} cannot be a lesson's name: {match[2]!r} is a word of Python, and its "
            "exercises' folder is a module."
        )
    return match[2]


def _require_free(clone: Path, lesson: str, name: str) -> None:
    taken = [
        *(clone / SOURCE).glob(f"{lesson[:2]}-*"),
        *(clone / SOURCE).glob(f"[0-9][0-9]-{name}"),
        clone / RELEASE / lesson,
        clone / EXERCISES / name,
        clone / EXERCISES / f"{name}.py",
    ]
    for path in filter(Path.exists, taken):
        raise UsageError(f"{path.relative_to(clone)} is there already: choose another number or name.")


def _with_a_line(staging: str, name: str) -> str:
    """The sandbox's list of files with this lesson's line, in the order of the alphabet.

    Raises:
        UsageError: the file has no such lines.
    """
    lines = list(LINES.finditer(staging))
    if not lines:
        raise UsageError(f"{STAGING} lists no exercises: is it another version's clone?")
    place = next((line.start() for line in lines if line[1] > name), lines[-1].end())
    return staging[:place] + LINE.format(name=name) + staging[place:]
