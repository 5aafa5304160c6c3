"""The lessons to work in and to look at: `lab`, `site`, `demo`."""

from pathlib import Path
from typing import Annotated

import typer

from autograde.commands import STUDENTS, Solutions, app, argument, course_dir, option, require, show
from autograde.errors import UsageError


@app.command("lab", "lab", rich_help_panel=STUDENTS)
def lab_command(
    port: Annotated[int, option("The port of JupyterLab.")] = 8888,
    browser: Annotated[bool, option("Open a browser window.")] = True,
    start: Annotated[bool, option("Start JupyterLab; --no-start only copies.")] = True,
    notebook: Annotated[bool, option("Open Jupyter Notebook 7 instead of JupyterLab.", "--notebook")] = False,
    teacher: Annotated[
        bool, option("Open the course's folder instead, with formgrader.", "--teacher")
    ] = False,
) -> None:
    """Open your copies of the lessons in JupyterLab.

    They are in my-course/. A lesson is copied once. What you wrote is never overwritten; new lessons are added.
    The lessons are those of the course here, or of --course-dir, and elsewhere the installed ones.

    Example:  autograde lab
    """
    from autograde.lab import workspace

    if teacher:
        require("lab --teacher", "grader")
    root = course_dir().resolve() if teacher else workspace.copies_folder()
    variables = workspace.environment(root, student=not teacher)
    if not teacher:
        released = workspace.lessons_of(app.course)
        added = workspace.copy_lessons(released, root)
        show(f"copied {path.relative_to(root.parent)}" for path in added)
        if not added:
            typer.echo(f"{root.name}: nothing new, everything is as you left it")
        show(
            f"{path.relative_to(root.parent)} has a new version. To take it, rename yours and run this again; "
            "then copy your answers"
            for path in workspace.earlier_versions(released, root)
        )
        workspace.write_start_page(root)
        workspace.trust(added, variables)
    if start:
        command = workspace.jupyter("notebook" if notebook else "jupyterlab", root, port, browser)
        raise typer.Exit(workspace.run(command, root, variables))


@app.command("site", "site")
def site_command(
    out: Annotated[Path, argument("The site's folder: new, or an earlier site to replace.")],
    pyodide: Annotated[
        str | None,
        option("Pyodide's unpacked folder, copied into the site; or its address.", show_default="its CDN"),
    ] = None,
    solutions: Solutions = None,
    solved: Annotated[bool, option("Show the answers on the lessons' pages.", "--solved")] = False,
    browser_only: Annotated[
        bool, option("Only the lessons that run in a browser.", "--browser-only")
    ] = False,
) -> None:
    """Build the course as a static site.

    It has every lesson with its pictures, the guides, the known mistakes and, in try/, the lessons to run in a browser.
    Any web server or a USB stick can serve it; nothing is graded there. The lessons are run once, and again only where
    they change (OUT.cache). It is made from a clone, or from the sdist of this version.

    Example:  autograde site public --pyodide pyodide
    """
    from autograde.site.build import build_browser, build_site

    if browser_only:
        count, megabytes = build_browser(out, pyodide)
        typer.echo(f"{out}: {count} lessons, {megabytes:.0f} MB. Try it:  python -m http.server -d {out}")
        return
    require("site without --browser-only", "grader")
    from autograde.release.creation import find_solutions

    try:
        found = find_solutions(solutions)
    except UsageError as error:
        raise UsageError(f"{error} The wheel alone makes only what --browser-only makes.") from error
    count = build_site(out, pyodide, found, solved, typer.echo)
    typer.echo(f"{out}: {count} lessons. Open {out / 'index.html'}")


@app.command("demo")
def demo_command(
    folder: Annotated[Path, option("The folder of the demo course.", "--dir")] = Path("demo"),
    students: Annotated[
        int | None,
        option("Number of students: some cases, or more honest ones.", min=1, show_default="all cases"),
    ] = None,
    seed: Annotated[int, option("Seed of the additional honest students.")] = 0,
    solutions: Solutions = None,
) -> None:
    """Make and grade a class to look at.

    Its submissions are right, wrong and hostile; feedback pages are written too. A second run grades only
    what is new. The lessons come from a clone, or from the sdist of this version.

    Example:  autograde demo --students 3
    """
    from autograde.release.creation import find_solutions
    from autograde.selftest.demo.walkthrough import run_demo

    raise typer.Exit(run_demo(folder.resolve(), find_solutions(solutions), students, seed))
