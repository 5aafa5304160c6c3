"""A notebook with an explorer, executed, then read where no Python runs: its picture and words are there."""

import re

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_notebook
from support import kernels_in
from traitlets.config import Config

from autograde.course.configuration import clean_students_pages
from autograde.entries.answer_key import KeyNotebook
from autograde.pages.student_page import cells_of

CODE = """from descentlab.explorers import explore
from descentlab.objectives import bowl
class SGD:
    def __init__(self, lr=0.1):
        self.lr = lr
    def update(self, params, grads):
        params["theta"] = params["theta"] - self.lr * grads["theta"]
explore(SGD, bowl, goal=1e-6)"""
IMAGE = re.compile(r'<img[^>]*?alt="(The path of SGD\. Step 40: [^"]+)"[^>]*>')


@pytest.fixture(scope="module", params=[True, False], ids=["with widget state", "without"])
def executed(request, tmp_path_factory) -> nbformat.NotebookNode:
    notebook = new_notebook(cells=[new_code_cell(CODE)])
    kernels = kernels_in(tmp_path_factory.mktemp("kernel"))
    client = NotebookClient(notebook, kernel_name="python3", store_widget_state=request.param, config=kernels)
    return client.execute()


def cleaned() -> Config:
    config = Config()
    clean_students_pages(config)
    return config


@pytest.mark.parametrize("config", [Config(), cleaned()], ids=["nbconvert", "formgrader"])
def test_an_exported_notebook_shows_the_picture_with_its_words_once(executed, config):
    page, _ = HTMLExporter(config=config).from_notebook_node(executed)
    (words,) = IMAGE.findall(page)
    assert "Goal: f less than 1e-06" in words
    assert "No description" not in page


def test_where_no_widget_is_known_the_numbers_can_be_read_below_the_picture(executed):
    page, _ = HTMLExporter().from_notebook_node(executed)
    shown = re.sub(r"<[^>]*>", "", page)
    assert "Step 40: θ = " in shown
    assert "learning rate η: 0.1." in shown


def test_a_feedback_page_has_the_words_in_place_of_the_picture_once(executed):
    (_, shown) = "".join(cells_of(executed, KeyNotebook("n", {}, {}))).split('<div class="students"')
    assert len(IMAGE.findall(shown)) == 1
    assert "<pre>" not in shown
