"""Names that anybody can give to folders and files."""

import pytest

from autograde.untrusted.names import is_student, quoted

STUDENTS = (
    "alice",
    "bob smith",
    "12345",
    "o.brien@uni.example",
    "a" * 128,
    "Zoë",
    "李雷",
    "=1+1",
    "a+b",
    "d'angelo@uni.example",
)
NO_STUDENTS = (
    "", ".", "..", ".alice", "-rf", "a" * 129, "a\n", "a\x1b[2J", "a\u202eb", "a\u200b", "\ud800", "\udcff",
    "a/b", "a<b", "a&b", 'a"b', "a`b", "a\tb", "a\x00", "a\u2028b",
    "*", "a?", "a[1]",
)  # fmt: skip


@pytest.mark.parametrize("name", STUDENTS)
def test_a_name_that_can_be_a_student_id(name):
    assert is_student(name)


@pytest.mark.parametrize("name", NO_STUDENTS)
def test_a_name_that_can_be_no_student_id(name):
    assert not is_student(name)


@pytest.mark.parametrize("name", [*STUDENTS, *NO_STUDENTS, "x" * 10_000])
def test_a_file_is_named_on_one_short_line(name):
    assert quoted(name).isprintable()
    assert len(quoted(name)) <= 80
