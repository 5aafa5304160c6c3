"""`autograde site`: the course in a browser, nothing installed."""

from __future__ import annotations

from autograde import arguments
from autograde.commands import app
from autograde.roles import needs
from autograde.telling import tell


@app.command("site", cls=needs("site"))
def site(
    out: arguments.SiteFolder,
    pyodide: arguments.PyodideSource = None,
) -> None:
    """Build the lessons as a static site: a browser runs them, with checks, explorers and progress.

    Any web server will do: nothing runs on it. It is for self-study; nothing is graded there.

    Example:  autograde site public --pyodide pyodide
    """
    from autograde.site.build import build

    built = build(out, pyodide)
    tell(
        "{folder}: {count} lessons, {size} MB. Try it:  python -m http.server -d {folder}",
        folder=built.folder,
        count=len(built.lessons),
        size=f"{built.megabytes:.0f}",
    )
