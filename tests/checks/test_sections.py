"""What is judged, and what to read again: the section of this very mistake, with a link where the notebook has it."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from student_answers import answer_to
from support import CATALOGUE, mistake, table_beside

from descentlab import exercises
from descentlab.exercises import all_checks
from verdicts.judging import run
from verdicts.judging.display import as_html, as_text
from verdicts.notebook import showing
from verdicts.notebook.course_copy import NOTEBOOK, answer_link, section_link
from verdicts.sentences import headed

SOLUTIONS = Path(__file__).parents[2] / "solutions"
PROMISED = table_beside(__file__, "problems.toml")
NAMED = [(check.name, section) for check in CATALOGUE.check_sections for _, section in check.read_again]


@pytest.mark.parametrize(("check", "section"), NAMED)
def test_a_section_that_a_mistake_names_exists(check, section):
    lesson, _, title = section.partition(", ")
    (page,) = (SOLUTIONS / lesson).glob("*.md")
    headings = re.findall(r"^##+ (.*)", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert any(title.lower() in heading.lower() for heading in headings), f"{check}: no {title!r}"


def test_each_line_of_the_criteria_names_a_check_and_its_problems():
    checks = all_checks()
    for name, lines in headed(*Path(exercises.__file__).parent.glob("*/criteria.txt")):
        problems = {probe.name for probe in checks[name].draw(0)}
        for field, weight, *cells in (
            line for line in lines if line[1:] or not hasattr(checks[name], line[0].split(":")[0])
        ):
            assert float(weight) > 0, field
            for cell in cells:
                key, colon, value = cell.partition(": ")
                known = {"part", "needs"} if value != "arguments" else {"of"}
                assert key in (known if colon else problems), f"{name}: {cell}"


@pytest.mark.parametrize("name", PROMISED)
def test_the_words_of_a_problem_and_of_its_criteria_fit_its_arguments(name):
    check, unseen = all_checks()[name], set(PROMISED[name])
    for problem in (problem for seed in range(5) for problem in check.draw(seed)):
        criteria = {one.name for one in check.criteria if problem.name in one.probes}
        for words in PROMISED[name].keys() & {problem.name, *criteria}:
            assert eval(PROMISED[name][words], {"np": np}, problem.data), f"{words}: {problem.data}"
            unseen.discard(words)
    assert not unseen


@pytest.mark.parametrize(
    ("id", "section"),
    [
        ("adam/eps-hat", "06-adam, bias correction"),
        ("adam/is-amsgrad", "06-adam, two averages that start at zero"),
        ("adam/rate-without-root", "06-adam, bias correction"),
    ],
)
def test_a_mistake_sends_to_the_section_that_teaches_it(id, section):
    entry = mistake(id)
    assert run(entry.check, entry.make()).section == section


def test_a_python_error_sends_nowhere():
    class Misspelt(answer_to("adam/update", "AdamPlain")):
        def update(self, params, grads):
            self.t += self.nothing

    verdict = run("adam/update", Misspelt)
    assert verdict.section == ""
    assert "Read again" not in as_text(verdict, 5) + as_html(verdict, 5)


def test_an_edit_is_sent_by_its_words():
    assert (
        CATALOGUE.section_of("adam/update", "adam/edit/eps-squared-inside-the-root", "")
        == "06-adam, bias correction"
    )
    assert CATALOGUE.section_of("adam/update", "adam/edit/uphill", "06-adam, other") == "06-adam, other"


def test_the_link_is_the_headings_place_in_the_notebook_at_hand(tmp_path, monkeypatch):
    path = tmp_path / "adam.ipynb"
    nbformat.write(new_notebook(cells=[new_markdown_cell("# Adam\n\n## 3 Bias correction (15 min)")]), path)
    monkeypatch.setenv(NOTEBOOK, str(path))
    assert section_link("06-adam, bias correction") == "#3-Bias-correction-(15-min)"
    assert section_link("06-adam, something else") == ""
    assert section_link("") == ""


@pytest.mark.parametrize("content", [None, b"", b"[]", b"{}", b'{"cells": 3}', b'{"cells": [1]}', b"\xff"])
def test_a_notebook_that_cannot_be_read_gives_no_link(tmp_path, monkeypatch, content):
    path = tmp_path / "adam.ipynb"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setenv(NOTEBOOK, str(path))
    assert section_link("06-adam, bias correction") == ""


STUBS = """class SGD:
    def update(self, params, grads):
        raise NotImplementedError"""


@pytest.mark.parametrize(
    ("name", "answer", "cell"),
    [("sgd/update", None, "sgd-stub"), ("sgd/best-lr", ..., "rate-stub"), ("sgd/noise-floor", None, None)],
)
def test_an_answer_that_is_missing_links_to_its_cell(tmp_path, monkeypatch, name, answer, cell):
    marks = {"nbgrader": {"solution": True}}
    cells = [
        new_code_cell(STUBS, id="sgd-stub", metadata=marks),
        new_code_cell('check("sgd/update", SGD, points=5)', id="check"),
        new_code_cell("best_lr = None", id="rate-stub", metadata=marks),
        new_markdown_cell("*Your answer here.*", id="words", metadata=marks),
        new_code_cell('check("sgd/best-lr", best_lr, points=2)', id="another"),
    ]
    path = tmp_path / "sgd.ipynb"
    nbformat.write(new_notebook(cells=cells), path)
    monkeypatch.setenv(NOTEBOOK, str(path))
    monkeypatch.chdir(tmp_path)
    html = as_html(showing._Search(name, answer, 0).verdict, 0)
    assert re.findall(r'href="(.*?)"', html) == ([f"sgd.ipynb#cell-id={cell}"] if cell else [])
    assert answer_link("SGD") == "sgd.ipynb#cell-id=sgd-stub"
    assert answer_link("Adam") == ""
