"""The pages to read: executed lessons, docs and known mistakes, as a Sphinx project and then as plain files.

A lesson's page shows what its solution gives, next to the stubs as students get them. A check's outputs are left out, as
they print the answer derived. What was executed is kept next to the site, in OUT.cache, until the lesson changes.
"""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import metadata
from pathlib import Path

import nbformat
import zmq
from nbclient import NotebookClient, exceptions
from nbformat import NotebookNode
from traitlets.config import Config

from autograde.course import assignments
from autograde.entries.answer_key import grade_id_of, naming, read_notebook
from autograde.errors import MachineError, UsageError
from autograde.files import put
from autograde.installed import NAME, ONE_THREAD, TRY_LESSON, address
from autograde.release import creation, steps
from autograde.release.texts import json_of, read_lesson
from autograde.untrusted.submitted_notebook import pictures_of
from verdicts.courses import courses, find
from verdicts.diagnosis.catalogue import catalogue
from verdicts.notebook.predictions import PAGES

DOCS = "docs"
EXPLORER = "data-explorer="
SECONDS = 1200
"""Of one cell."""
PICTURE = re.compile(r'<img[^>]*src="data:image/(png|svg\+xml);base64,([^"]+)"[^>]*>')
TARGET = re.compile(r"\]\((?!https?:|#|mailto:)([^)\s]+)\)")
INDEX = re.compile(r"<!-- index: (.*?) -->")
"""What people type who look for this section, in words that the lesson does not use: they lead to it first (!)."""
HEADINGS = re.compile(r"^(?=#+ )", re.MULTILINE)
MARKERS = re.compile(r"^[ \t]*### (?:BEGIN|END) SOLUTION\n?", re.MULTILINE)
HERE = Path(__file__).parent
TRY_IT = ' or <a href="try/index.html">run them in the browser</a>'
Say = Callable[[str], None]


def source_of(found: Path, scratch: Path) -> Path:
    """The folder with solutions, released notebooks and docs: a clone, or `scratch` with those of an sdist.

    Raises:
        UsageError: it holds no docs, or is not an sdist of this version.
    """
    root = found
    if found.is_file():
        root = scratch
        for part in (assignments.SOURCE, assignments.RELEASE, DOCS):
            for path, data in creation.solution_files(found, part):
                put(scratch / part / path, data)
    if not (root / DOCS).is_dir():
        raise UsageError(f"{found} has no docs/: take a clone, or the sdist of this version.")
    return root


def build_pages(
    root: Path, fresh: Path, project: Path, cache: Path, *, try_it: bool, solved: bool, tell: Say
) -> int:
    """Build the pages into `fresh`; returns the number of lessons.

    Args:
        root: a clone or an unpacked sdist.
        project: an empty folder for the Sphinx project.
        cache: where executed lessons are kept.
        try_it: whether the site holds the lessons that run in a browser, in `try/`.
        solved: whether the stubs are shown with their answers, and the checks' verdicts.
        tell: takes a line of progress.

    Raises:
        UsageError: a lesson does not run, or a link or picture is missing.
        MachineError: Sphinx cannot be run.
    """
    shutil.copytree(HERE / "project", project, dirs_exist_ok=True)  # the pages that list others
    static = start_project(project)
    texts = [HERE / "front" / "front.md", *assignments.lesson_paths(root)]
    with ThreadPoolExecutor(2) as pool:
        front, *executed = pool.map(lambda text: _executed(text, cache, tell), texts)
    first = page_of(front, None, static, "front", "")
    if not try_it:
        first.cells[0].source = first.cells[0].source.replace(TRY_IT, "")
    put(project / "index.ipynb", nbformat.writes(first).encode())
    for text, notebook in zip(texts[1:], executed, strict=True):
        name = text.parent.name
        released = None if solved else read_notebook(root / assignments.RELEASE / name / f"{text.stem}.ipynb")
        runs_at = f"../{TRY_LESSON}{name}/{text.stem}.ipynb" if try_it else ""
        page = page_of(notebook, released, static, name, runs_at)
        put(project / "lessons" / f"{name}.ipynb", nbformat.writes(page).encode())
    shutil.copytree(root / DOCS / "img", project / "guides" / "img")
    for path in sorted((root / DOCS).glob("*.md")):
        put(project / "guides" / path.name, _linked(path.read_text("utf-8")).encode())
    for lesson, listed in mistake_pages():
        put(project / "mistakes" / f"{lesson}.md", listed.encode())
    tell("making the pages …")
    _run_sphinx(project, fresh)
    return len(executed)


