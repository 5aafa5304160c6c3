"""What a hostile submission shows, opened by its readers: nothing of it acts in a real browser.

The scripts are the hostile suite's own. One submission holds all of them; it is graded as any is, and then
every page that a teacher or a student opens is opened: feedback, the class report and formgrader's pages. A
script that runs would open a dialog (`alert`) or ask another host. Everybody's names are hostile, too.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import expect
from typer.testing import CliRunner

from autograde.cli import app
from autograde.selftest.hostile.attack import AttackSubmission
from autograde.selftest.hostile.attacked_class import ASSIGNMENT, NOTEBOOK, classroom
from autograde.selftest.hostile.readers import ESCAPES, HTML, MIMES
from browser.harness import TOKEN, Reader, server
from browser.test_opening import hostile

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.needs("bubblewrap"),
]
KEPT = "these words are kept"
MARKUP = "<img src=x onerror=alert(1)>"
NAME = f"""'{{{{7*7}}}} \\" onmouseover=alert(3) x="\n</script><script>alert(2)</script>{MARKUP}\\"""
ODD = f"odd #{NAME}"
MADE_OF_NAME = "[onmouseover], img[src=x]"
LINKS = [
    "[page](page.html)",
    "[page](./page.html)",
    "<a href='../page.html'>page</a>",
    "<a href='http:page.html'>page</a>",
    "<a href=' \tpage.html'>page</a>",
    "<a href='//example.org/page.html'>page</a>",
    "[x](java&Tab;script:alert(1))",
]


def shows(source: str):
    return {"cell_type": "code", "metadata": {}, "source": source, "outputs": []}


def says(source: str):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def hostile_cells():
    """Each script in outputs, in markdown, in the source and in errors, a cell each."""
    display = "from IPython.display import HTML, display\n"
    texts = [*HTML, *LINKS]
    return [
        says(f"# {KEPT}"),
        *(shows(f"{display}HTML({html!r})") for html in HTML),
        *(shows(f"{display}display({{{kind!r}: {value!r}}}, raw=True)") for kind, value in MIMES.items()),
        shows(f"{display}display({MIMES!r}, raw=True)"),
        *(says(html) for html in texts),
        *(says(f"# {html}") for html in texts),
        *(shows(f"'''{html}'''") for html in HTML),
        shows(f"{display}HTML({''.join(LINKS)!r})"),
        shows(f"print({''.join(HTML)!r})\nprint({ESCAPES!r})"),
        shows(f"raise ValueError({''.join(HTML)!r})"),
        shows(f"raise type({MARKUP!r}, (Exception,), {{}})({ESCAPES!r})"),
        {"cell_type": "raw", "metadata": {"format": "text/html"}, "source": "".join(HTML)},
    ]


def owner(folder: Path, model: Path):
    """The honest notebook with every hostile cell, and a page of the student's own next to it."""
    document = json.loads(model.read_text())
    document["cells"][1:1] = hostile_cells()
    document["metadata"] |= hostile("submitted").metadata
    (folder / NOTEBOOK).write_text(json.dumps(document))
    (folder / "page.html").write_text("<script>alert(1)</script>")


def misnamed(folder: Path, model: Path):
    (folder / f"{MARKUP}.ipynb").write_bytes(model.read_bytes())


def of_odd_type(folder: Path, model: Path):
    document = json.loads(model.read_text())
    document["cells"][2]["metadata"]["nbgrader"]["grade_id"] = MARKUP
    document["metadata"] = {"kernelspec": {"name": MARKUP, "display_name": MARKUP, "language": MARKUP}}
    document["cells"][1]["id"] = "x"
    (folder / NOTEBOOK).write_text(json.dumps(document))


CASES = [
    AttackSubmission("every script", owner, "graded", student="h-owner"),
    AttackSubmission("a name with markup", misnamed, student="h-misnamed"),
    AttackSubmission("ids with markup", of_odd_type, "graded", student="h-odd"),
    AttackSubmission("a folder with markup", owner, student=f"h{MARKUP}"),
]


@pytest.fixture(scope="module")
def course():
    with classroom() as made:
        made.hand_in(CASES)
        made.grade()
        made.pages()
        name_as_nbgrader_would(made)
        yield made


def name_as_nbgrader_would(course):
    """Everybody's names are hostile, and so is the id of one: an older version may have written them."""
    with closing(sqlite3.connect(course.root / "gradebook.db")) as gradebook, gradebook:
        gradebook.execute("UPDATE student SET first_name = ?1, last_name = ?1, email = ?1", [NAME])
        gradebook.execute("UPDATE student SET id = ? WHERE id = 'z-honest'", [ODD])
        gradebook.execute(
            "UPDATE submitted_assignment SET student_id = ? WHERE student_id = 'z-honest'", [ODD]
        )
    for folder in ("submitted", "autograded"):
        (course.root / folder / ODD).parent.mkdir(parents=True)  # the id has slashes
        (course.root / folder / "z-honest").rename(course.root / folder / ODD)


