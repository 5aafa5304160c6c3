"""`autograde site`: the course in a browser, nothing installed."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import app


@app.command("site", "site")
def site_command(
    out: Annotated[Path, typer.Argument(help="The site's folder: new, or an earlier site to replace.")],
    pyodide: Annotated[
        str | None,
        typer.Option(
            help="Pyodide's unpacked folder, copied into the site; or its address.", show_default="its CDN"
        ),
    ] = None,
) -> None:
    """Build the lessons as a static site for browsers.

    A browser runs them, with checks, explorers and progress. Any web server can serve it. It is for self-study; nothing is graded there.

    Example:  autograde site public --pyodide pyodide
    """
    from autograde.site.build import build_site

    built = build_site(out, pyodide)
    size = f"{len(built.lessons)} lessons, {built.megabytes:.0f} MB"
    typer.echo(f"{built.folder}: {size}. Try it:  python -m http.server -d {built.folder}")
