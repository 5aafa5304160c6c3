"""`autograde doctor`: tries what protects this machine from submissions, and names what is missing."""

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from autograde.commands import HERE, app, stop
from autograde.installed import NAME, version_of

if TYPE_CHECKING:
    from rich.console import Console

    from autograde.sandbox import Tier

# package manager: the commands that install bubblewrap, tried in turn
MANAGERS = {
    "apt-get": ["apt-get install -y -q bubblewrap", "apt-get update -q"],
    "dnf": ["dnf install -y bubblewrap"],
    "apk": ["apk add --no-cache bubblewrap"],
    "pacman": ["pacman -S --noconfirm bubblewrap"],
    "zypper": ["zypper --non-interactive install bubblewrap"],
}
PACKAGES = ("descentlab", "nbgrader", "ipykernel", "nbclient", "numpy", "matplotlib")
INSTALL_SECONDS = 600


@app.command("doctor", "grader", "cluster")
def doctor_command(
    install_sandbox: Annotated[
        bool, typer.Option("--install-sandbox", help="Install bubblewrap from the system's packages.")
    ] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="Print nothing unless something is missing.")
    ] = False,
    course_dir: Annotated[Path | None, typer.Option(help="A course that submissions must not read.")] = None,
    hub: Annotated[
        bool, typer.Option("--hub", help="Check a course and its exchange for use on a JupyterHub.")
    ] = False,
) -> None:
    """Try the sandbox on this machine and list what is missing.

    Starts a sandbox and searches all that a submission could read: no withheld file may be there, and with
    --course-dir neither the course, nor its exchange, nor submissions.

    --hub checks the course in this folder, or in --course-dir: its id, the exchange, who may read what in it.
    Type it as the instructor, in the server where grading will run.

    Example:  autograde doctor --install-sandbox

    Exit status: 0 submissions can be confined; 2 they cannot; 1 a trial was interrupted or --hub found
    something to mend.
    """
    from rich.console import Console

    from autograde.sandbox import best_tier

    console = Console(highlight=False, soft_wrap=True, markup=False)
    if others := set(packages_distributions().get("autograde", [])) - {NAME}:
        remedy = f"pip uninstall {' '.join(sorted(others))}, install {NAME} again"
        typer.echo(f"another project's autograde is installed here too: {remedy}", err=True)
    if install_sandbox and shutil.which("bwrap") is None:
        _install(console, quiet)
        best_tier.cache_clear()
    shown = not quiet and sys.platform == "linux"
    tier = _try_all(console, course_dir, shown)
    mended = not hub or _show_hub(console, course_dir or HERE)
    if tier.number == 1 and not shown:
        console.print(f"Weaker isolation than this machine could have (tier 1). {tier.reason}")
    elif not tier.number:
        console.print(f"No sandbox: {tier.reason}")
    raise typer.Exit(2 if not tier.number else 0 if mended else 1)


def _try_all(console: "Console", course_dir: Path | None, shown: bool) -> "Tier":
    """Try every layer and search what can be read; a failing trial ends the command."""
    from autograde.sandbox import best_tier
    from autograde.sandbox.tiers import UndecidedError

    try:
        tier = best_tier()
        if shown:
            _show_layers(console, tier)
        readable = _prove(course_dir) if tier.number else 0
    except UndecidedError as error:
        stop("doctor", str(error), status=1)
    if readable and shown:
        hidden = "the grader's answers are not among them (--course-dir: nor the course)"
        if course_dir is not None:
            hidden = "neither the grader's answers nor this course are among them"
        console.print(
            f"A submission can read {readable} files and folders of this machine: Python, its packages, the "
            f"system's libraries. Searched: {hidden}."
        )
    return tier


def _prove(course_dir: Path | None) -> int:
    """Start a box and search it for withheld files; how many files and folders can be read.

    Raises:
        SandboxError: a withheld file can be read, or no box starts.
        UsageError: the course cannot be opened.
    """
    from autograde.sandbox import Pool

    given: dict[str, Any] = {}
    if course_dir is not None:
        from autograde.course.course import Course
        from autograde.grading.run_cells import packages_of, withheld_of

        course = Course.open(course_dir)
        packages = packages_of(course, *course.source_assignments())
        given = {"packages": packages, "withheld": withheld_of(course)}
    with Pool(jobs=1, figures=False, **given) as pool:
        pool.prove()
        return pool.readable


def _show_hub(console: "Console", course_dir: Path) -> bool:
    """Show what a JupyterHub needs; whether nothing needs mending."""
    from autograde.course.course import Course
    from autograde.course.hub_settings import look

    findings = list(look(Course.open(course_dir)))
    rows = [(f.about, "fine" if f.fine else "no", f.seen, f.remedy) for f in findings]
    _show_table(console, "looked at", rows)
    return all(finding.fine for finding in findings)


def _show_layers(console: "Console", tier: "Tier") -> None:
    from autograde.sandbox.tiers import NAMES, try_bubblewrap, try_cgroup, try_landlock, try_seccomp

    layers = [try_bubblewrap(), try_seccomp(), try_cgroup(), try_landlock()]
    strongest = max(NAMES)
    rows = [(one.name, "works" if one.usable else "no", one.seen, one.remedy) for one in layers]
    _show_table(console, "layer", rows, f"Isolation tier {tier.number} of {strongest}: {tier.name}")
    if 0 < tier.number < strongest:  # for tier 0 the last line says why
        missing = next((layer.name for layer in layers if not layer.usable), "")
        console.print(f"A higher tier needs {missing}: see above what to do.")
    console.print(f"Python {platform.python_version()}, {platform.system()} {platform.release()}")
    console.print(", ".join(f"{name} {version_of(name) or 'not installed'}" for name in PACKAGES))


def _show_table(console: "Console", what: str, rows: Iterable[tuple[str, ...]], title: str = "") -> None:
    from rich.table import Table

    table = Table(what, "", "seen", "what to do", title=title or None)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _install(console: "Console", quiet: bool) -> None:
    """Install bubblewrap if this user may; otherwise print the line to type."""
    manager = next((name for name in MANAGERS if shutil.which(name)), None)
    if manager is None:
        console.print("bubblewrap is missing; install it with your system's package manager")
        return
    install, *refresh = MANAGERS[manager]
    line = f"sudo {install}".replace(" -q", "").replace(" --noconfirm", "")
    prefix = _privilege()
    if prefix is None:
        console.print(f"bubblewrap is missing. Type:  {line}")
        return
    if not quiet or sys.stdout.isatty():
        console.print("installing bubblewrap …")
    for words in (install, *refresh, install):
        if _runs([*prefix, *words.split()]) and shutil.which("bwrap"):
            return
    console.print(f"bubblewrap could not be installed. Try:  {line}")


def _privilege() -> list[str] | None:
    """The words before a command that needs root; None if they would ask for a password."""
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
