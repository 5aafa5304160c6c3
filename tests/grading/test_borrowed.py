"""A submission that borrows a rule: no points for that rule's check, the same sentence everywhere."""

from __future__ import annotations

import contextlib
import io
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from typer.testing import CliRunner

from autograde.cli import app
from autograde.grading.borrowed import borrowed_rules
from descentlab.borrowing import says_borrowed
from grading.small_course import ASSIGNMENT, answer

CHECK = "check-adam-update"


def borrowing(line: str, own_class: bool = False):
    """The small lesson, with a line that borrows after the class, or in its place."""

    def student(notebook):
        cell = notebook.cells[1]
        cell.source = f"{cell.source}\n{line}" if own_class else line

    return answer(student=student)


def graded(course, notebook):
    course.submit("s01", notebook)
    (result,) = course.grade().results
    (cell,) = [cell for cell in result.cells if cell.grade_id == CHECK]
    return cell


PLAIN = [
    'from descentlab import borrow\nAdam = borrow("adam")',
    'from descentlab import borrow as lend\nAdam = lend("Adam")',
    'import descentlab as d\nAdam = d.borrow(rule="adam")',
    'from descentlab import borrow\nb = borrow\nAdam = b("ADAM")',
    'from descentlab.borrowing import borrow\nclass Adam(borrow("adam")): pass',
]
DISGUISED = [
    'import descentlab\nAdam = getattr(descentlab, "bor" + "row")("ad" + "am")',
    'exec("from descentlab import bor" + "row as b; Adam = b(chr(97) + chr(100) + chr(97) + chr(109))")',
    'import importlib\nAdam = vars(importlib.import_module("descentlab.bor" "rowing"))["borrow"]("adam")',
    'Adam = vars(__import__("descentlab"))["worrob"[::-1]]("mada"[::-1])',
    'from descentlab import borrow\nAdam = (lambda f, x: f(x))(borrow, "adam")',
    'from descentlab import *\nAdam = [borrow][0]("adam")',
]


@pytest.mark.parametrize("line", PLAIN)
def test_a_rule_that_the_source_borrows_earns_nothing_though_a_right_class_is_checked(course, line):
    own = answer().cells[1].source
    assert graded(course, borrowing(f"{line}\n{own}")).score == 0


@pytest.mark.parametrize("line", PLAIN + DISGUISED)
def test_a_borrowed_class_earns_nothing_however_it_was_borrowed(course, line):
    assert graded(course, borrowing(line)).score == 0


@pytest.mark.parametrize(
    "source",
    [
        "if True:\n    %time 1\n{}",
        "for _ in range(2):\n\t!ls\n{}",
        "files = !ls\n{}",
        "a, b = %time 1, 2\n{}",
        "{}\nnp.exp?",
        "{}\nborrow??  ",
        "%%capture\n{}\n?np",
        "x = (7\n  % 4)\n{}",
        "    {}",
    ],
)
def test_what_only_ipython_runs_beside_the_line_hides_it_not(source):
    cell = new_code_cell(source.format('Adam = borrow("adam")'))
    assert borrowed_rules(new_notebook(cells=[cell])) == {"Adam"}


@pytest.mark.parametrize(
    "source",
    [
        '/borrow "adam"',
        ",borrow adam",
        ";borrow adam",
        'if True:\n    /borrow "adam"',
        '/lend "adam"\nfrom descentlab import borrow as lend',
        '>>> from descentlab import borrow\n>>> Adam = borrow("adam")',
        '>>> if True:\n...     Adam = borrow("adam")\n... \n>>> 1',
        '    >>> Adam = borrow("adam")\n    ... ',
        'In [3]: %matplotlib inline\n\nIn [4]: Adam = borrow("adam")\n   ...: Adam',
        '%time Adam = borrow(rule="adam")',
        'Adam = %time borrow("adam")',
        '%timeit -n 1 borrow("adam")',
        '%%capture\n/borrow "adam"',
    ],
)
def test_a_call_in_a_form_that_only_ipython_reads_is_seen(source):
    cell = new_code_cell(f"# borrow\n{source}")
    assert borrowed_rules(new_notebook(cells=[cell])) == {"Adam"}


