"""A small class with hostile members, graded as any class is: the honest ones must not notice."""

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from tempfile import mkdtemp

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograde.course.configuration import TEMPLATE
from autograde.selftest.hostile.attack import CHECK, RIGHT, AttackSubmission

ASSIGNMENT, NOTEBOOK = "hw", "hw.ipynb"
POINTS = 5.0
HONEST = ("a-honest", "m-honest", "z-honest")
CONFIG = f"{TEMPLATE.read_text('utf-8')}c.Execute.timeout = 5\n"


def _marks(grade_id: str, points: float | None = None) -> dict:
    marks = {"schema_version": 3, "grade_id": grade_id, "task": False, "solution": points is None}
    marks |= {"grade": points is not None, "locked": points is not None}
    return {"nbgrader": marks | ({"points": points} if points is not None else {})}


def honest() -> NotebookNode:
    """The teacher's notebook, which is also the right answer."""
    *_, call = CHECK.split("\n")
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        cells=[
            new_code_cell("from descentlab import check", id="imports"),
            new_code_cell(
                f"### BEGIN SOLUTION\n{RIGHT}### END SOLUTION", id="answer", metadata=_marks("sgd")
            ),
            new_code_cell(call, id="check", metadata=_marks("check-sgd", POINTS)),
            new_markdown_cell("A remark.", id="remark"),
        ],
    )


class Classroom:
    """A course in a temporary folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        source = root / "solutions" / ASSIGNMENT
        source.mkdir(parents=True)
        nbformat.write(honest(), source / NOTEBOOK)
        (root / "nbgrader_config.py").write_text(CONFIG, "utf-8")

    def folder(self, student: str) -> Path:
        return self.root / "submitted" / student / ASSIGNMENT

    def hand_in(self, attacks: Sequence[AttackSubmission]) -> dict[str, AttackSubmission]:
        """Write the honest submissions and the attacks' files; returns each attack under its student's id."""
        for student in HONEST:
            self.folder(student).mkdir(parents=True, exist_ok=True)
            nbformat.write(honest(), self.folder(student) / NOTEBOOK)
        model = self.folder(HONEST[0]) / NOTEBOOK
        students = {}
        for number, attack in enumerate(attacks):
            student = attack.student or f"h{number:03d}"
            self.folder(student).mkdir(parents=True, exist_ok=True)
            attack.make(self.folder(student), model)
            students[student] = attack
        return students

    def grade(self) -> dict:
        """Results by student."""
        from autograde.grading.grade_class import GradeOptions, grade_class

        outcome = grade_class(GradeOptions(ASSIGNMENT, self.root, jobs=2))
        if outcome.stopped:
            raise RuntimeError(outcome.stopped)
        return {result.student: result for result in outcome.results}

    def pages(self) -> dict[str, str]:
        """The feedback pages by student."""
        from autograde.book.class_results import graded_assignment, read_class
        from autograde.pages.feedback import pages_of, write_pages

        with graded_assignment(self.root, ASSIGNMENT) as (course, gradebook, key):
            return {
                page.path.relative_to(self.root).parts[1]: page.path.read_text("utf-8")
                for page in write_pages(pages_of(course, read_class(course, gradebook, key)))
            }

    def collected(self, student: str) -> set[str]:
        """Names of the files that grading has left for a student."""
        folder = self.root / "autograded" / student / ASSIGNMENT
        return {path.name for path in folder.rglob("*")} if folder.exists() else set()


@contextmanager
def classroom() -> Iterator[Classroom]:
    """A course that is removed afterwards, whatever was handed in."""
    root = Path(mkdtemp(prefix="autograde-hostile-"))
    try:
        yield Classroom(root / "course")
    finally:
        for folder in root.rglob("*"):
            if folder.is_dir() and not folder.is_symlink():
                folder.chmod(0o700)
        shutil.rmtree(root, ignore_errors=True)


class _Active(HTMLParser):
    """Collects what a browser would run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.active: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("iframe", "object", "embed", "form", "input", "base", "meta", "link", "svg", "math"):
            allowed = {"meta": ("charset", "name"), "link": ()}.get(tag)
            policy = ("http-equiv", "Content-Security-Policy") in attributes
            if not (allowed and any(name in allowed for name, _ in attributes)) and not policy:
                self.active.append(f"<{tag}>")
        for name, value in attributes:
            value = re.sub(r"\s", "", value or "").lower()
            if name.startswith("on") or value.startswith(("javascript:", "vbscript:")):
                self.active.append(f"{tag} {name}")
            if name in ("src", "srcset", "poster", "background") and not value.startswith("data:image/"):
                self.active.append(f"{tag} {name}={value[:40]}")
        if tag == "script":
            self.active.append("<script>")


def active_content(page: str) -> list[str]:
    """Tags and attributes of a page that would run or fetch something."""
    parser = _Active()
    parser.feed(page)
    return parser.active