def start_project(project: Path) -> Path:
    """The folder of pictures and styles of a Sphinx project that holds its configuration and no page."""
    static = project / "_static"
    static.mkdir(parents=True)
    for file in ("pages.css", "search.js", "favicon.svg", "preview.png"):
        shutil.copy(HERE / file, static)
    shutil.copy(HERE / "sphinx_conf.py", project / "conf.py")
    return static


def _executed(text: Path, cache: Path, tell: Say) -> NotebookNode:
    """The lesson with its outputs, from the cache where its text and pictures are the same."""
    name, notebook = text.parent.name, read_lesson(text)
    digest = hashlib.sha256(f"{json_of(notebook)}{metadata(NAME)['Version']}".encode()).hexdigest()[:16]
    kept = cache / f"{name}-{digest}.ipynb"
    if kept.is_file():
        return read_notebook(kept)
    tell(f"running {name} …")
    try:
        with tempfile.TemporaryDirectory() as folder:
            # A kernel warns of a connection that others on the machine can read.
            config = Config({"KernelManager": {"transport_encryption": "auto"}} if zmq.has("curve") else {})
            client = NotebookClient(
                notebook, timeout=SECONDS, resources={"metadata": {"path": folder}}, config=config
            )
            client.execute(env=ONE_THREAD | os.environ | {PAGES: "1"})
    except (exceptions.CellExecutionError, exceptions.CellTimeoutError) as error:
        reason = " ".join(str(error).split())[-200:]
        raise UsageError(f"{name} does not run to its end: {reason}") from error
    for old in cache.glob(f"{name}-*.ipynb"):
        old.unlink()
    put(kept, nbformat.writes(notebook).encode())
    return notebook


def page_of(
    executed: NotebookNode, released: NotebookNode | None, static: Path, name: str, runs_at: str
) -> NotebookNode:
    """The lesson as its page shows it: stubs as handed out, no output of a check, pictures as files.

    Without `released`, with the answers and all outputs. `runs_at` is where the lesson runs in a browser; may be empty.

    Raises:
        UsageError: the released notebook is older than the text: it lacks a cell.
    """
    handed_out = {grade_id_of(cell): cell.source for cell in (released.cells if released else ())}
    link = f'<a class="run-here" href="{runs_at}">Run this lesson here</a>' if runs_at else ""
    pictures = _Pictures(static, name, link or "open this lesson in JupyterLab.")
    cells, core = [], len(steps.core_cells(executed.cells))
    for number, cell in enumerate(executed.cells):
        grade_id = grade_id_of(cell)
        hidden = cell.metadata.get("jupyter", {}).get("source_hidden")
        cell = nbformat.from_dict(cell)
        asks = cell.cell_type == "code" and "predict(" in cell.source  # shown as a question
        cell.metadata = {"tags": ["hide-input"]} if hidden or asks else {}
        withheld = grade_id and released
        if withheld and grade_id not in handed_out:
            raise UsageError(
                f"{name}: the released notebook has no cell {grade_id!r}. Run autograde notebooks"
            )
        cell.source = handed_out[grade_id] if withheld else MARKERS.sub("", cell.source)
        if cell.cell_type == "markdown":
            # Below "More" headings are a level lower: the page has one title, the lesson's.
            text = HEADINGS.sub("#", cell.source) if number >= core else cell.source
            cell.source = pictures.attached(cell, _linked(INDEX.sub(_indexed, text)))
            cell.pop("attachments", None)
        else:
            outputs = [] if withheld else cell.outputs
            cell.outputs = [moved for output in outputs if (moved := pictures.moved(output))]
        cells.append(cell)
    if link:
        cells[0].source += f"\n\n{link}"
    if name[0].isdigit():
        cells[0].source = cells[0].source.replace("# ", f"# {name[:2]} ", 1)
    return nbformat.v4.new_notebook(metadata={"kernelspec": executed.metadata.kernelspec}, cells=cells)


