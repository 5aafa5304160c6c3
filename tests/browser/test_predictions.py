"""A question in a real JupyterLab: answered by a click, and opened again without its kernel."""

import pytest
from playwright.sync_api import expect

from browser.harness import write

pytestmark = pytest.mark.needs("chromium")
ASK = 'from descentlab import predict\n\npredict("sgd/which", "Which?", choices=["near", "far"], guess=...)'
AGAIN = "To answer, run this cell again."


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("predictions") / "root"
    write(root / "asks.ipynb", [ASK])
    return root


def test_a_question_opened_again_without_its_kernel_says_what_to_do_until_it_is_answered(lab, chromium):
    notebook = lab.open(chromium, "asks.ipynb")
    notebook.run_all()
    again = notebook.page.get_by_text(AGAIN)
    notebook.page.wait_for_timeout(2000)
    expect(again).to_be_hidden()
    notebook.leave()

    notebook = lab.open(chromium, "asks.ipynb")
    again = notebook.page.get_by_text(AGAIN)
    expect(again).to_be_visible()
    expect(notebook.page.locator("li", has_text="near")).to_be_visible()
    error = notebook.page.get_by_text("Error displaying widget")
    expect(error).to_have_count(1)
    expect(error).to_be_hidden()
    notebook.run_all()
    notebook.page.get_by_role("button", name="near").click()
    expect(notebook.page.get_by_text("Noted: near.")).to_be_visible()
    expect(again).to_have_count(0)
