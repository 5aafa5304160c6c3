"""A course's assignments: where their notebooks lie, and the settings with which they are released.

`settings()` is what a course's `nbgrader_config.py` loads too: formgrader's Generate button makes the same
file.
"""

import shutil
from copy import deepcopy
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from nbgrader import converters, coursedir
from traitlets.config import Config, PyFileConfigLoader

from autograde.errors import UsageError

SOURCE, RELEASE = "solutions", "notebooks"
# The steps of a release are named, not imported: most commands release nothing.
OURS, IN_THE_BOOK = "autograde.release.steps.", "autograde.book.release_steps."
FIRST_STEPS = [OURS + name for name in ("RequireCurrent", "CoreOnly", "PrintPoints", "AddProblems")]
# Instead of nbgrader's of these names.
REPLACING_STEPS = {
    name: OURS + name for name in ("ClearHiddenTests", "ClearMarkScheme", "ClearSolutions")
} | {"SaveCells": IN_THE_BOOK + "SaveCells"}
LAST_STEPS = [
    *(OURS + name for name in ("KeepNamed", "AddInstallCell", "Seal")),
    IN_THE_BOOK + "RememberRelease",
]
"""After whatever steps a course adds."""
# What editors and file managers leave next to the files that a person opened; it may hold solutions.
EDITOR_FILES = ".virtual_documents *~ .*~ .*.sw? *.swp #*# .#* *.bak *.orig .DS_Store ._* .~*"
LEFTOVERS = [*coursedir.CourseDirectory.ignore.default(), *EDITOR_FILES.split()]
without_leftovers = shutil.ignore_patterns(*LEFTOVERS)
"""For `shutil.copytree`: leaves out what JupyterLab and editors left there."""


def settings(source: Path | None = None) -> Config:
    """nbgrader's settings for a course laid out like this one.

    `source` is the folder of solutions: its lessons' texts hold the solutions too, so their names are
    added to what nbgrader leaves out of a release.
    """
    config = Config()
    config.CourseDirectory.source_directory = SOURCE
    config.CourseDirectory.release_directory = RELEASE
    config.CourseDirectory.ignore = [*LEFTOVERS]
    if source is not None:  # lessons' texts, and what has the name of a notebook there
        of_notebooks = {f"{path.stem}.md" for path in notebooks_below(source)}
        config.CourseDirectory.ignore += sorted(of_notebooks | {path.name for path in _texts_below(source)})
    nbgraders = converters.GenerateAssignment.preprocessors.default()
    config.GenerateAssignment.preprocessors = [
        *FIRST_STEPS,
        *(REPLACING_STEPS.get(step.__name__, step) for step in nbgraders),
        *LAST_STEPS,
    ]
    return config


def _texts_below(source: Path) -> list[Path]:
    return sorted(filter(is_text, source.glob("[!.]*/*.md")))


def is_text(path: Path) -> bool:
    """Whether a file is a lesson's text: `NN-rule/rule.md`, named like its folder without the number."""
    return path.is_file() and path.parent.name.partition("-")[2] == path.stem


def lesson_paths(course: Path) -> list[Path]:
    """The texts `solutions/NN-rule/rule.md`, in order: those named like their folder, without the number."""
    return _texts_below(course / SOURCE)


def notebooks_below(source: Path) -> list[Path]:
    """The notebooks of all assignments in a source folder, in order; no hidden folder is an assignment."""
    return [path for folder in sorted(source.glob("[!.]*/")) for path in notebooks_in(folder)]


def notebooks_in(folder: Path) -> list[Path]:
    """An assignment's notebooks, in order; hidden files are none."""
    return sorted(folder.glob("[!.]*.ipynb"))


def assignments(course: Path) -> list[str]:
    """The names of the assignments a course can release, in order: a notebook or a lesson's text each."""
    source = course / SOURCE
    return sorted({path.parent.name for path in (*notebooks_below(source), *_texts_below(source))})


def course_settings(course: Path) -> Config:
    """`settings()` for the course, then what its own nbgrader_config.py says.

    Raises:
        UsageError: that file cannot be read.
    """
    config = settings(course / SOURCE)
    file = course / "nbgrader_config.py"
    if file.exists():
        config.merge(read_configuration(file))
    return config


def read_configuration(file: Path) -> Config:
    """What a file of nbgrader's says.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        return PyFileConfigLoader(file.name, path=str(file.parent.resolve())).load_config()
    except (Exception, SystemExit) as problem:  # whatever the file does
        raise UsageError(f"{file}: cannot be read as a configuration: {problem!r}") from problem


def with_jupyters(course: Config) -> Config:
    """A course's configuration on top of what Jupyter's own folders say, as nbgrader reads them.

    Raises:
        UsageError: a file there cannot be read.
    """
    everything = Config()
    for folder in reversed(jupyter_config_path()):
        file = Path(folder, "nbgrader_config.py")
        if file.is_file():
            everything.merge(read_configuration(file))
    everything.merge(deepcopy(course))
    return everything