@dataclass
class _Pictures:
    """Moves a lesson's pictures out of its outputs and Markdown cells, into files."""

    static: Path
    name: str
    moves: str
    count: int = 0

    def moved(self, output: NotebookNode) -> NotebookNode | None:
        """The output with an address instead of a picture's bytes; None for a widget that needs a kernel."""
        data = output.get("data", {})
        html = data.get("text/html", "")
        if "application/vnd.jupyter.widget-view+json" in data and not html:
            return None
        if EXPLORER in html:
            other = "the other controls, or your own class" if "<script" in html else "this picture"
            html += f"<p>To move {other}: {self.moves}</p>"
        if data:
            shown = (
                {"text/html": PICTURE.sub(self._file, html)} if html else {"text/plain": data["text/plain"]}
            )
            output = nbformat.from_dict(output)
            output.data, output.metadata = shown, {}
        return output

    def attached(self, cell: NotebookNode, text: str) -> str:
        """The text with the addresses of the cell's pictures instead of their names."""
        for name, bundle in pictures_of(cell).items():
            if naming(name).search(text):
                kind, content = next(iter(bundle.items()))
                text = naming(name).sub(self._put(kind.removeprefix("image/"), content), text)
        return text

    def _file(self, match: re.Match[str]) -> str:
        kind, content = match.groups()
        tag = match[0].replace(f"data:image/{kind};base64,{content}", self._put(kind, content))
        return tag.replace("<img", '<img loading="lazy" class="lesson-picture"')

    def _put(self, kind: str, content: str) -> str:
        self.count += 1
        file = f"{self.name}-{self.count}.{kind.partition('+')[0]}"
        put(self.static / file, base64.b64decode(content))
        return f"../_static/{file}"


def _linked(text: str) -> str:
    """The text with its links for the site: to pages, or to the repository."""
    return TARGET.sub(lambda match: f"]({_address(match[1])})", text)


def _indexed(comment: re.Match[str]) -> str:
    entries = ", ".join(f"! {entry.strip()}" for entry in comment[1].split(","))
    return f"```{{index}} {entries}\n```"


def _address(target: str) -> str:
    path = target.partition("#")[0]
    lesson = re.search(r"(\d\d-\w+)/(?:\w+\.(?:ipynb|md))?$", path)
    if lesson:
        return f"../lessons/{lesson[1]}.ipynb"
    if path.endswith(("exercises", "exercises/")):
        return "../mistakes/index.rst"
    if path.startswith("../"):
        return f"{address('Source')}/blob/main/{path.removeprefix('../')}"
    return target


def mistake_pages() -> Iterator[tuple[str, str]]:
    """A page for each lesson's known mistakes: what it is, its sign in the numbers, the wrong lines, a hint."""
    entries = [entry for course in courses() for entry in catalogue(course).all_mistakes]
    of = {check: find(check).section.partition(",")[0] for check in {entry.check for entry in entries}}
    for lesson in sorted({*of.values()}):
        of_lesson = [entry for entry in entries if of[entry.check] == lesson]
        parts = [f"# {lesson}: {len(of_lesson)} mistakes\n"]
        for entry in of_lesson:
            title = entry.what[:1].upper() + entry.what[1:]
            parts.append(f"({entry.id.replace('/', '-')})=\n## {title}\n\n`{entry.check}`\n")
            parts += [f"{entry.symptom}\n"] if entry.symptom else []
            lines = entry.code or "\n".join(entry.edits).replace("; ", "\n")
            parts += [f"```{'python' if entry.code else 'text'}\n{lines}\n```\n"] if lines else []
            parts += [f"*{entry.hint}*\n"] if entry.hint else []
        yield lesson, "\n".join(parts)


def _run_sphinx(project: Path, fresh: Path) -> None:
    command = [sys.executable, "-P", "-m", "sphinx", "-q", "-W", "--keep-going", "-j", "2", "-b", "html"]
    done = subprocess.run([*command, str(project), str(fresh)], capture_output=True, text=True)
    if done.returncode:
        lines = [line for line in (done.stderr or done.stdout).strip().splitlines() if line.strip()]
        shown = "; ".join(line.replace(f"{project}{os.sep}", "") for line in lines[:3])
        kind = UsageError if "WARNING" in shown or "ERROR" in shown else MachineError
        raise kind(f"the pages were not made: {shown or 'Sphinx failed'}")
    for folder in (".doctrees", "_sources"):
        shutil.rmtree(fresh / folder, ignore_errors=True)
    for file in fresh.glob("_static/**/*.map"):  # of the theme's scripts: a third of the site
        file.unlink()
