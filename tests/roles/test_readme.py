"""README tells nobody to type what no test types."""

from roles import readme


def test_every_line_of_readme_is_typed_by_a_role_or_by_another_test():
    roles = (readme.STUDENT_INSTALLS, readme.STUDENT_WAITS, readme.TEACHER_INSTALLS, readme.TEACHER)
    typed = {readme.NEW_COURSE, readme.RELEASE, *readme.TEACHER_WAITS, *readme.ELSEWHERE}
    assert readme.lines() == typed.union(*roles)
