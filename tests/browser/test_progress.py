"""`descentlab.progress()` on a page: its links lead to the cell of the next open check."""

import shutil

import pytest
from playwright.sync_api import expect
from support import ROOT

from browser.harness import server, write

pytestmark = pytest.mark.needs("chromium")
LESSONS = ("01-sgd", "06-adam")
ACTIVE = """() => {
    const notebook = window.jupyterapp.shell.currentWidget;
    const cell = notebook?.content?.activeCell;
    return cell && { path: notebook.context.path, source: cell.model.sharedModel.getSource() };
}"""


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Two lessons as they are handed out, and beside the first a notebook that asks for the progress."""
    root = tmp_path_factory.mktemp("progress") / "root"
    for lesson in LESSONS:
        shutil.copytree(ROOT / "notebooks" / lesson, root / lesson)
    write(root / "01-sgd" / "asking.ipynb", ["from descentlab import progress\n\nprogress()"])
    # JupyterLab's own way to draw a notebook, not the harness's: it scrolls otherwise.
    own = tmp_path_factory.mktemp("settings")
    with server(root, environment={"JUPYTERLAB_SETTINGS_DIR": str(own)}) as running:
        yield running


@pytest.fixture
def asking(lab, chromium):
    notebook = lab.open(chromium, "01-sgd/asking.ipynb")
    notebook.run_all()
    return notebook


def link_of(notebook, lesson):
    return notebook.page.locator(".jp-OutputArea-output tr", has_text=lesson).locator("a")


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_link_to_the_next_open_check_opens_its_lesson_at_that_cell(asking, lesson):
    link = link_of(asking, lesson)
    check = link.inner_text()
    link.click()
    name = f"{lesson}/{lesson.partition('-')[2]}.ipynb"
    asking.page.wait_for_function(
        "([active, path]) => eval(active)()?.path === path", arg=[ACTIVE, name], timeout=30_000
    )
    asking.page.wait_for_function(
        "([active, source]) => eval(active)()?.source.startsWith(source)",
        arg=[ACTIVE, f'check("{check}"'],
        timeout=15_000,
    )
    cell = asking.page.locator(".jp-Cell.jp-mod-active", has_text=f'check("{check}"')
    expect(cell).to_be_in_viewport(timeout=10_000)
    assert asking.console_errors() == []


def test_not_answered_yet_leads_to_the_stub(lab, chromium):
    notebook = lab.open(chromium, "01-sgd/sgd.ipynb")
    notebook.run_all()
    stub = notebook.page.locator(".jp-CodeCell", has_text="class SGD:")
    said = notebook.page.locator(".jp-OutputArea-output", has_text="SGD.update is not answered yet").last
    said.scroll_into_view_if_needed()
    expect(stub).not_to_be_in_viewport()
    said.locator("a").click()
    expect(stub).to_be_in_viewport(timeout=30_000)
    assert notebook.console_errors() == []
