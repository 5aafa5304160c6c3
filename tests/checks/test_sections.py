"""What to read again: the section of this very mistake, with a link where the notebook at hand has it."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook
from right_answers import RIGHT_ANSWERS

from descentlab.checks import run
from descentlab.checks.judging.display import as_html, as_text
from descentlab.checks.judging.section_links import NOTEBOOK, link_to
from descentlab.exercises.catalogue import mistake, section_of, sections

SOLUTIONS = Path(__file__).parents[2] / "solutions"
NAMED = [(check, section) for check, named in sections().items() for section in named]


@pytest.mark.parametrize(("check", "section"), NAMED)
def test_a_section_that_a_mistake_names_exists(check, section):
    lesson, _, title = section.partition(", ")
    (page,) = (SOLUTIONS / lesson).glob("*.md")
    headings = re.findall(r"^##+ (.*)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert any(title.lower() in heading.lower() for heading in headings), f"{check}: no {title!r}"


@pytest.mark.parametrize(
    ("id", "section"),
    [
        ("adam/eps-inside", "06-adam, where ε stands"),
        ("adam/m-leaky-sum", "06-adam, two averages that start at zero"),
        ("adam/no-correction", "06-adam, bias correction"),
        ("adagrad/last-square-only", "04-adagrad, a counter for every word"),
    ],
)
def test_a_mistake_sends_to_the_section_that_teaches_it(id, section):
    entry = mistake(id)
    assert run(entry.check, entry.make()).section == section


def test_a_python_error_sends_nowhere():
    class Misspelt(RIGHT_ANSWERS["adam/update"][0]):
        def update(self, params, grads):
            self.t += self.nothing

    verdict = run("adam/update", Misspelt)
    assert verdict.section == ""
    assert "Read again" not in as_text(verdict, 5) + as_html(verdict, 5)


def test_an_edit_is_sent_by_its_words():
    assert section_of("adam/update", "adam/edit/eps-squared-inside-the-root", "") == "06-adam, where ε stands"
    assert section_of("adam/update", "adam/edit/uphill", "06-adam, other") == "06-adam, other"


def test_the_link_is_the_headings_place_in_the_notebook_at_hand(tmp_path, monkeypatch):
    path = tmp_path / "adam.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Adam\n\n## 3 Bias correction (15 min)")]), path)
    monkeypatch.setenv(NOTEBOOK, str(path))
    assert link_to("06-adam, bias correction") == "#3-Bias-correction-(15-min)"
    assert link_to("06-adam, something else") == ""
    assert link_to("") == ""


@pytest.mark.parametrize("content", [None, b"", b"[]", b"{}", b'{"cells": 3}', b'{"cells": [1]}', b"\xff"])
def test_a_notebook_that_cannot_be_read_gives_no_link(tmp_path, monkeypatch, content):
    path = tmp_path / "adam.ipynb"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv(NOTEBOOK, str(path))
    assert link_to("06-adam, bias correction") == ""
