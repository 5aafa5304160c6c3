"""What two persons gave is merged whole: nothing is overwritten unasked, and no mark lands on another answer."""

import csv
import re
import shutil
from pathlib import Path

import pytest
from course_folder import ASSIGNMENT, WRONG, CourseFolder, answer, shown

LIST = "id,first_name,last_name,section\nada,Ada,Byron,A\nemile,Émile,Zola,B\nheidi,Heidi,Weiß,B\n"
WHY = "adam/why"


@pytest.fixture
def copies(course, tmp_path):
    """Two copies of one graded course: the first person's and the second's."""
    (tmp_path / "list.csv").write_text(LIST)
    course.run("roster", "import", tmp_path / "list.csv")
    for student in ("ada", "emile"):
        course.submit(student, answer(WRONG))
    course.grade()
    shutil.copytree(course.root, tmp_path / "copy")
    return course, CourseFolder(tmp_path / "copy")


def marks_of(copy: CourseFolder, *words: object) -> Path:
    done = copy.run("marks", "export", *words)
    assert done.exit_code == 0, done.stderr
    return copy.root / (
        "marks.csv" if not words or str(words[0]).startswith("-") else f"marks-{words[0]}.csv"
    )


def lines_in(path: Path) -> list[dict]:
    return list(csv.DictReader(path.open(encoding="utf-8", newline="")))


def given(copy: CourseFolder, student: str, cell: str = "why") -> tuple[float | None, str | None]:
    with copy.gradebook() as gradebook:
        grade = gradebook.find_grade(cell, "adam", ASSIGNMENT, student)
        comment = gradebook.find_comment("why", "adam", ASSIGNMENT, student).manual_comment
        return grade.manual_score, comment


def table(
    tmp_path: Path, *lines: str, header: str = "assignment,student,answer,points,extra,comment"
) -> Path:
    path = tmp_path / "given.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_what_the_second_person_gave_arrives_with_the_name_and_nothing_else_changes(copies):
    first, second = copies
    first.by_hand("ada", 1.0, remark="mine")
    second.by_hand("emile", 2.5, remark="=not a formula\nsecond line")
    path = marks_of(second, ASSIGNMENT, "--section", "B")
    (line,) = lines_in(path)
    assert (line["student"], line["answer"], line["points"]) == ("emile", WHY, "2.5")
    assert line["by"]
    assert line["when"].endswith(" UTC")
    assert (
        first.run("marks", "import", path).stdout.splitlines()[-1]
        == "1 mark would be given; to write them: --yes"
    )
    assert given(first, "emile") == (None, None), "a dry run"
    assert first.run("marks", "import", path, "--yes").exit_code == 0
    assert given(first, "emile") == (2.5, "=not a formula\nsecond line")
    assert given(first, "ada") == (1.0, "mine")
    assert first.hand_grade("emile") == (2.5, False), "it waits no longer"
    again = first.run("marks", "import", path, "--yes")
    assert (again.exit_code, again.stdout) == (0, "0 marks given\n")
    first_table = {line["student"]: line for line in lines_in(marks_of(first))}
    assert first_table["emile"]["when"] == line["when"], "still the second person's"


def test_two_different_points_are_listed_and_not_overwritten_unasked(copies):
    first, second = copies
    first.by_hand("ada", 1.0)
    second.by_hand("ada", 3.0)
    second.by_hand("emile", 2.0)
    path = marks_of(second)
    done = first.run("marks", "import", path, "--yes")
    assert done.exit_code == 1
    assert f"not given: ada, {WHY}: points 3 (" in done.stderr
    assert "and here points 1; --overwrite takes the file's" in done.stderr
    assert (given(first, "ada")[0], given(first, "emile")[0]) == (1.0, 2.0)
    assert first.run("marks", "import", path, "--yes", "--overwrite").exit_code == 0
    assert given(first, "ada")[0] == 3.0


