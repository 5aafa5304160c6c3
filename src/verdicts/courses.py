"""The interface between the engine and a course: its checks and, where answers are judged, the rest.

A course is found by its entry point in the group `verdicts.courses`, or registers itself when it is imported. Its name is
that of its import package. In the grader's sandbox only checks and recorders work: the modules for the rest are absent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from verdicts.spec import Check


GROUP = "verdicts.courses"
ENGINE = "verdicts"
"""The course of the checks that notebooks define."""
Recorder = Callable[[Any, Any, int | None, bytes], dict[str, Any]]
"""Records the answer to a check: of the check, the answer, a seed and arguments drawn outside; gives the evidence."""


@dataclass(frozen=True)
class BoxFiles:
    """What the grader's sandbox holds of a package; everything else of it can be imported, and says so when it is used."""

    files: Sequence[str]
    """Patterns of paths in the package."""
    checks: Collection[str] = ()
    """The names of the checks that modules named `checks` hold there."""
    helpers: Sequence[str] = ()
    """Dotted names of functions that state an answer: they do nothing there."""
    pictures: str = ""
    """The package whose functions print a line there instead: no answer is judged by what they draw."""


class CourseContent:
    """What the engine asks of a course; a subclass overrides what it has."""

    symbols: Mapping[str, str] = {}
    """The symbol that formulas print for a name in code."""
    lent: Sequence[str] = ()
    """The classes that `borrow` lends."""
    lent_methods: Sequence[str] = ()
    """The names of their methods."""
    earlier: Sequence[str] = ()
    """Those of them that `earlier` gives, in the order of the lessons."""
    kept_file = "my_answers.py"
    """The file next to the lessons for the classes whose checks have passed."""
    kept_head = ""
    """Its first lines."""
    start_page = "# Lessons\n"
    """The first lines of START.md."""
    drawn: Sequence[str] = ()
    """Its packages that load Matplotlib."""
    reference_files: Sequence[str] = ()
    """Patterns of the files in its package that hold the reference."""
    lessons: Path | None = None
    """The folder of the released notebooks that come with it, NN-name/name.ipynb."""

    def checks(self) -> Mapping[str, Check]:
        """Every check by its name, in the order of the lessons."""
        raise NotImplementedError

    def recorders(self) -> Mapping[type, Recorder]:
        """What records an answer, by the type of the check."""
        return {}

    def examiners(self) -> Mapping[type, Callable[[Any], Any]]:
        """What compares answers and explains wrong ones, an `Examiner` of a check, by the check's type."""
        return {}

    def reference(self, check: Check) -> Any:
        """The reference class, or the function from a probe's `data` to the expected result."""
        raise NotImplementedError

    def is_reference(self, module: str) -> bool:
        """Whether a class of this module is the reference itself."""
        return False

    def texts(self, name: str) -> Sequence[Path]:
        """The files `mistakes.md` or `derivations.md` of the lessons."""
        return ()

    def box_files(self, names: Collection[str] | None, for_solution: bool = False) -> BoxFiles:
        """What the sandbox holds for answers to these checks, or for a solution; None: to all checks."""
        return BoxFiles(())

    def lend(self, name: str) -> type:
        """The course's own class of this name."""
        raise NotImplementedError

    def try_kept(self, kept: type) -> None:
        """Use a class that a student's file has kept; raises whatever it raises."""


class UnknownCheckError(LookupError):
    """No check has this name."""


_loaders: dict[str, Callable[[], CourseContent]] = {}
_broken: dict[str, str] = {}
"""Course → why it cannot be loaded."""


def register(name: str, load: Callable[[], CourseContent]) -> None:
    """Register the course that `load` returns when it is first needed; twice by one name is one course."""
    _loaders[name] = load
    courses.cache_clear()


@cache
def courses() -> Mapping[str, CourseContent]:
    """The registered and the installed courses by name; one that cannot be loaded is left out."""
    _broken.clear()
    installed = {point.name: lambda point=point: point.load()() for point in entry_points(group=GROUP)}
    loaded = {}
    for name, load in (installed | _loaders).items():
        try:
            loaded[name] = load()
        except Exception as error:  # of a course's own code; the others work
            _broken[name] = f"{type(error).__name__}: {error}"
    return loaded


def broken() -> Mapping[str, str]:
    """Why a course that is installed cannot be loaded, by its name."""
    courses()
    return _broken


def find(name: str) -> Check:
    """The check with this name, or with `course:name` where two courses have one.

    Raises:
        UnknownCheckError: there is none, and the nearest is named; or there are two.
    """
    wanted, _, check = str(name).rpartition(":")
    having = [one for one in courses() if wanted in ("", one) and check in courses()[one].checks()]
    if len(having) == 1:
        return replace(courses()[having[0]].checks()[check], course=having[0])
    raise UnknownCheckError(_unknown(name, having))


def _unknown(name: Any, having: Sequence[str]) -> str:
    if having:
        return f"{' and '.join(having)} each have a check named {name!r}: name one of them, as in {f'{having[0]}:{name}'!r}"
    course, _, check = str(name).rpartition(":")
    if course and course not in courses():
        return f"the course {course} {f'cannot be loaded ({_broken[course]})' if course in _broken else 'is not installed'}"
    known = [name for course in courses().values() for name in course.checks()]
    near = get_close_matches(check, known, n=1)
    sentence = f"no check is named {(check if course else name)!r}; "
    sentence += f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
    return sentence + "".join(f"; the course {one} cannot be loaded ({why})" for one, why in _broken.items())


def course_of(check: Check) -> CourseContent:
    """The course of a check that `find` found."""
    return courses()[check.course]


def is_inline(name: str) -> bool:
    """Whether a notebook defines the check with this name: its first part is no lesson of an installed course."""
    lesson, slash, _ = name.partition("/")
    return bool(slash) and lesson not in {
        check.partition("/")[0]
        for course, content in courses().items()
        if course != ENGINE
        for check in content.checks()
    }
