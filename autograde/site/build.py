"""The site: pages to read and, in `try/`, the lessons that run in a browser.

Both are made in a folder of their own first, which then takes the site's place.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from jupyter_core.paths import jupyter_path
from markupsafe import Markup

from autograde.errors import MachineError, UsageError
from autograde.files import json_bytes, put
from autograde.installed import released_lessons
from autograde.pages.render import render_page, text_of
from autograde.scratch import scratch_folder
from autograde.site import pyodide
from autograde.untrusted.names import shell_word
from verdicts.notebook.start_page import TITLE

PREFIX = ".autograde-site-"
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager", "anywidget")
KERNEL_SETTINGS = "@jupyterlite/pyodide-kernel-extension:kernel"
PACKAGES_FOLDER = "pyodide"  # our wheels, the lock file and, where it was copied, Pyodide itself
# The browser keeps the work under these names: the same ones for every later version, wherever it lies.
STORAGE = {f"{kind}StorageName": f"descentlab {kind}" for kind in ("contents", "settings", "workspaces")}
SITE_FILE = "descentlab-site.json"
# What the site's only kernel is called; with nbgrader's own name JupyterLite asks which kernel to take.
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}


class Lesson(NamedTuple):
    """A lesson of the site: its place in it, its title, and the notebook."""

    path: str
    title: str
    notebook: dict


def build_site(out: Path, source: str | None, found: Path, solved: bool, tell: Callable[[str], None]) -> int:
    """Build the whole site; returns the number of lessons.

    Args:
        out: its folder; new, empty, or an earlier site, which is replaced.
        source: Pyodide's folder or address; None: its CDN, and where that cannot be reached, no lessons that run.
        found: a clone, or the sdist.
        solved: whether the pages show the answers.
        tell: takes a line of progress.

    Raises:
        UsageError: `out` holds other files or is where the command runs; a lesson does not run; a link leads nowhere.
        MachineError: Sphinx or JupyterLite did not build it.
    """
    from autograde.site import reading  # with nbgrader, which the lessons that run in a browser do without

    _refuse_other_files(out)
    place = out.resolve()
    with scratch_folder(place.parent, PREFIX) as scratch:
        root = reading.source_of(found, scratch / "sdist")
        fresh, browser = scratch / "pages", scratch / "try"
        try:
            build_browser(browser, source, pages=True)
        except UsageError as error:
            if source is not None:
                raise
            tell(f"left out: the lessons that run in a browser. {error}")
        cache = place.with_name(f"{place.name}.cache")
        count = reading.build_pages(
            root, fresh, scratch / "project", cache, try_it=browser.exists(), solved=solved, tell=tell
        )
        if browser.exists():
            browser.rename(fresh / "try")
        put(fresh / SITE_FILE, json_bytes({}))
        _take_place(fresh, place, scratch)
    return count


def build_browser(out: Path, source: str | None, *, pages: bool = False) -> tuple[int, float]:
    """Build the lessons that run in a browser alone; returns their number and the megabytes.

    Args:
        out: its folder; new, empty, or an earlier site, which is replaced.
        source: Pyodide's folder or address; None: its CDN.
        pages: whether it will lie next to the pages to read, which its first page then links.

    Raises:
        UsageError: `out` holds other files or is where the command runs, or Pyodide is not there.
        MachineError: JupyterLite did not build it.
    """
    _refuse_other_files(out)
    wheels = [pyodide.wheel_of(package) for package in pyodide.PACKAGES]
    browser_python = pyodide.find_pyodide(source)
    every = lessons()
    place = out.resolve()  # where a link leads to, which is what a server serves
    with scratch_folder(place.parent, PREFIX) as scratch:
        project, fresh = scratch / "project", scratch / "site"
        _write_project(project, every, browser_python)
        _run_jupyterlite(project, fresh)
        _add(fresh, every, browser_python, wheels, pages)
        _take_place(fresh, place, scratch)
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file())
    return len(every), size / 1e6


def lessons() -> list[Lesson]:
    """Every released lesson, in order; grading puts the assignment's own metadata back."""
    every = []
    for path in sorted(released_lessons().glob("*/*.ipynb")):
        notebook = json.loads(path.read_bytes())
        notebook["metadata"]["kernelspec"] = KERNEL
        heading = TITLE.search("".join(notebook["cells"][0]["source"]))
        title = heading[1] if heading else path.stem
        every.append(Lesson(f"{path.parent.name}/{path.name}", title, notebook))
    return every