def test_an_answer_that_has_changed_since_is_refused(copies):
    first, second = copies
    second.by_hand("ada", 3.0)
    path = marks_of(second)
    first.submit("ada", answer(WRONG, why="Another one."))
    first.grade()
    done = first.run("marks", "import", path, "--yes", "--overwrite")
    assert f"not given: ada, {WHY}: the answer has changed since it was read" in done.stderr
    assert given(first, "ada")[0] is None


def test_points_for_an_earlier_answer_stand_in_nobodys_way_and_go_nowhere(copies):
    first, second = copies
    for copy in copies:
        copy.by_hand("ada", 1.0)
        copy.submit("ada", answer(WRONG, why="Another one."))
        copy.grade()
    assert "has changed since" in first.run("marks", "import", marks_of(second), "--yes").stderr
    second.by_hand("ada", 3.0)
    assert first.run("marks", "import", marks_of(second), "--yes").exit_code == 0
    assert first.hand_grade("ada") == (3.0, False)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"{ASSIGNMENT},heidi,why,1,,", "no graded submission of 'heidi'"),
        (f"{ASSIGNMENT},ada,whi,1,,", "no answer 'whi'"),
        (f"{ASSIGNMENT},ada,why,4,,", "points 4, out of 3; a bonus goes into the column extra"),
        (f"{ASSIGNMENT},ada,why,-1,,", "points -1, out of 3"),
        (f"{ASSIGNMENT},ada,adam/update,1,,well", "only an answer in words takes a comment"),
    ],
)
def test_a_mark_that_fits_no_answer_is_listed_and_the_others_are_given(copies, tmp_path, line, said):
    first, _ = copies
    done = first.run("marks", "import", table(tmp_path, line, f'{ASSIGNMENT},emile,why,"1,5",,'), "--yes")
    assert done.exit_code == 1
    assert said in done.stderr
    assert given(first, "emile")[0] == 1.5
    assert given(first, "ada")[0] is None


@pytest.mark.parametrize(
    ("lines", "header", "said"),
    [
        ((f"{ASSIGNMENT},ada,why,many,,",), None, "line 3: 'many' is not a number of points"),
        ((f"{ASSIGNMENT},ada,why,nan,,",), None, "is not a number"),
        (("ada,1",), "student,points", "has no column assignment, answer"),
        (("07-nothing,ada,why,1,,",), None, "07-nothing"),
    ],
)
def test_a_table_that_is_none_is_refused_whole(copies, tmp_path, lines, header, said):
    first, _ = copies
    path = table(tmp_path, f"{ASSIGNMENT},emile,why,1,,", *lines, **({"header": header} if header else {}))
    done = first.run("marks", "import", path, "--yes")
    assert done.exit_code == 2
    assert said in done.stderr
    assert given(first, "emile")[0] is None


def test_one_answer_on_two_lines_gets_neither_other_points(copies, tmp_path):
    first, _ = copies
    path = table(tmp_path, f"{ASSIGNMENT},ada,why,1,,", f"{ASSIGNMENT},ada,why,2,,")
    assert "and another line of the file: points 1" in first.run("marks", "import", path).stderr


def test_an_override_and_a_bonus_from_a_table_stay_after_grading_again_and_wait_for_nobody(copies, tmp_path):
    first, _ = copies
    path = table(tmp_path, f"{ASSIGNMENT},ada,adam/update,4,0.5,")
    assert first.run("marks", "import", path, "--yes").exit_code == 0
    first.grade(force=True)
    (result,) = [one for one in first.grade().results if one.student == "ada"]
    (check,) = [cell for cell in result.cells if cell.check]
    assert (check.score, check.automatic) == (4.5, 0.0)
    with first.gradebook() as gradebook:
        assert not gradebook.find_grade("check-adam-update", "adam", ASSIGNMENT, "ada").needs_manual_grade


def test_everybody_gets_all_points_of_a_question_in_one_command(copies):
    first, _ = copies
    first.by_hand("ada", 1.0)
    assert first.run("marks", "full", ASSIGNMENT, "why").stdout.endswith(
        "2 marks would be given; to write them: --yes\n"
    )
    assert first.run("marks", "full", ASSIGNMENT, "why", "--yes").exit_code == 0
    assert [given(first, who)[0] for who in ("ada", "emile")] == [3.0, 3.0]
    assert first.run("marks", "full", ASSIGNMENT, "adam/update", "--yes").exit_code == 0
    assert first.scores() == {"ada": 10.0, "emile": 10.0}
    refused = first.run("marks", "full", ASSIGNMENT, "nothing")
    assert refused.exit_code == 2
    assert "has no answer 'nothing'. It has: adam/update, test-half, why." in refused.stderr


