"""`autograde doctor`: what protects this machine from submissions, tried; what is missing and how to get
it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs, version_of
from autograde.stopping import stop
from descentlab.sentences import say, say_count

if TYPE_CHECKING:
    from rich.console import Console

    from autograde.sandbox import Tier

# package manager: the words that install bubblewrap, tried in turn
MANAGERS = {
    "apt-get": [["apt-get", "install", "-y", "-q", "bubblewrap"], ["apt-get", "update", "-q"]],
    "dnf": [["dnf", "install", "-y", "bubblewrap"]],
    "apk": [["apk", "add", "--no-cache", "bubblewrap"]],
    "pacman": [["pacman", "-S", "--noconfirm", "bubblewrap"]],
    "zypper": [["zypper", "--non-interactive", "install", "bubblewrap"]],
}
PACKAGES = ("descentlab", "nbgrader", "ipykernel", "nbclient", "numpy", "matplotlib")
INSTALL_SECONDS = 600


@app.command("doctor", cls=needs("grader", "cluster"))
def doctor(
    install_sandbox: arguments.InstallSandbox = False,
    quiet: arguments.Quiet = False,
    course_dir: arguments.CourseToHide = None,
    hub: arguments.LookAtHub = False,
) -> None:
    """Try every layer of the sandbox on this machine and say what is missing.

    A sandbox is started, too, and looks at everything that a submission could read: nothing withheld may be
    among it, and with --course-dir neither the course, nor its exchange, nor submissions.

    --hub looks at the course in this folder, or in --course-dir: its id, the exchange, who may read what in
    it. Type it as the instructor, in the server where grading will run.

    Exit status: 0 where submissions can be confined, 2 where they cannot, 1 where a trial was broken off or
    --hub found something to mend.

    Example: autograde doctor --install-sandbox
    """
    from rich.console import Console

    from autograde.sandbox import best_tier

    console = Console(highlight=False, soft_wrap=True)
    if install_sandbox and shutil.which("bwrap") is None:
        _install(console, quiet, best_tier.cache_clear)
    shown = not quiet and sys.platform == "linux"
    tier = _try_all(console, course_dir, shown)
    mended = not hub or _show_hub(console, course_dir or Path("."))
    _show_weakness(console, tier, shown)
    raise typer.Exit(2 if not tier.number else 0 if mended else 1)


def _try_all(console: Console, course_dir: Path | None, show: bool) -> Tier:
    """Try every layer and what can be read, and show it where asked; where a trial fails the command ends."""
    from autograde.sandbox import best_tier
    from autograde.sandbox.feature_detection import UndecidedError

    try:
        tier = best_tier()
        if show:
            _show(console, tier)
        readable = _prove(course_dir) if tier.number else 0
    except UndecidedError as error:
        stop("doctor", str(error), status=1)
    if readable and show:
        console.print(_what_is_readable(readable, course_dir))
    return tier


def _what_is_readable(count: int, course_dir: Path | None) -> str:
    seen = say_count(
        "A submission is shown {count} file or folder of this machine: Python, its packages, the system's "
        "libraries.",
        "A submission is shown {count} files and folders of this machine: Python, its packages, the system's "
        "libraries.",
        count,
    )
    if course_dir is None:
        searched = say(
            "Looked through: the grader's answers are not among them (--course-dir: nor the course)."
        )
    else:
        searched = say("Looked through: neither the grader's answers nor this course are among them.")
    return f"{seen} {searched}"


def _show_weakness(console: Console, tier: Tier, shown: bool) -> None:
    """Where the tier is weak, why; `shown`: the table of layers has said it."""
    if tier.number == 1 and not shown:
        weaker = say("Weaker isolation than this machine could have (tier 1).")
        console.print(f"{weaker} {tier.reason}", markup=False)
    elif not tier.number:
        console.print(say("No sandbox: {reason}", reason=tier.reason), markup=False)


def _prove(course_dir: Path | None) -> int:
    """Start a box that shows that nothing withheld can be read; how many files and folders can.

    Raises:
        SandboxError: something withheld can be read, or no box starts.
        UsageError: the course cannot be opened.
    """
    from autograde.sandbox import Pool

    packages, withheld = (), {}
    if course_dir is not None:
        from autograde.grading.course import Course
        from autograde.grading.sandbox_access import packages_of, withheld_of

        course = Course.open(course_dir)
        packages = packages_of(course, *course.source_assignments())
        withheld = withheld_of(course)
    with Pool(jobs=1, figures=False, packages=packages, withheld=withheld) as pool:
        pool.prove()
        return pool.readable


def _show_hub(console: Console, course_dir: Path) -> bool:
    """A table of what a JupyterHub needs; whether nothing is to be mended."""
    from rich.markup import escape
    from rich.table import Table

    from autograde.grading.course import Course
    from autograde.hub_settings import look

    findings = list(look(Course.open(course_dir)))
    table = Table(say("looked at"), "", say("seen"), say("what to do"))
    for finding in findings:
        mark = say("fine") if finding.fine else say("no")
        table.add_row(*map(escape, (finding.about, mark, finding.seen, finding.remedy)))
    console.print(table)
    return all(finding.fine for finding in findings)


def _show(console: Console, tier: Tier) -> None:
    from rich.table import Table

    from autograde.sandbox.tiers import NAMES, try_bubblewrap, try_cgroup, try_landlock, try_seccomp

    layers = [try_bubblewrap(), try_seccomp(), try_cgroup(), try_landlock()]
    strongest = max(NAMES)
    title = say(
        "Isolation tier {tier} of {strongest}: {layers}",
        tier=tier.number,
        strongest=strongest,
        layers=tier.name,
    )
    table = Table(say("layer"), "", say("seen"), say("what to do"), title=title)
    for layer in layers:
        table.add_row(layer.name, say("works") if layer.usable else say("no"), layer.seen, layer.remedy)
    console.print(table)
    if 0 < tier.number < strongest:  # of tier 0 the command's last line says why
        missing = next((layer.name for layer in layers if not layer.usable), "")
        console.print(say("A higher tier needs {layer}: see above what to do.", layer=missing), markup=False)
    console.print(
        f"Python {platform.python_version()}, {platform.system()} {platform.release()}", markup=False
    )
    versions = ", ".join(f"{name} {version_of(name) or say('not installed')}" for name in PACKAGES)
    console.print(versions, markup=False)


def _install(console: Console, quiet: bool, forget: Callable[[], None]) -> None:
    """Install bubblewrap where this user may; otherwise say the line to type."""
    manager = next((name for name in MANAGERS if shutil.which(name)), None)
    if manager is None:
        console.print(say("bubblewrap is missing; install it with your system's package manager"))
        return
    install, *refresh = MANAGERS[manager]
    line = " ".join(["sudo", *(word for word in install if word not in ("-q", "--noconfirm"))])
    prefix = _privilege()
    if prefix is None:
        console.print(say("bubblewrap is missing. Type:  {command}", command=line), markup=False)
        return
    if not quiet or sys.stdout.isatty():
        console.print(say("installing bubblewrap …"))
    for words in (install, *refresh, install):
        if _runs([*prefix, *words]) and shutil.which("bwrap"):
            forget()
            return
    console.print(say("bubblewrap could not be installed. Try:  {command}", command=line), markup=False)


def _privilege() -> list[str] | None:
    """The words before a command that needs root; None where they would ask for a password."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and _runs(["sudo", "-n", "true"]):
        return ["sudo", "-n"]
    return None


def _runs(words: list[str]) -> bool:
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=INSTALL_SECONDS,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
