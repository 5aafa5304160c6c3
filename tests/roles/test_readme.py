"""What the tests of the roles type is what README says."""

from support import ROOT

from roles import readme


def test_every_line_that_a_role_types_is_readmes():
    typed = [readme.NEW_COURSE, readme.RELEASE, *readme.STUDENT_INSTALLS, *readme.STUDENT_WAITS]
    typed += [*readme.TEACHER_INSTALLS, *readme.TEACHER, *readme.TEACHER_WAITS]
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [line for line in typed if line not in text] == []