def test_points_that_were_changed_since_are_no_longer_the_first_persons(copies, tmp_path):
    course, _ = copies
    of_zoe = table(tmp_path, f"{ASSIGNMENT},ada,why,2,zoe", header="assignment,student,answer,points,by")
    course.run("marks", "import", of_zoe, "--yes")
    assert [line["by"] for line in lines_in(marks_of(course, ASSIGNMENT))] == ["zoe"]
    course.by_hand("ada", 3.0)
    assert [line["by"] == "zoe" for line in lines_in(marks_of(course, ASSIGNMENT))] == [False]


def test_a_line_is_of_whom_its_key_names_in_any_case(copies, tmp_path):
    course, _ = copies
    course.run("marks", "import", table(tmp_path, f"{ASSIGNMENT},ADA,why,0,,"), "--yes")
    assert given(course, "ada")[0] == 0.0
    refused = course.run("marks", "import", table(tmp_path, f"{ASSIGNMENT},nobody,why,2,,"), "--yes")
    assert "not given: nobody, adam/why: no graded submission of 'nobody'" in refused.stderr


def test_a_table_of_a_spreadsheet_is_read_in_the_encoding_that_the_refusal_names(copies, tmp_path):
    course, _ = copies
    path = table(tmp_path, f"{ASSIGNMENT},ada,why,2,,schön")
    path.write_bytes(path.read_text().encode("cp1252"))
    refused = course.run("marks", "import", path, "--yes")
    assert refused.exit_code == 2
    words = re.search(r"--encoding \w+", refused.stderr)[0].split()
    assert course.run("marks", "import", path, "--yes", *words).exit_code == 0
    assert given(course, "ada") == (2.0, "schön")


def test_full_points_reach_who_hands_in_later_and_a_changed_answer_until_they_end(copies):
    course, _ = copies
    for name in ("why", "adam/update"):
        course.run("marks", "full", ASSIGNMENT, name, "--yes")
    course.submit("heidi", answer(WRONG, why="later"))
    course.submit("ada", answer(WRONG, why="changed"))
    outcome = course.grade()
    assert {one.student: (one.score, one.pending_manual) for one in outcome.results} == dict.fromkeys(
        ("ada", "emile", "heidi"), (10.0, 0)
    )
    said = "full points for everybody, by `autograde marks full`: adam/check-adam-update, adam/why"
    assert said in shown(outcome)
    assert given(course, "heidi")[0] == 3.0
    end = "marks", "full", ASSIGNMENT, "adam/update", "--off"
    assert course.run(*end).stdout == "nothing was ended; to end it: --yes\n"
    assert course.run(*end, "--yes").stdout == "3 marks ended\n"
    assert set(course.scores().values()) == {5.0}
    course.submit("heidi", answer(WRONG, why="again"))
    assert {one.score for one in course.grade().results} == {5.0}


def test_points_that_a_person_gave_instead_stay_when_full_points_end(copies, tmp_path):
    course, _ = copies
    course.run("marks", "full", ASSIGNMENT, "why", "--yes")
    course.run("marks", "import", table(tmp_path, f"{ASSIGNMENT},ada,why,2,,"), "--yes", "--overwrite")
    course.grade(force=True)
    assert course.run("marks", "full", ASSIGNMENT, "why", "--off", "--yes").stdout == "1 mark ended\n"
    assert [given(course, who)[0] for who in ("ada", "emile")] == [2.0, None]


def test_a_section_that_nobody_is_in_is_refused_with_the_known_ones(copies):
    done = copies[0].run("marks", "export", "--section", "C")
    assert done.exit_code == 2
    assert "Sections: A, B" in done.stderr
