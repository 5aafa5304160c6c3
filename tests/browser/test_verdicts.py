"""A failing check in JupyterLab: the cause stays on the screen, and a link leads back."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from playwright.sync_api import expect

pytestmark = pytest.mark.needs("chromium")

HIGHEST = 350  # pixels of a window of 900
FILLER = new_markdown_cell("a line\n\n" * 40).source
BEGINNING = """
import numpy as np
from descentlab import check

class Adam:
    def __init__(self, lr, beta1, beta2, eps):
        self.lr, self.b1, self.b2, self.eps = lr, beta1, beta2, eps
        self.m, self.v, self.t = {}, {}, 0

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.b1 * self.m.get(k, 0) + (1 - self.b1) * g
            self.v[k] = self.b2 * self.v.get(k, 0) + (1 - self.b2) * g**2
            self.step(params, k)

class Named(Adam):
    def step(self, params, k):
        params[k] -= self.lr * self.m[k] / (np.sqrt(self.v[k]) + self.eps)

class Nameless(Adam):
    def step(self, params, k):
        params[k] -= self.lr * self.m[k] / (1 + abs(self.v[k]) ** 0.7) * (1 + self.t % 3)

class Raises(Adam):
    def step(self, params, k):
        params[k] -= self.lr * self.mhat
"""
ANSWERS = {
    "Named": "Your numbers are those of",
    "Nameless": "Call 1, ",
    "Raises": "that attribute was never set",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    root = tmp_path_factory.mktemp("verdicts") / "root"
    root.mkdir()
    cells = [new_markdown_cell("## 3 Bias correction (15 min)"), new_markdown_cell(FILLER)]
    cells.append(new_code_cell(BEGINNING))
    for answer in ANSWERS:
        cells += [new_code_cell(f'check("adam/update", {answer}, points=5)'), new_markdown_cell(FILLER)]
    for number, cell in enumerate(cells):
        cell.id = f"cell-{number}"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), root / "adam.ipynb")
    return root


@pytest.fixture(scope="module")
def notebook(lab, chromium):
    opened = lab.open(chromium, "adam.ipynb", width=1400, height=900)
    opened.run_all()
    yield opened
    opened.close()


def check_cell(notebook, answer):
    return notebook.page.locator(".jp-CodeCell", has_text=f'check("adam/update", {answer}, points=5)')


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_verdict_is_low_and_its_cause_stays_on_the_screen_after_the_jump_to_the_next_cell(notebook, answer):
    cell = check_cell(notebook, answer)
    cell.locator(".cm-content").click()
    notebook.page.keyboard.press("Shift+Enter")
    notebook.page.wait_for_timeout(300)
    notebook.wait_until_idle()
    output = cell.locator(".jp-Cell-outputArea")
    expect(output.locator("b").first).to_have_text("✗ adam/update: 0 of 5 points")
    expect(output).not_to_contain_text("Looking for the place")
    assert output.bounding_box()["height"] < HIGHEST
    expect(output.locator("b", has_text=ANSWERS[answer]).first).to_be_in_viewport()


def test_no_number_stands_alone_under_a_verdict(notebook):
    expect(check_cell(notebook, "Named").locator(".jp-OutputArea-executeResult")).to_have_count(0)


def test_the_parts_and_the_picture_unfold(notebook):
    output = check_cell(notebook, "Named").locator(".jp-Cell-outputArea")
    expect(output.locator("table")).to_be_hidden()
    output.locator("summary", has_text="0 of 5 parts are right").click()
    expect(output.locator("table tr")).to_have_count(5)
    expect(output.locator("table tr").first).to_contain_text("✗")
    expect(output.locator("table tr").last).to_contain_text("–")


def test_the_section_to_read_again_is_one_click_away(notebook):
    check_cell(notebook, "Named").get_by_role("link", name="06-adam, bias correction").click()
    expect(notebook.page.get_by_role("heading", name="Bias correction")).to_be_in_viewport()
