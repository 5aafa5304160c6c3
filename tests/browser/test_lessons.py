"""Every lesson in a real browser, as a student sees it."""

import os
import re
import shutil

import pytest
from playwright.sync_api import expect
from support import ROOT

from browser.harness import moves_by_key_and_by_mouse

LESSONS = sorted(path.parent.name for path in (ROOT / "solutions").glob("*/*.md"))
pytestmark = pytest.mark.needs("chromium")


def notebook_of(lesson):
    return f"{lesson}/{lesson.partition('-')[2]}.ipynb"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """solved/: the lessons with every stub filled in; released/: as students get them."""
    root = tmp_path_factory.mktemp("course") / "root"
    for lesson in LESSONS:
        for folder, kind in (("solutions", "solved"), ("notebooks", "released")):
            target = root / kind / notebook_of(lesson)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / folder / notebook_of(lesson), target)
    return root


def explorers_move(notebook, lesson):
    """Fails unless the lesson's explorers, as many as its text has, all move."""
    text = (ROOT / "solutions" / notebook_of(lesson)).with_suffix(".md").read_text(encoding="utf-8")
    explorers = notebook.page.locator(".explorer")
    expect(explorers).to_have_count(len(re.findall(r"^explore\w*\(", text, flags=re.M)), timeout=30_000)
    for explorer in explorers.all():
        moves_by_key_and_by_mouse(explorer)


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_solved_lesson_runs_in_jupyterlab_and_its_explorers_move_without_an_error_in_cells_or_console(
    lab, chromium, lesson
):
    notebook = lab.open(chromium, f"solved/{notebook_of(lesson)}")
    notebook.run_all()
    explorers_move(notebook, lesson)
    assert notebook.errors() == []
    assert notebook.console_errors() == []


def test_a_solution_that_is_newer_than_its_text_opens_and_an_edit_reaches_the_text(lab, root, chromium):
    """As in a clone after `make demo`; every lesson and other times: tests/release/test_build.py."""
    folder = shutil.copytree(ROOT / "solutions/06-adam", root / "paired/06-adam")
    shutil.copy(ROOT / "solutions/jupytext.toml", folder.parent)
    text = folder / "adam.md"
    os.utime(text, (1e9, 1e9))
    lab.trust(folder / "adam.ipynb")  # as `make notebooks` does in a clone
    notebook = lab.open(chromium, "paired/06-adam/adam.ipynb")
    notebook.page.locator(".jp-MarkdownCell").first.dblclick()
    notebook.page.locator(".jp-MarkdownCell .cm-line").first.click()
    notebook.page.keyboard.press("End")
    notebook.page.keyboard.type(", edited")
    page = notebook.page
    with page.expect_response(lambda got: got.request.method == "PUT" and "/api/contents/" in got.url):
        page.keyboard.press("Control+s")
    assert "\n# Adam: one learning rate for every scale, edited\n" in text.read_text(encoding="utf-8")


@pytest.mark.parametrize("lesson", LESSONS)
def test_run_all_on_a_fresh_lesson_reaches_the_end(lab, chromium, lesson):
    notebook = lab.open(chromium, f"released/{notebook_of(lesson)}")
    notebook.run_all()
    last = "widgets.filter(cell => cell.model.type === 'code').at(-1).model"  # folded, it shows no number
    assert notebook.page.evaluate(f"window.jupyterapp.shell.currentWidget.content.{last}.executionCount")
    assert notebook.all_ran()
    for error in notebook.errors():
        assert "Traceback" not in error


def test_a_lesson_runs_again_after_a_restart(lab, chromium):
    notebook = lab.open(chromium, f"solved/{notebook_of('06-adam')}")
    notebook.run_all()
    notebook.restart_and_run_all()
    explorers_move(notebook, "06-adam")
    assert notebook.errors() == []
    assert notebook.console_errors() == []


def test_a_lesson_runs_in_notebook_7(notebook_7, chromium):
    notebook = notebook_7.open(chromium, f"solved/{notebook_of('06-adam')}")
    notebook.run_all()
    explorers_move(notebook, "06-adam")
    assert notebook.errors() == []


@pytest.mark.parametrize(
    ("kind", "answer"),
    [("solved", "Success! Your notebook passes all the tests."), ("released", "not answered yet")],
)
def test_the_validate_button_answers(lab, chromium, kind, answer):
    notebook = lab.open(chromium, f"{kind}/{notebook_of('06-adam')}")
    notebook.page.get_by_role("button", name="Validate").click()
    dialog = notebook.page.locator(".jp-Dialog")
    expect(dialog).to_contain_text(answer, timeout=120_000)
    notebook.page.keyboard.press("Escape")
