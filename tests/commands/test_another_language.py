"""In another language every sentence of a student's page is translated."""

import gettext
import re

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograde.course.answer_key import KeyNotebook
from autograde.course.results import CellScore, Result
from autograde.pages.student_page import LONGEST_TEXT, GradedAnswer, Page, cells_of, render, verdict_of
from verdicts import sentences

INNERMOST = re.compile("⟦[^⟦⟧]*⟧")
NOT_OURS = ".verdict, .code, .students, .words, .heading, style"  # students' own, and what was judged before


class Pseudo(gettext.NullTranslations):
    """Every sentence between brackets."""

    def gettext(self, message):
        return f"⟦{message}⟧"

    def ngettext(self, one, many, count):
        return f"⟦{one if count == 1 else many}⟧"


@pytest.fixture
def pseudo(monkeypatch):
    """From its call on sentences are said in the pseudo-language."""
    return lambda: monkeypatch.setattr(sentences, "_catalogue", lambda language: Pseudo())


def words_outside(text: str) -> list[str]:
    """Words of a text that are in no sentence."""
    while (left := INNERMOST.sub("", text)) != text:
        text = left
    return re.findall(r"[^\W\d_]{2,}", text)


def shown(html: str) -> str:
    """What a page of ours shows or is read aloud, without what students made."""
    page = BeautifulSoup(html, "html.parser")
    for part in page.select(NOT_OURS):
        part.decompose()
    said = [
        tag[name] for tag in page.find_all(True) for name in ("alt", "aria-label", "title") if tag.get(name)
    ]
    return "\n".join([page.get_text("\n"), *said])


def test_a_students_page_has_no_word_outside_a_sentence(pseudo):
    pseudo()
    marks = [
        GradedAnswer(CellScore("a", None, 2.0, manual=True), "a", comment="–"),
        GradedAnswer(CellScore("b", 2.0, 2.0), "b", answer="1"),
        GradedAnswer(CellScore("c", 1.0, 2.0), "c"),
        GradedAnswer(CellScore("d", 0.0, 2.0), "d"),
    ]
    result = Result("s", "t", "graded", 8.0, 3.0, pending_manual=2, penalty=0.5)
    page = render(Page("t", "n", result, marks, cells=["1"]))
    assert words_outside(shown(page)) == []
    assert "⟦2 answers need manual grading⟧" in page
    assert "⟦<strong>3</strong> of 8 points⟧" in page


def test_what_stands_in_place_of_long_outputs_and_pictures_is_a_sentence(pseudo):
    pseudo()
    long = new_output("stream", text="1" * (LONGEST_TEXT + 1))
    picture = new_output("display_data", {"image/png": "iVBORw0KGgo="})
    notebook = new_notebook(cells=[new_code_cell("1", outputs=[long, picture])])
    (cell,) = cells_of(notebook, KeyNotebook("hw", {}, {}))
    assert "⟦[… 1 more character]⟧" in cell
    assert 'alt="⟦a picture without a description⟧"' in cell
    assert 'aria-label="⟦output of this cell⟧"' in cell
    graded_cell = new_code_cell("1", metadata={"nbgrader": {"grade_id": "a"}}, outputs=[long] * 9)
    assert "⟦" in verdict_of(new_notebook(cells=[graded_cell]), "a")


def test_a_page_names_the_language_in_use(monkeypatch, tmp_path):
    page = Page("t", "n", Result("s", "t", "graded", 8.0, 3.0), [])
    assert '<html lang="en">' in render(page)
    monkeypatch.setenv(sentences.LANGUAGE_VARIABLE, "xx")
    assert '<html lang="en">' in render(page)  # there is no catalogue, so it is English
    monkeypatch.setattr(sentences, "LANGUAGES", tmp_path)
    catalogue = tmp_path / "xx/LC_MESSAGES/descentlab.mo"
    catalogue.parent.mkdir(parents=True)
    with catalogue.open("wb") as file:
        write_mo(file, Catalog(locale="de"))
    sentences._catalogue.cache_clear()
    assert '<html lang="xx">' in render(page)
