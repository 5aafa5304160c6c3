"""What two persons gave is merged whole: nothing is overwritten unasked, and no mark lands on another answer."""

import csv
import re
import shutil
from pathlib import Path

import pytest
from course_folder import ASSIGNMENT, WRONG, CourseFolder, answer, shown

LIST = "id,first_name,last_name,section\nada,Ada,Byron,A\nemile,Émile,Zola,B\nheidi,Heidi,Weiß,B\n"
WHY = "adam/why"
HEADER = "assignment,student,answer,points,extra,comment"


def two_wrong(course):
    (course.root / "list.csv").write_text(LIST)
    course.run("roster import", course.root / "list.csv")
    for student in ("ada", "emile"):
        course.submit(student, answer(WRONG))
    course.grade()


@pytest.fixture
def first(after):
    """The first person's copy of a graded course."""
    return after(two_wrong)


@pytest.fixture
def second(first, tmp_path):
    """The second person's."""
    return CourseFolder(shutil.copytree(first.root, tmp_path / "copy"))


def marks_of(copy: CourseFolder, *words: object) -> Path:
    done = copy.run("marks export", *words)
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


@pytest.fixture
def give(first, tmp_path):
    """Imports a table of these lines, or the table at this path, into the first person's copy."""

    def give(*lines: str | Path, header: str = HEADER, words: tuple = ()):
        path = tmp_path / "given.csv"
        if isinstance(lines[0], Path):
            (path,) = lines
        else:
            path.write_text("\n".join([header, *lines]), encoding="utf-8")
        return first.run("marks import", path, "--yes", *words)

    return give


def test_what_the_second_person_gave_arrives_with_the_name_and_nothing_else_changes(first, second, give):
    first.by_hand("ada", 1.0, remark="mine")
    second.by_hand("emile", 2.5, remark="=not a formula\nsecond line")
    path = marks_of(second, ASSIGNMENT, "--section", "B")
    (line,) = lines_in(path)
    assert (line["student"], line["answer"], line["points"]) == ("emile", WHY, "2.5")
    assert line["by"]
    assert line["when"].endswith(" UTC")
    dry = first.run("marks import", path)
    assert dry.stdout.splitlines()[-1] == "1 mark would be given; to write them: --yes"
    assert given(first, "emile") == (None, None)
    assert give(path).exit_code == 0
    assert given(first, "emile") == (2.5, "=not a formula\nsecond line")
    assert given(first, "ada") == (1.0, "mine")
    assert first.hand_grade("emile") == (2.5, False), "it waits no longer"
    again = give(path)
    assert (again.exit_code, again.stdout) == (0, "0 marks given\n")
    first_table = {line["student"]: line for line in lines_in(marks_of(first))}
    assert first_table["emile"]["when"] == line["when"], "still the second person's"


def test_two_different_points_are_listed_and_not_overwritten_unasked(first, second, give):
    first.by_hand("ada", 1.0)
    second.by_hand("ada", 3.0)
    second.by_hand("emile", 2.0)
    path = marks_of(second)
    done = give(path)
    assert done.exit_code == 1
    assert f"not given: ada, {WHY}: points 3 (" in done.stderr
    assert "and here points 1; --overwrite takes the file's" in done.stderr
    assert (given(first, "ada")[0], given(first, "emile")[0]) == (1.0, 2.0)
    assert give(path, words=("--overwrite",)).exit_code == 0
    assert given(first, "ada")[0] == 3.0


def test_an_answer_that_has_changed_since_is_refused(first, second, give):
    second.by_hand("ada", 3.0)
    first.submit("ada", answer(WRONG, why="Another one."))
    first.grade()
    done = give(marks_of(second), words=("--overwrite",))
    assert f"not given: ada, {WHY}: the answer has changed since it was read" in done.stderr
    assert given(first, "ada")[0] is None