@pytest.mark.parametrize(
    "source",
    [
        '!echo borrow("adam")',
        'text = """\n/borrow "adam"\n,borrow adam\n>>> borrow("adam")\n"""',
        '%time 1\ntext = """\n>>> borrow("adam")\n"""',
        'x = (7\n/2\n,borrow\n)\n# borrow("adam")',
        '# >>> borrow("adam")\n%time 1',
        '%%writefile notes.py\nAdam = borrow("adam")',
        '\n%%markdown\nAdam = borrow("adam")',
    ],
)
def test_what_runs_no_call_borrows_nothing(source):
    assert borrowed_rules(new_notebook(cells=[new_code_cell(source)])) == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        " ",
        "a ",
        "=",
        "a?b",
        "a=%",
        "?",
        "\t=",
        "%borrow('",
        "(",
        "\n",
        "/a ",
        ",",
        "%a ",
        ">>> ",
        "... ",
        "/a b\n",
    ],
)
def test_no_source_takes_longer_than_its_length(text):
    """A pattern that starts over would take hours for these."""
    cell = new_code_cell(text * 200_000 + "borrow(")
    assert borrowed_rules(new_notebook(cells=[cell])) == frozenset()


def test_a_line_that_is_a_comment_or_a_word_costs_nothing(course):
    line = '# Adam = borrow("adam")\ntext = \'borrow("adam")\''
    assert graded(course, borrowing(line, own_class=True)).score == 5


def test_another_rules_loan_costs_this_rule_nothing(course):
    line = 'from descentlab import borrow\nSGD = borrow("sgd")'
    assert graded(course, borrowing(line, own_class=True)).score == 5


def test_the_notebook_the_feedback_the_explanation_and_the_report_say_the_same_sentence(course):
    cell = graded(course, borrowing(PLAIN[0], own_class=True))
    assert (cell.score, cell.fails) == (0, "borrowed")
    folder = course.root / "autograded/s01" / ASSIGNMENT
    shown = nbformat.read(folder / "adam.ipynb", as_version=4).cells
    assert says_borrowed() in str([cell.outputs for cell in shown if cell.cell_type == "code"])
    kept = json.loads((folder / ".autograde/adam.json").read_text())
    assert kept["checks"][CHECK]["verdict"]["cause"] == says_borrowed()
    at = ["--course-dir", str(course.root)]
    for words in (["explain", ASSIGNMENT, "s01"], ["report", ASSIGNMENT], ["feedback", ASSIGNMENT]):
        done = CliRunner().invoke(app, [*words, *at, *_out(course, words)])
        assert done.exit_code == 0, done.output
    page = next((course.root / "feedback").rglob("*.html")).read_text()
    for text in (_explained(course), (course.root / "report.html").read_text(), page):
        assert says_borrowed() in " ".join(text.split())


def _out(course, words):
    return ["--out", str(course.root / "report.html")] if words[0] == "report" else []


def _explained(course):
    with contextlib.redirect_stdout(io.StringIO()):
        done = CliRunner().invoke(
            app, ["explain", ASSIGNMENT, "s01", "--course-dir", str(course.root)], env={"COLUMNS": "400"}
        )
    return done.output


@pytest.mark.parametrize(
    ("source", "rules"),
    [
        ('%time Adam = borrow("adam")', {"Adam"}),
        ('%%time\nAdam = borrow("adam")', {"Adam"}),
        ('!ls\nx = borrow("sgd"); y = borrow("rmsprop")', {"SGD", "RMSprop"}),
        ('borrow("adam"', set()),
        ('borrow("no such rule")', set()),
        ("borrow(3, [], {})", set()),
        ("borrow()", set()),
        ("borrow" + "(" * 10_000, set()),
        ("x.y.borrow(*'adam')", set()),
    ],
    ids=range(9),
)
def test_what_a_source_borrows_is_read_and_what_is_no_python_borrows_nothing(source, rules):
    assert borrowed_rules(new_notebook(cells=[new_code_cell(source)])) == rules
