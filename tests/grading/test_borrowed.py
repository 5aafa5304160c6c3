"""A submission that borrows a rule: no points for that rule's check, the same sentence everywhere."""

import nbformat
import pytest
from course_folder import answer

from verdicts.judging.verdict import borrowed_message

CHECK = "check-adam-update"


def borrowing(line: str, own_class: bool = False):
    """The small lesson, with a line that borrows after the class, or in its place."""

    def student(notebook):
        cell = notebook.cells[1]
        cell.source = f"{cell.source}\n{line}" if own_class else line

    return answer(student=student)


def graded(course, notebook):
    result = course.grade_one(notebook)
    (cell,) = [cell for cell in result.cells if cell.grade_id == CHECK]
    return cell


PLAIN = [
    'from descentlab import borrow\nAdam = borrow("adam")',
    'from descentlab import borrow as lend\nAdam = lend("Adam")',
    'import descentlab as d\nAdam = d.borrow(rule="adam")',
    'from descentlab import borrow\nb = borrow\nAdam = b("ADAM")',
    'from verdicts.notebook.borrowing import borrow\nclass Adam(borrow("adam")): pass',
]
DISGUISED = [
    'import descentlab\nAdam = getattr(descentlab, "bor" + "row")("ad" + "am")',
    'exec("from descentlab import bor" + "row as b; Adam = b(chr(97) + chr(100) + chr(97) + chr(109))")',
    'import importlib\nAdam = vars(importlib.import_module("descentlab.bor" "rowing"))["borrow"]("adam")',
    'Adam = vars(__import__("descentlab"))["worrob"[::-1]]("mada"[::-1])',
    'from descentlab import borrow\nAdam = (lambda f, x: f(x))(borrow, "adam")',
    'from descentlab import *\nAdam = [borrow][0]("adam")',
]


@pytest.mark.parametrize("own", ["", answer().cells[1].source], ids=["alone", "then a right class"])
def test_a_borrowed_rule_earns_nothing_though_a_right_class_is_checked(course, own):
    lines = PLAIN + DISGUISED
    for number, line in enumerate(lines):
        course.submit(f"s{number:02d}", borrowing(f"{line}\n{own}"))
    earned = [result.cells[0].score for result in course.grade().results]
    assert dict(zip(lines, earned, strict=True)) == dict.fromkeys(lines, 0)


def test_a_comment_or_a_word_borrows_nothing(course):
    line = '# Adam = borrow("adam")\ntext = \'borrow("adam")\''
    assert graded(course, borrowing(line, own_class=True)).score == 5


def test_another_rules_loan_costs_this_rule_nothing(course):
    line = 'from descentlab import borrow\nSGD = borrow("sgd")'
    assert graded(course, borrowing(line, own_class=True)).score == 5


def test_notebook_feedback_explanation_and_report_say_the_same_sentence(course):
    cell = graded(course, borrowing(PLAIN[0], own_class=True))
    assert (cell.score, cell.fails) == (0, "borrowed")
    shown = nbformat.read(course.autograded(), as_version=4).cells
    assert borrowed_message() in str([cell.outputs for cell in shown if cell.cell_type == "code"])
    assert course.kept()[CHECK]["verdict"]["cause"] == borrowed_message()
    course.run("report 06-adam --out", course.root / "report.html")
    course.run("feedback 06-adam")
    explained = course.run("explain 06-adam s01").output
    page = next((course.root / "feedback").rglob("*.html")).read_text()
    for text in (explained, (course.root / "report.html").read_text(), page):
        assert borrowed_message() in " ".join(text.split())
