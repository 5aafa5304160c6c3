"""Arguments and options that several commands take: one name, one help text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Assignment = Annotated[str, typer.Argument(help="An assignment's name, e.g. 06-adam.")]
CourseDir = Annotated[Path, typer.Option(help="The course's folder.")]
Students = Annotated[list[str] | None, typer.Option(help="Only this student; can be repeated.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Processes at once.", show_default="one a core")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the results there.")]