def test_points_for_an_earlier_answer_stand_in_nobodys_way_and_go_nowhere(first, second, give):
    for copy in (first, second):
        copy.by_hand("ada", 1.0)
        copy.submit("ada", answer(WRONG, why="Another one."))
        copy.grade()
    assert "has changed since" in give(marks_of(second)).stderr
    second.by_hand("ada", 3.0)
    assert give(marks_of(second)).exit_code == 0
    assert first.hand_grade("ada") == (3.0, False)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("06-adam,heidi,why,1,,", "no graded submission of 'heidi'"),
        ("06-adam,nobody,why,1,,", "not given: nobody, adam/why: no graded submission of 'nobody'"),
        ("06-adam,ada,whi,1,,", "no answer 'whi'"),
        ("06-adam,ada,why,4,,", "points 4, out of 3; a bonus goes into the column extra"),
        ("06-adam,ada,why,-1,,", "points -1, out of 3"),
        ("06-adam,ada,adam/update,1,,well", "only an answer in words takes a comment"),
    ],
)
def test_a_mark_that_fits_no_answer_is_listed_and_the_others_are_given(first, give, line, said):
    done = give(line, '06-adam,EMILE,why,"1,5",,')  # a key counts in any case
    assert done.exit_code == 1
    assert said in done.stderr
    assert given(first, "emile")[0] == 1.5
    assert given(first, "ada")[0] is None


@pytest.mark.parametrize(
    ("line", "header", "said"),
    [
        ("06-adam,ada,why,many,,", HEADER, "line 3: 'many' is not a number of points"),
        ("06-adam,ada,why,nan,,", HEADER, "is not a number"),
        ("ada,1", "student,points", "has no column assignment, answer"),
        ("07-nothing,ada,why,1,,", HEADER, "07-nothing"),
    ],
)
def test_a_table_that_is_none_is_refused_whole(first, give, line, header, said):
    done = give("06-adam,emile,why,1,,", line, header=header)
    assert done.exit_code == 2
    assert said in done.stderr
    assert given(first, "emile")[0] is None


def test_one_answer_on_two_lines_gets_neither_other_points(give):
    done = give("06-adam,ada,why,1,,", "06-adam,ada,why,2,,")
    assert "and another line of the file: points 1" in done.stderr


def test_an_override_and_a_bonus_from_a_table_stay_after_grading_again_and_wait_for_nobody(first, give):
    assert give("06-adam,ada,adam/update,4,0.5,").exit_code == 0
    first.grade(force=True)
    (result,) = [one for one in first.grade().results if one.student == "ada"]
    (check,) = [cell for cell in result.cells if cell.check]
    assert (check.score, check.automatic) == (4.5, 0.0)
    with first.gradebook() as gradebook:
        assert not gradebook.find_grade("check-adam-update", "adam", ASSIGNMENT, "ada").needs_manual_grade


def test_everybody_gets_all_points_of_a_question_in_one_command(first):
    first.by_hand("ada", 1.0)
    full = "marks", "full", ASSIGNMENT
    dry = first.run(*full, "why").stdout
    assert dry.endswith("2 marks would be given; to write them: --yes\n")
    assert first.run(*full, "why", "--yes").exit_code == 0
    assert [given(first, who)[0] for who in ("ada", "emile")] == [3.0, 3.0]
    assert first.run(*full, "adam/update", "--yes").exit_code == 0
    assert first.scores() == {"ada": 10.0, "emile": 10.0}
    refused = first.run(*full, "nothing")
    assert refused.exit_code == 2
    assert "has no answer 'nothing'. It has: adam/update, test-half, why." in refused.stderr


def test_points_that_were_changed_since_are_no_longer_the_first_persons(first, give):
    give("06-adam,ada,why,2,zoe", header="assignment,student,answer,points,by")
    assert lines_in(marks_of(first, ASSIGNMENT))[0]["by"] == "zoe"
    first.by_hand("ada", 3.0)
    assert "zoe" not in [line["by"] for line in lines_in(marks_of(first, ASSIGNMENT))]


def test_a_table_of_a_spreadsheet_is_read_in_the_encoding_that_the_refusal_names(first, give, tmp_path):
    path = tmp_path / "spreadsheet.csv"
    path.write_text(f"{HEADER}\n06-adam,ada,why,2,,schön\n", encoding="cp1252")
    refused = give(path)
    assert refused.exit_code == 2
    words = re.search(r"--encoding \w+", refused.stderr)[0].split()
    assert give(path, words=words).exit_code == 0
    assert given(first, "ada") == (2.0, "schön")


