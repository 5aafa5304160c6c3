"""`autograde site`: the course in a browser, nothing installed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import app
from autograde.roles import needs


@app.command("site", cls=needs("site"))
def site(
    out: Annotated[Path, typer.Argument(help="The site's folder: new, or an earlier site to replace.")],
    pyodide: Annotated[
        str | None,
        typer.Option(
            help="Pyodide's unpacked folder, copied into the site; or its address.", show_default="its CDN"
        ),
    ] = None,
) -> None:
    """Build the lessons as a static site: a browser runs them, with checks, explorers and progress.

    Any web server will do: nothing runs on it. It is for self-study; nothing is graded there.

    Example:  autograde site public --pyodide pyodide
    """
    from autograde.site.build import build
    from autograde.stopping import stopping
    from descentlab.sentences import say

    with stopping("site"):
        built = build(out, pyodide)
    typer.echo(
        say(
            "{folder}: {count} lessons, {size} MB. Try it:  python -m http.server -d {folder}",
            folder=built.folder,
            count=len(built.lessons),
            size=f"{built.megabytes:.0f}",
        )
    )
