"""The student's folder, with copies of the released lessons, and the Jupyter that opens it or a course's folder."""

import json
import os
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import zmq

from autograde import files, installed
from autograde.errors import UsageError
from verdicts.notebook import start_page

COPIES, RELEASED, COURSE = "my-course", "notebooks", "nbgrader_config.py"
SETTINGS = Path(__file__).parent  # a folder of Jupyter's settings for each role
TRUSTING = (
    "from autograde.course.configuration import leave_out_formats; leave_out_formats(); "
    "from nbformat.sign import TrustNotebookApp; TrustNotebookApp"
)
PLACES_AT_HOME = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "MPLCONFIGDIR")


def copies_folder() -> Path:
    """The student's `my-course`: the one that the current folder is or lies in, else the one in it."""
    here = Path().resolve()
    copies = (one for one in (here, *here.parents) if one.name == COPIES and not (one / COURSE).exists())
    return next(copies, here / COPIES)


def lessons_of(course: Path | None) -> Path:
    """The released lessons of a course; without one, those of a course in this folder, or the installed ones.

    Raises:
        UsageError: the course has none.
    """
    if course is None:
        return (
            Path(RELEASED)
            if Path(COURSE).is_file() and Path(RELEASED).is_dir()
            else installed.released_lessons()
        )
    if not (course / RELEASED).is_dir():
        raise UsageError(f"no {RELEASED}/ in {course.resolve()}: give a course's folder with --course-dir.")
    return course / RELEASED


def copy_lessons(released: Path, copies: Path) -> list[Path]:
    """Copy every file below `released` that `copies` does not have yet; each copy is whole or not there.

    Returns:
        The new files.

    Raises:
        OSError: it cannot be written, as a file is in the place of `copies` or a lesson's folder, for example.
    """
    added = []
    for source in sorted(released.rglob("*")):
        path = source.relative_to(released)
        target = copies / path
        if not source.is_file() or any(part.startswith(".") for part in path.parts) or target.exists():
            continue
        files.put(target, source.read_bytes())
        added.append(target)
    return added


def write_start_page(copies: Path) -> None:
    """Write the page from which a student goes to each lesson, or its next version."""
    with chdir(copies):
        start_page.write()


def earlier_versions(released: Path, copies: Path) -> list[Path]:
    """The copies that were made of an earlier version of their lesson."""
    pairs = ((copies / path.relative_to(released), path) for path in sorted(released.glob("*/*.ipynb")))
    return [copy for copy, path in pairs if _version_of(copy) not in (None, _version_of(path))]


def _version_of(notebook: Path) -> str | None:
    """The digest of what was handed out; None where there is none."""
    try:
        return json.loads(notebook.read_bytes())["metadata"]["descentlab"]["released"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def jupyter(application: str, root: Path, port: int, browser: bool) -> list[str]:
    """The command: `application` is jupyterlab or notebook; it shows `root` and what is in it.

    A file `random.py` there is not imported (-P).
    """
    command = [
        *(sys.executable, "-P", "-m", application),
        f"--ServerApp.root_dir={root}",
        f"--ServerApp.port={port}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    if application == "jupyterlab" and (root / start_page.START).is_file():
        command.append(f"--LabApp.default_url=/lab/tree/{start_page.START}")
    if zmq.has("curve"):  # on a shared machine nobody listens to what kernels say
        command.append("--KernelManager.transport_encryption=auto")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container; Jupyter would not start otherwise
        command.append("--allow-root")
    return command if browser else [*command, "--no-browser"]


def environment(copies: Path, student: bool) -> dict[str, str]:
    """This process's, with the role's settings first; a home that cannot be written is not used."""
    variables = installed.ONE_THREAD | os.environ
    settings = SETTINGS / ("student" if student else "teacher")
    before = variables.get("JUPYTER_CONFIG_PATH")
    variables["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [str(settings), before]))
    if not os.access(os.path.expanduser("~"), os.W_OK):
        for name in PLACES_AT_HOME:
            variables.setdefault(name, str(copies / ".settings" / name.lower()))
    return variables


def trust(notebooks: list[Path], variables: dict[str, str] | None = None) -> None:
    """Tell Jupyter that these are the course's, as `jupyter trust` does: it opens them with all they have then."""
    if notebooks:
        command = [sys.executable, "-P", "-c", f"{TRUSTING}.launch_instance()", *map(str, notebooks)]
        subprocess.run(command, env=variables, capture_output=True, check=False)


def run(command: list[str], folder: Path, variables: dict[str, str]) -> int:
    """Become the server, so that Ctrl-C and other signals are its own; on Windows wait for it.

    Returns:
        Its exit status.
    """
    sys.stdout.flush()
    if os.name == "posix":
        os.chdir(folder)
        os.execve(command[0], command, variables)
    with subprocess.Popen(command, cwd=folder, env=variables) as server:
        while True:
            try:
                return server.wait()
            except KeyboardInterrupt:  # Jupyter asks whether it is to end
                continue
