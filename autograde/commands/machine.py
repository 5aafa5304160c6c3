"""The machines that grade: `doctor`, `selftest`, `cluster`."""

import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from autograde.commands import MACHINES, app, argument, option, stop
from autograde.errors import UsageError
from autograde.installed import NAME, version_of
from autograde.untrusted.names import printable

# package manager: the commands that install bubblewrap, run in turn until it is there
MANAGERS = {
    "apt-get": ["apt-get install -y -q bubblewrap", "apt-get update -q", "apt-get install -y -q bubblewrap"],
    "dnf": ["dnf install -y bubblewrap"],
    "apk": ["apk add --no-cache bubblewrap"],
    "pacman": ["pacman -S --noconfirm bubblewrap"],
    "zypper": ["zypper --non-interactive install bubblewrap"],
}
INSTALL_SECONDS = 600
PACKAGES = "descentlab nbgrader ipykernel nbclient numpy matplotlib"
QUICK = (  # one of each kind, a few seconds in all
    "no traceback is shown", "the process ends itself after an honest check", "an odd result: ",
    "references, judge and grader, wherever they are installed", "every call of the filter", "network sockets and names",
    "a loop without end", "a list that grows", "a daemon that survives its parent", "a judge that favors or damages all",
)  # fmt: skip

cluster = app.group("cluster", "Set up machines that grade together.", rich_help_panel=MACHINES)


@app.command("doctor", "grader", "cluster", rich_help_panel=MACHINES)
def doctor_command(
    install_sandbox: Annotated[
        bool, option("Install bubblewrap from the system's packages.", "--install-sandbox")
    ] = False,
    quiet: Annotated[bool, option("Print nothing unless something is missing.", "--quiet")] = False,
) -> None:
    """Try the sandbox on this machine and list what is missing.

    Starts a sandbox and searches all that a submission could read: no withheld file may be there, and with
    --course-dir neither the course, nor its exchange, nor submissions. `autograde selftest` attacks the sandbox.

    Example:  autograde doctor --install-sandbox

    Exit status: 0 submissions can be confined; 2 they cannot; 1 a trial was interrupted.
    """
    from autograde.sandbox import best_tier, program
    from verdicts.courses import broken

    console = Console(highlight=False, soft_wrap=True, markup=False)
    if others := set(packages_distributions().get("autograde", [])) - {NAME}:
        remedy = f"pip uninstall {' '.join(sorted(others))}, install {NAME} again"
        typer.echo(f"another project's autograde is installed here too: {remedy}", err=True)
    for course, why in broken().items():
        typer.echo(f"the course {course} cannot be loaded: {why}", err=True)
    if install_sandbox and shutil.which("bwrap") is None:
        _install(console, quiet)
        best_tier.cache_clear()
    shown = not quiet and sys.platform == "linux"
    try:
        tier = best_tier()
        if shown:
            _show_layers(console, tier)
        readable = _prove() if tier.number else 0
    except program.UndecidedError as error:
        stop("doctor", str(error), status=1)
    if readable and shown:
        console.print(
            f"A submission can read {readable} files and folders of this machine: Python, its packages, the "
            "system's libraries. Searched: the grader's answers are not among them"
            f"{', nor is the course' if app.course else ' (--course-dir: nor the course)'}."
        )
    if tier.number == 1 and not shown:
        console.print(f"Weaker isolation than this machine could have (tier 1). {tier.reason}")
    elif not tier.number:
        console.print(f"No sandbox: {tier.reason}")
    raise typer.Exit(0 if tier.number else 2)


def _prove() -> int:
    """Start a box and search it for withheld files; how many files and folders can be read.

    Raises:
        SandboxError: a withheld file can be read, or no box starts.
        UsageError: the course cannot be opened.
    """
    from autograde.sandbox import Pool

    given: dict[str, Any] = {}
    if app.course:
        from autograde.course.course import Course
        from autograde.pipeline.settings import packages_of, withheld_of

        course = Course.open(app.course)
        given = {
            "packages": packages_of(course, *course.source_assignments()),
            "withheld": withheld_of(course),
        }
    with Pool(jobs=1, figures=False, **given) as pool:
        pool.prove()
        return pool.readable