def test_full_points_reach_who_hands_in_later_and_a_changed_answer_until_they_end(first):
    for name in ("why", "adam/update"):
        first.run("marks full 06-adam", name, "--yes")
    first.submit("heidi", answer(WRONG, why="later"))
    first.submit("ada", answer(WRONG, why="changed"))
    outcome = first.grade()
    assert {one.student: (one.score, one.pending_manual) for one in outcome.results} == dict.fromkeys(
        ("ada", "emile", "heidi"), (10.0, 0)
    )
    said = "full points for everybody, by `autograde marks full`: adam/check-adam-update, adam/why"
    assert said in shown(outcome)
    assert given(first, "heidi")[0] == 3.0
    end = "marks", "full", ASSIGNMENT, "adam/update", "--off"
    assert first.run(*end).stdout == "nothing was ended; to end it: --yes\n"
    assert first.run(*end, "--yes").stdout == "3 marks ended\n"
    assert set(first.scores().values()) == {5.0}
    first.submit("heidi", answer(WRONG, why="again"))
    assert {one.score for one in first.grade().results} == {5.0}


def test_points_that_a_person_gave_instead_stay_when_full_points_end(first, give):
    first.run("marks full 06-adam why --yes")
    give("06-adam,ada,why,0,,", words=("--overwrite",))
    first.grade(force=True)
    assert first.run("marks full 06-adam why --off --yes").stdout == "1 mark ended\n"
    assert [given(first, who)[0] for who in ("ada", "emile")] == [0.0, None]


def test_a_section_that_nobody_is_in_is_refused_with_the_known_ones(first):
    done = first.run("marks export --section C")
    assert done.exit_code == 2
    assert "Sections: A, B" in done.stderr


def test_the_answers_of_ungraded_work_are_lines_to_fill_in_under_the_markers_name(first, give):
    path = marks_of(first, ASSIGNMENT, "--marker", "Zoë")
    lines = lines_in(path)
    assert [(line["student"], line["answer"], line["points"], line["by"]) for line in lines] == [
        ("ada", WHY, "", "Zoë"),
        ("emile", WHY, "", "Zoë"),
    ]
    first.by_hand("ada", 1.0)
    path.write_text(path.read_text().replace("emile,adam/why,,", "emile,adam/why,2,"))
    assert give(path).exit_code == 0
    assert (given(first, "ada"), given(first, "emile")) == ((1.0, None), (2.0, None))
    assert {line["student"]: line["by"] for line in lines_in(marks_of(first, ASSIGNMENT))}["emile"] == "Zoë"


def test_two_markers_differences_are_listed_and_nothing_is_written(first, tmp_path):
    paths = [tmp_path / "one.csv", tmp_path / "two.csv"]
    for path, step in zip(paths, (0, 1), strict=True):
        more = [step] * 20 + [step / 2] + [0] * 9
        lines = [
            f"06-adam,s{number:02},adam/why,{number % 4 + one:g},{path.stem}"
            for number, one in enumerate(more)
        ]
        path.write_text(
            "\n".join(["assignment,student,answer,points,by", *lines, f"06-adam,only-{step},adam/why,1,"])
        )
    done = first.run("marks compare", *paths)
    assert done.exit_code == 1
    *differences, agreement = done.stdout.splitlines()
    assert differences[0] == "s00, adam/why: points 0 (one); points 1 (two)"
    assert [line[:3] for line in differences] == [f"s{number:02}" for number in range(20)]
    assert agreement == "9 of 30 answers have the same points; they differ by 0.68 on average"
    assert len(first.run("marks compare", *paths, "--by", "0.5").stdout.splitlines()) == 22
    assert first.run("marks compare", *paths, "--by", "2").exit_code == 0
    assert given(first, "ada") == (None, None)


def test_tables_without_a_common_answer_are_not_compared(first, tmp_path):
    empty = tmp_path / "empty.csv"
    empty.write_text("assignment,student,answer,points\n")
    done = first.run("marks compare", empty, empty)
    assert done.exit_code == 2
    assert "no answer has points in both tables" in done.stderr


def test_a_page_of_what_is_no_answer_in_words_is_refused_with_those_that_are(first):
    done = first.run("marks page 06-adam adam/update")
    assert done.exit_code == 2
    assert "'adam/update' is no answer in words of 06-adam. It has: adam/why." in done.stderr


def test_a_page_is_of_one_section_and_leaves_out_a_changed_file(first):
    first.autograded("emile").write_text("{}")
    done = first.run("marks page 06-adam why")
    assert done.stdout.endswith(": 1 answer\n")
    assert "left out: " in done.stderr
    done = first.run("marks page 06-adam why --section B")
    assert (done.exit_code, "no answer to 'adam/why' is graded there" in done.stderr) == (2, True)