def _refuse_other_files(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file: name a folder.")
    if out.is_dir() and any(out.iterdir()) and not (out / SITE_FILE).is_file():
        raise UsageError(f"{out} holds files that are not a site: name a new folder.")
    place = out.resolve()
    if Path.cwd().is_relative_to(place):  # it would stand in a folder that is gone
        raise UsageError(
            f"{place} is replaced as a whole, and you are in it. Go up first:  cd "
            f"{shell_word(place.parent)} && autograde site {shell_word(place.name)}"
        )


def _write_project(project: Path, every: list[Lesson], browser_python: pyodide.Pyodide) -> None:
    """What JupyterLite builds from: its configuration, and the lessons."""
    for lesson in every:
        put(project / "files" / lesson.path, json_bytes(lesson.notebook))
    address = browser_python.address or f"./{PACKAGES_FOLDER}/"
    kernel = {
        "pyodideUrl": f"./{PACKAGES_FOLDER}/loading.js",
        "loadPyodideOptions": {"indexURL": address, "lockFileURL": f"./{PACKAGES_FOLDER}/{pyodide.LOCK}"},
    }
    page = {
        "appName": "descentlab",
        "exposeAppInBrowser": True,  # `waiting.js` asks whether Python is there
        "litePluginSettings": {KERNEL_SETTINGS: kernel},
    } | STORAGE
    put(
        project / "jupyter-lite.json",
        json_bytes({"jupyter-lite-schema-version": 0, "jupyter-config-data": page}),
    )
    building = {
        "contents": ["files"],
        "apps": ["lab"],
        "ignore_sys_prefix": True,
        "federated_extensions": [str(_extension(name)) for name in EXTENSIONS],
        "no_sourcemaps": True,
    }
    put(project / "jupyter_lite_config.json", json_bytes({"LiteBuildConfig": building}))


def _extension(name: str) -> Path:
    """The folder of an installed extension of JupyterLab.

    Raises:
        UsageError: it is not installed.
    """
    for place in map(Path, jupyter_path("labextensions", name)):
        if (place / "package.json").is_file():
            return place
    raise UsageError(f"JupyterLab's extension {name} is not installed here.")


def _run_jupyterlite(project: Path, fresh: Path) -> None:
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--output-dir", str(fresh)]
    built = subprocess.run(command, cwd=project, capture_output=True, text=True)
    if built.returncode:
        lines = (built.stderr or built.stdout).strip().splitlines()
        raise MachineError(f"JupyterLite did not build the site: {lines[-1] if lines else ''}")


def _add(
    fresh: Path,
    every: list[Lesson],
    browser_python: pyodide.Pyodide,
    wheels: list[pyodide.Wheel],
    pages: bool,
) -> None:
    """What the site has besides JupyterLite: packages, Pyodide's own files, the first page."""
    for wheel in wheels:
        put(fresh / PACKAGES_FOLDER / wheel.file_name, wheel.data)
    put(fresh / PACKAGES_FOLDER / pyodide.LOCK, json_bytes(browser_python.lock_with(wheels)))
    for path in browser_python.files:
        put(fresh / PACKAGES_FOLDER / path.name, path.read_bytes())
    put(fresh / PACKAGES_FOLDER / "loading.js", text_of("site/loading.js").encode())
    lab = fresh / "lab/index.html"
    script = f"<script>{text_of('site/waiting.js')}</script></body>"
    put(lab, lab.read_text("utf-8").replace("</body>", script).encode())
    put(fresh / "index.html", _first_page(every, pages).encode())
    put(fresh / SITE_FILE, json_bytes({wheel.package.name: wheel.version for wheel in wheels}))


def _first_page(every: list[Lesson], pages: bool) -> str:
    return render_page(
        "site/first_page.html.j2",
        text_of("site/first_page.css"),
        script=Markup(text_of("site/first_page.js")),
        lessons=every,
        pages=pages,
        storage=STORAGE["contentsStorageName"],
    )


def _take_place(fresh: Path, out: Path, scratch: Path) -> None:
    """Put the new site where the old one is, which comes back where that fails or is interrupted."""
    old = scratch / "old"
    try:
        if out.exists():
            out.rename(old)
        fresh.rename(out)
    except BaseException:
        if old.exists() and not out.exists():
            old.rename(out)
        raise