@pytest.fixture(scope="module")
def lab(course):
    with server(course.root) as running:
        yield running


def everything(course):
    """formgrader's pages, by what they show."""
    with Gradebook(f"sqlite:///{course.root}/gradebook.db") as gradebook:
        notebooks = {
            submission.student.id: submission.notebooks[0].id
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
        }
    pages = {
        "assignments": "manage_assignments",
        "submissions": f"manage_submissions/{ASSIGNMENT}",
        "students": "manage_students",
        "a student": "manage_students/h-owner",
        "a student's notebooks": f"manage_students/h-owner/{ASSIGNMENT}",
        "the gradebook": "gradebook",
        "an assignment": f"gradebook/{ASSIGNMENT}",
        "a notebook": f"gradebook/{ASSIGNMENT}/{Path(NOTEBOOK).stem}",
        "an odd student": f"manage_students/{quote(ODD, safe='')}",
        "its notebooks": f"manage_students/{quote(ODD, safe='')}/{ASSIGNMENT}",
    }
    return pages | {student: f"submissions/{notebook}/?index=0" for student, notebook in notebooks.items()}


def test_no_script_runs_on_a_feedback_page(course, chromium):
    reader = Reader.new(chromium)
    pages = sorted((course.root / "feedback").rglob("*.html"))
    assert any("h-owner" in page.parts for page in pages)
    for page in pages:
        reader.visit(page.as_uri())
        if "h-owner" in page.parts:
            assert KEPT in reader.page.content()
    assert reader.acted == []


def test_no_script_runs_on_the_class_report(course, chromium, tmp_path):
    made = tmp_path / "report.html"
    done = CliRunner().invoke(
        app, ["report", ASSIGNMENT, "--course-dir", str(course.root), "--out", str(made)]
    )
    assert done.exit_code == 0, done.output
    reader = Reader.new(chromium)
    reader.visit(made.as_uri())
    assert reader.acted == []
    assert MARKUP in reader.page.inner_text("main"), "the misnamed file is named on the page"


def test_no_script_runs_in_formgrader(course, lab, chromium):
    reader = Reader.new(chromium)
    reader.page.goto(f"{lab.url}tree?token={TOKEN}")  # signs in: the pages below ask with a cookie
    pages = everything(course)
    assert {"h-owner", "h-odd", ODD} <= set(pages)
    for name, path in pages.items():
        reader.visit(f"{lab.url}formgrader/{path}")
        assert reader.acted == []
        if name == "h-owner":
            assert KEPT in reader.page.inner_text("#notebook")


def test_names_and_ids_are_text_in_formgrader(course, lab, chromium):
    reader = Reader.new(chromium)
    reader.page.goto(f"{lab.url}tree?token={TOKEN}")
    pages = everything(course)
    lists = {"submissions", "students"}
    named, identified = lists | {"a notebook", "h-owner", ODD}, lists | {"an odd student", "its notebooks"}
    for name in ("assignments", "the gradebook", "an assignment", *named, *identified):
        reader.visit(f"{lab.url}formgrader/{pages[name]}")
        shown = reader.page.text_content("body") or ""
        assert (f"{NAME}, {NAME}" in shown, ODD in shown) == (name in named, name in identified), name
        assert reader.page.locator(MADE_OF_NAME).count() == 0
        assert name not in ("an odd student", "its notebooks") or reader.page.evaluate("student_id") == ODD
    reader.visit(f"{lab.url}formgrader/{pages['submissions']}")
    reader.page.route("**/autograde", lambda route: route.abort())
    reader.page.locator("#main-table tr", has_text="odd #").locator(".autograde a").click()
    expect(reader.page.locator(".modal-body")).to_contain_text("odd #")
    assert reader.page.locator(MADE_OF_NAME).count() == 0
    assert reader.acted == []


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        MARKUP,
        "<img src=https://example.org/p.png>",
        "<a href='page.html'>",
        "<a href='java\tscript:alert(1)'>",
        "<iframe>",
    ],
)
def test_the_browser_would_have_shown_that(html, chromium, tmp_path):
    reader = Reader.new(chromium)
    made = tmp_path / "made.html"
    made.write_text(f"<!DOCTYPE html><body>{html}</body>")
    reader.visit(made.as_uri())
    assert reader.acted