def _show_layers(console: Console, tier: Any) -> None:
    from autograde.sandbox import tiers

    layers = [tiers.try_bubblewrap(), tiers.try_seccomp(), tiers.try_cgroup(), tiers.try_landlock()]
    title = f"Isolation tier {tier.number} of {max(tiers.NAMES)}: {tier.name}"
    table = Table("layer", "", "seen", "what to do for a higher tier", title=title)
    for one in layers:
        table.add_row(one.name, "works" if one.usable else "no", one.seen, one.remedy)
    console.print(table)
    console.print(f"Python {platform.python_version()}, {platform.system()} {platform.release()}")
    console.print(", ".join(f"{name} {version_of(name) or 'not installed'}" for name in PACKAGES.split()))


def _install(console: Console, quiet: bool) -> None:
    """Install bubblewrap if this user may; otherwise print the line to type."""
    commands = next((MANAGERS[name] for name in MANAGERS if shutil.which(name)), [])
    if not commands:
        console.print("bubblewrap is missing; install it with your system's package manager")
        return
    if not quiet:
        console.print("installing bubblewrap …")
    if any(_runs_as_root(command) and shutil.which("bwrap") for command in commands):
        return
    line = f"sudo {commands[0]}".replace(" -q", "").replace(" --noconfirm", "")
    console.print(f"bubblewrap is missing and could not be installed. Type:  {line}")


def _runs_as_root(command: str) -> bool:
    """Whether a command ends well as root; where sudo would ask for a password it is not run."""
    words = command.split() if os.geteuid() == 0 else ["sudo", "-n", *command.split()]
    try:
        return not subprocess.run(
            words,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=INSTALL_SECONDS,
        ).returncode
    except (OSError, subprocess.TimeoutExpired):
        return False


@app.command("selftest", hidden=True, rich_help_panel=MACHINES)
def selftest_command(
    hostile: Annotated[bool, option("All attacks: minutes.", "--hostile")] = False,
    only: Annotated[
        list[str] | None, option("Only attacks with this in their names; can be repeated.")
    ] = None,
) -> None:
    """Attack the grader on this machine.

    The attacks forge scores, steal files, never end or break notebooks. Each attack runs in the sandbox
    between honest submissions, which must not notice. Without --hostile only a few are tried. The attacks are
    bounded and touch only folders of their own.

    Example:  autograde selftest --hostile

    Exit status: 0 all attacks failed; 1 one succeeded; 2 there is no sandbox to try.
    """
    from autograde.sandbox import best_tier
    from autograde.selftest.hostile.suite import ATTACKS, Suite

    words = only or ([""] if hostile else QUICK)
    for word in words:
        if not any(word in attack.name for attack in ATTACKS):
            raise UsageError(f"no attack has {word!r} in its name: autograde selftest --hostile lists them.")
    console = Console(highlight=False, markup=False)
    tier = best_tier()
    attacks = tuple(attack for attack in ATTACKS if any(word in attack.name for word in words))
    console.print(f"isolation tier {tier.number}: {tier.name}; {len(attacks)} attacks")
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("attacking", total=len(attacks))
        outcomes = Suite(attacks).run(lambda outcome: bar.advance(task))
    table = Table("attack", "result", "seen", box=None, pad_edge=False)
    for outcome in outcomes:
        row = outcome.attack.name, outcome.state, printable(outcome.seen)[:160]
        table.add_row(*row, style="red" if outcome.state == "BROKEN" else "")
    console.print(table)
    counts = Counter(outcome.state for outcome in outcomes)
    console.print(", ".join(f"{count} {state}" for state, count in sorted(counts.items())))
    raise typer.Exit(int("BROKEN" in counts))


@cluster.command("certificates", "cluster")
def certificates_command(file: Annotated[Path, argument("The file to write; must not exist.")]) -> None:
    """Make a certificate for scheduler, workers and grader, valid for a year, as a Dask configuration.

    Example:  autograde cluster certificates ~/autograde-tls.yaml

    Exit status: 0 written; 2 not written.
    """
    from autograde.cluster.tls import write_certificates

    write_certificates(file)
    typer.echo(
        f"written: {file}. Anyone with this file can run programs on the workers: keep it like a password."
    )
    # Dask ignores a missing file, as a relative path would be in another folder.
    typer.echo(f"On every machine: export DASK_CONFIG={shlex.quote(str(file.absolute()))}")
