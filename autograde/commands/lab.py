"""`autograde lab`: the lessons in JupyterLab, in copies that are the student's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

MINE = "my-course"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("lab")(lab)


def lab(
    course_dir: Annotated[Path, typer.Option(help="The course's folder.")] = Path("."),
    port: Annotated[int, typer.Option(help="The port of JupyterLab.")] = 8888,
    browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
    start: Annotated[bool, typer.Option(help="Start JupyterLab; --no-start only copies.")] = True,
) -> None:
    """Open the lessons in JupyterLab, in my-course/: copies that are yours.

    A lesson is copied once. What you wrote is never overwritten; new lessons are added.

    Example:  autograde lab
    """
    if not (course_dir / "notebooks").is_dir():
        _stop(f"no notebooks/ in {course_dir.resolve()}: give the course's folder with --course-dir")
    added = copy_lessons(course_dir)
    for path in added:
        typer.echo(f"copied {path}")
    if not added:
        typer.echo(f"{course_dir / MINE}: nothing new, everything in it is as you left it")
    if not start:
        return
    if find_spec("jupyterlab") is None:
        _stop("JupyterLab is not installed here: pip install 'descentlab[lab]'")
    raise typer.Exit(subprocess.call(jupyterlab(course_dir, port, browser), cwd=course_dir))


def copy_lessons(course: Path) -> list[Path]:
    """Copies every released file that is not in my-course/ yet; returns the new files."""
    added = []
    for source in sorted((course / "notebooks").rglob("*")):
        parts = source.relative_to(course / "notebooks").parts
        target = course / MINE / Path(*parts)
        if not source.is_file() or any(part.startswith(".") for part in parts) or target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = target.with_name(f".{target.name}.part")
        shutil.copyfile(source, scratch)
        scratch.rename(target)
        added.append(target)
    return added


def jupyterlab(course: Path, port: int, browser: bool) -> list[str]:
    """The command: JupyterLab's root is the course's, so that formgrader finds it."""
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={course.resolve()}",
        f"--LabApp.default_url=/lab/tree/{MINE}",
        f"--ServerApp.port={port}",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container; Jupyter would not start otherwise
        command.append("--allow-root")
    return command if browser else [*command, "--no-browser"]


def _stop(reason: str) -> None:
    typer.echo(reason, err=True)
    raise typer.Exit(2)
