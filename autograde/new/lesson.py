"""A new lesson in a clone: its text, its exercises, their tests, all of which run as they are."""

from __future__ import annotations

import re
import shutil
import tempfile
from contextlib import suppress
from keyword import iskeyword
from pathlib import Path

from autograde.assignments.settings import RELEASE, SOURCE
from autograde.errors import UsageError
from autograde.files import put
from descentlab.sentences import template

TEMPLATES = Path(__file__).with_name("lesson_files")
NAME = re.compile(r"([0-9]{2})-([a-z][a-z0-9_]{0,19})")
EXERCISES, TESTS, STAGING = "src/descentlab/exercises", "tests/checks", "autograde/sandbox/staging.py"
OF_A_CLONE = (SOURCE, f"{EXERCISES}/catalogue.py", TESTS, STAGING)
MODULES = ("__init__", "checks", "reference", "hints", "mistakes")
# What the sandbox is given of a lesson's exercises, a line a folder.
LINE = '    "exercises/{name}": "__init__.py checks.py",\n'
LINES = re.compile(r'^    "exercises/(\w+)": "[^"\n]*",\n', re.MULTILINE)
# Which tests fail of a lesson as it is made, and when they pass.
HOLD_THE_AUTHOR = (
    template(
        "pytest tests/lessons -k {lesson}  passes with three predictions, three figures, five claims, and "
        "each stub's name in docs/glossary.md"
    ),
    template(
        "pytest tests/checks/test_probes.py  passes when the probes are final and recorded: "
        "python tests/checks/test_probes.py"
    ),
    template("pytest tests/diagnosis/test_pages.py tests/test_lines.py  passes after make pages"),
    template("no test:  a row in README.md, and one for each stub in docs/records/exercises.md"),
)


def make_lesson(clone: Path, lesson: str) -> list[Path]:
    """Make a lesson `NN-name` in a clone of descentlab; all of it is there, or the clone is as it was.

    Returns:
        What was written, relative to the clone; the sandbox's list, in which a line is new, last.

    Raises:
        UsageError: no clone there, a name that cannot be a lesson's, or one that is taken.
        OSError: something cannot be written.
    """
    _require_clone(clone)
    name = _name_of(lesson)
    _require_free(clone, lesson, name)
    listed = _with_a_line((clone / STAGING).read_text(encoding="utf-8"), name)
    with tempfile.TemporaryDirectory(prefix=".new-lesson-", dir=clone) as scratch:
        files = _write(Path(scratch), lesson, name)
        _move(Path(scratch), clone, [f"{SOURCE}/{lesson}", f"{EXERCISES}/{name}", _tests(name)], listed)
    return [*files, Path(STAGING)]


def _require_clone(clone: Path) -> None:
    for part in OF_A_CLONE:
        if not (clone / part).exists():
            raise UsageError.say(
                "{folder} is no clone of descentlab ({missing} is not there): run this in one, or name it "
                "with --clone. Without a clone: `autograde new assignment NAME`.",
                folder=clone.resolve(),
                missing=part,
            )


def _name_of(lesson: str) -> str:
    """The name without its number: a module's name, too."""
    match = NAME.fullmatch(lesson)
    if not match:
        raise UsageError.say(
            "{lesson!r} cannot be a lesson's name: two digits, a hyphen, then at most 20 small letters, "
            "digits and _, a letter first, such as 09-lion.",
            lesson=lesson,
        )
    if iskeyword(match[2]):
        raise UsageError.say(
            "{lesson!r} cannot be a lesson's name: {name!r} is a word of Python, and its exercises' folder "
            "is a module.",
            lesson=lesson,
            name=match[2],
        )
    return match[2]


def _require_free(clone: Path, lesson: str, name: str) -> None:
    taken = [
        *(clone / SOURCE).glob(f"{lesson[:2]}-*"),
        *(clone / SOURCE).glob(f"[0-9][0-9]-{name}"),
        clone / RELEASE / lesson,
        clone / EXERCISES / name,
        clone / EXERCISES / f"{name}.py",
        clone / _tests(name),
    ]
    for path in filter(Path.exists, taken):
        raise UsageError.say(
            "{file} is there already: choose another number or name.", file=path.relative_to(clone)
        )


def _tests(name: str) -> str:
    return f"{TESTS}/test_{name}_functions.py"


def _with_a_line(staging: str, name: str) -> str:
    """The sandbox's list of files with this lesson's line, in the order of the alphabet.

    Raises:
        UsageError: the file has no such lines.
    """
    lines = list(LINES.finditer(staging))
    if not lines:
        raise UsageError.say("{file} lists no exercises: is it another version's clone?", file=STAGING)
    place = next((line.start() for line in lines if line[1] > name), lines[-1].end())
    return staging[:place] + LINE.format(name=name) + staging[place:]


def _write(scratch: Path, lesson: str, name: str) -> list[Path]:
    """Fill the templates in below `scratch`; the files' paths in it."""
    places = {"lesson.md.txt": f"{SOURCE}/{lesson}/{name}.md"}
    places |= {f"{module}.py.txt": f"{EXERCISES}/{name}/{module}.py" for module in MODULES}
    places |= {"test_functions.py.txt": _tests(name)}
    words = {"@FOLDER@": lesson, "@NAME@": name, "@TITLE@": name.replace("_", " ").capitalize()}
    for source, place in places.items():
        text = (TEMPLATES / source).read_text(encoding="utf-8")
        for word, value in words.items():
            text = text.replace(word, value)
        put(scratch / place, text.encode())
    return [Path(place) for place in places.values()]


def _move(scratch: Path, clone: Path, files: list[str], listed: str) -> None:
    """Move what was made into the clone, its line in the sandbox's list last; or take all of it back."""
    staging = clone / STAGING
    moved: list[Path] = []
    try:
        for part in files:
            (scratch / part).rename(clone / part)
            moved.append(clone / part)
        put(staging, listed.encode(), mode=staging.stat().st_mode & 0o777)
    except BaseException:
        for path in moved:
            with suppress(OSError):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
