"""The class report names a mistake by the sentence that students were told."""

from collections import Counter

from autograde.report.class_page import mistake_in_words
from autograde.report.gather import CheckRow

TOLD = "Your numbers are those of Adam without the square root."


def row(**sentences):
    return CheckRow("Adam", 5, False, mistakes=Counter(sentences), sentences=sentences)


def test_a_mistake_is_said_as_the_student_reads_it():
    assert mistake_in_words("no-root", row(**{"no-root": {TOLD}})) == TOLD


def test_where_students_were_told_different_sentences_the_name_stands():
    assert mistake_in_words("no-root", row(**{"no-root": {TOLD, "Call 1: another."}})) == "no-root"


def test_a_status_is_said_in_words():
    assert mistake_in_words("unanswered", row()) == "not answered"
