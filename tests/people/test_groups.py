"""One notebook counts for each member of a group: run once, read once, late by each member's own date."""

import csv
import json
import re
import zipfile
from functools import partial
from pathlib import Path

import pytest
from course_folder import CONFIG, answer, zipped

from autograde.book.gradebook import course_gradebook
from autograde.book.roster import read_matches, write_groups

LIST = (
    "id,first_name,last_name,email,section\nada,Ada,Byron,ada@x.org,Red\nemile,Émile,Zola,e@x.org,Red\n"
    "heidi,Heidi,Weiß,h@x.org,Blue\nkurt,Kurt,Gödel,k@x.org,\n"
)
GROUPS = "group_name,name,email\nGroup 3,Ada Byron,\nGroup 3,,e@x.org\nGroup 4,Heidi Weiß,\n"
MEMBERS = "ada", "emile"
BY_MOODLE = "Group 3_17_assignsubmission_file_/adam.ipynb"


def table_in(folder, text: str):
    """Writes a table and hands back its path."""
    path = folder / "table.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def table(tmp_path):
    return partial(table_in, tmp_path)


def imported(course, path):
    return course.run("groups import --assignment 06-adam", path)


def groups_of(course) -> str:
    return course.run("groups show --assignment 06-adam").stdout


def with_groups(course):
    """A roster and groups; each day late costs a tenth."""
    course.configure(CONFIG + "c.LatePenalty.percent_per_day = 10\n")
    course.run("roster import", table_in(course.root, LIST))
    assert imported(course, table_in(course.root, GROUPS)).stdout.splitlines() == [
        "06-adam: 2 groups, 3 members",
        "in no group: kurt (Kurt Gödel)",
    ]


@pytest.fixture
def grouped(after):
    return after(with_groups)


def collected(course, *names: str, words: tuple = ()):
    """Collects a zip of notebooks of these names; each says its own."""
    download = zipped(course.root / "download.zip", {name: answer(why=f"sent as {name}") for name in names})
    return course.run("collect 06-adam", download, *words)


def graded_group(course):
    """The same with a notebook that Group 3 handed in, graded."""
    with_groups(course)
    collected(course, BY_MOODLE)
    course.grade()


@pytest.fixture
def graded(after):
    return after(graded_group)


def pages_in_zip(course, form: str = "moodle") -> list[str]:
    assert course.run("feedback 06-adam --zip", form).exit_code == 0
    with zipfile.ZipFile(course.root / f"feedback-06-adam-{form}.zip") as archive:
        return archive.namelist()


def exported(course, column: str, *students: str, line: str = "export 06-adam") -> dict[str, str]:
    """What an export has in that column for these students, or for all."""
    course.run(line)
    lines = csv.DictReader((course.root / "grades-06-adam.csv").open(encoding="utf-8-sig"))
    found = {line["student_id"]: line[column] for line in lines}
    return {who: found[who] for who in students or found}


def test_a_groups_notebook_is_run_and_read_once_and_counts_for_each_member(grouped):
    assert collected(grouped, BY_MOODLE).stdout.splitlines() == [
        "collected: 1 (Group 3)",
        "matched by name alone: 1 (Group 3)",
        "missing: 2 (heidi, kurt)",
    ]
    outcome = grouped.grade()
    assert [one.student for one in outcome.results] == ["Group 3"]
    assert [one.student for one in outcome.missing] == ["heidi", "kurt"]
    assert outcome.strangers == []
    grouped.by_hand("Group 3", 2.0, remark="Well done.")
    assert exported(grouped, "score") == {"ada": "9", "emile": "9", "heidi": "", "kurt": ""}
    assert "9 of 10" in grouped.run("explain 06-adam ada").stdout
    assert grouped.run("feedback 06-adam").exit_code == 0
    for student in MEMBERS:
        page = (grouped.root / "feedback" / student / "06-adam/adam.html").read_text()
        assert "Well done." in page
    grouped.run("report 06-adam")
    report = re.sub("<[^>]+>", "", (grouped.root / "report-06-adam.html").read_text())
    assert "2 submissions" in report
    assert "Group 3" not in report


def test_each_member_is_late_by_the_own_date(graded):
    (graded.root / "submitted/Group 3/06-adam/timestamp.txt").write_text("2026-11-21 10:00:00 UTC")
    graded.grade()
    graded.by_hand("Group 3", 3.0)
    graded.run("due 06-adam '2026-11-20 12:00 UTC'")
    for who, days, penalty in (("emile", 2, "1"), ("Group 3", 2, "0"), ("ada", 0, "1")):
        graded.run("due 06-adam --extend", who, "--days", days)
        assert exported(graded, "late_penalty", *MEMBERS) == {"ada": penalty, "emile": "0"}
    assert exported(graded, "score", *MEMBERS) == {"ada": "9", "emile": "10"}


@pytest.mark.parametrize("sender", ["ada", "Émile Zola_9_assignsubmission_file_"])
def test_what_one_member_sends_is_the_groups(grouped, sender):
    assert "collected: 1 (Group 3)" in collected(grouped, f"{sender}/adam.ipynb").stdout


def test_a_group_that_sent_nothing_is_missing_and_the_next_one_is_graded(grouped):
    collected(grouped, BY_MOODLE.replace("3", "4"))
    grouped.grade()
    missing = dict.fromkeys(("ada", "emile", "kurt"), "missing")
    assert exported(grouped, "status") == missing | {"heidi": "graded"}


def test_who_handed_in_alone_too_gets_neither_until_a_person_says_which(graded):
    graded.submit("ada").with_name("timestamp.txt").write_text("2026-11-12 14:00 UTC")
    outcome = graded.grade()
    assert outcome.in_two_ways == {"ada": "Group 3"}
    assert outcome.exit_status == 1
    for student in ("ada", "Group 3"):
        graded.by_hand(student, 2.0)
    assert exported(graded, "score", *MEMBERS) == {"ada": "", "emile": "9"}
    for column, value in (
        ("status", "needs-review"),
        ("max_score", "10"),
        ("timestamp", "2026-11-12T14:00:00"),
    ):
        assert exported(graded, column)["ada"] == value
    said = " ".join(graded.run("explain 06-adam ada").stdout.split())
    assert "handed in alone and with Group 3, and neither counts" in said
    assert "autograde student erase ada --assignment 06-adam" in said
    assert "Fix or rename the file" not in said
    graded.run("student erase ada --assignment 06-adam --yes")
    assert exported(graded, "score")["ada"] == "9"


def test_a_groups_page_goes_back_under_the_groups_name(graded):
    assert pages_in_zip(graded) == ["Group 3_17_assignsubmission_file_/adam.html"]
    graded.submit("heidi")  # without a download
    graded.grade()
    names = [f"{who}/06-adam/adam.html" for who in ("ada", "emile", "heidi")]
    assert pages_in_zip(graded, "folders") == names


def test_a_groups_marks_belong_to_the_section_of_its_members(graded):
    graded.by_hand("Group 3", 2.0)
    for section, lines in (("Red", 1), ("Blue", 0)):
        assert f": {lines} answer" in graded.run("marks export --section", section).stdout


def test_a_submission_that_waits_to_be_graded_is_not_missing_for_its_members(grouped):
    grouped.submit("kurt")
    grouped.grade()
    collected(grouped, BY_MOODLE)
    assert exported(grouped, "status", "ada", "heidi") == {"ada": "not-graded", "heidi": "missing"}


def test_sections_may_be_the_groups_and_those_of_the_whole_course_count_where_there_are_no_others(grouped):
    with course_gradebook(grouped.root) as (_, gradebook), gradebook.transaction():  # as an earlier version
        write_groups(gradebook, {"kurt": "All"}, None)
    for _ in range(2):
        done = grouped.run("groups import --assignment 06-adam")
        assert done.stdout.startswith("06-adam: 2 groups, 3 members")
    assert groups_of(grouped) == "Blue: heidi\nRed: ada, emile\n"
    grouped.run("groups remove --assignment 06-adam")
    assert groups_of(grouped) == "All: kurt\n"
    assert grouped.run("groups import").exit_code == 0, "there is but one assignment"
    grouped.run("new assignment hw2")
    refused = grouped.run("groups import")
    assert (refused.exit_code, "one of 06-adam, hw2" in refused.stderr) == (2, True)
    assert "Did you mean 'hw2'?" in grouped.run("groups import --assignment hw1").stderr


@pytest.mark.parametrize(
    ("text", "said"), json.loads(Path(__file__).with_name("groups_refused.json").read_text())
)
def test_a_table_with_one_doubtful_line_changes_nothing(grouped, table, text, said):
    done = imported(grouped, table(text))
    assert done.exit_code == 2
    assert said in done.stderr
    assert groups_of(grouped) == "Group 3: ada, emile\nGroup 4: heidi\n"


def test_moodles_list_of_participants_is_read_by_its_column_of_groups(grouped, table):
    lines = ("First name,Last name,ID number,Email address,Groups", *("Ada,Byron,,ada@x.org,Team 3",) * 2)
    text = "\n".join((*lines, "Émile,Zola,,e@x.org,Keine Gruppen", "Heidi,Weiß,,h@x.org,"))
    done = imported(grouped, table(text))
    assert done.stdout.startswith("06-adam: 1 group, 1 member\n")
    assert groups_of(grouped) == "Team 3: ada\n"


PAIR = ("Ada Byron_9_assignsubmission_file_/adam.ipynb", "Emile Zola_10_assignsubmission_file_/adam.ipynb")


def test_equal_copies_of_members_are_one_submission_and_each_page_goes_back_to_its_own_sender(
    grouped, tmp_path
):
    """As Moodle packs it, once per member, with the group before the name."""
    names = [f"Group 3-{name}" for name in PAIR]
    download = zipped(tmp_path / "download.zip", dict.fromkeys(names, answer(why="same")))
    done = grouped.run("collect 06-adam", download)
    assert (done.exit_code, "collected: 1 (Group 3)" in done.stdout) == (0, True)
    grouped.grade()
    grouped.by_hand("Group 3", 2.0)
    assert pages_in_zip(grouped) == [name.replace(".ipynb", ".html") for name in names]


@pytest.mark.parametrize("whose", ["Group 3", "emile"])
def test_different_files_of_members_are_nobodys_zero_and_one_is_chosen_by_group_or_member(grouped, whose):
    grouped.submit("heidi")
    grouped.grade()
    done = collected(grouped, *PAIR)
    assert done.exit_code == 1
    said = "two submissions of the same student or group: Group 3 (Ada Byron_9, Emile Zola_10)"
    assert said in done.stderr
    for column, value in (("status", "not-collected"), ("score", "")):
        found = exported(grouped, column, *MEMBERS, line="export 06-adam --zero-missing")
        assert found == dict.fromkeys(MEMBERS, value)
    done = collected(grouped, *PAIR, words=("--match", f"Emile Zola_10={whose}"))
    assert done.exit_code == 0
    assert "left out, as before or as --match names another's file: Ada Byron_9 (Group 3)" in done.stdout
    assert PAIR[1] in (grouped.root / "submitted/Group 3/06-adam/adam.ipynb").read_text()
    with course_gradebook(grouped.root) as (_, gradebook):  # the next assignment has other groups
        assert [*read_matches(gradebook).values()] == [whose] * (whose == "emile")


def test_a_members_number_beside_the_name_of_the_group_is_the_groups_and_of_another_nobodys(grouped):
    """As Canvas packs it: the group's name, and the number of one member."""
    grouped.run("roster add emile --lms-user-id 12")
    done = collected(grouped, "group3_12_500_adam.ipynb")
    assert (done.exit_code, "collected: 1 (Group 3)" in done.stdout) == (0, True)
    done = collected(grouped, "group4_12_500_adam.ipynb")
    said = "group4_12 has the number, address or login of emile (Émile Zola), and the name of Group 4"
    assert (done.exit_code, said in done.stderr) == (1, True)


def test_what_one_member_sent_and_was_not_collected_is_said_of_each(grouped):
    grouped.submit("heidi")
    grouped.grade()
    collected(grouped, PAIR[0].replace(".ipynb", ".pdf"))
    assert exported(grouped, "status", *MEMBERS) == dict.fromkeys(MEMBERS, "not-collected")


def test_a_member_who_sent_nothing_gets_the_page_under_the_number_that_the_worksheet_told(grouped, tmp_path):
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(
        "Identifier,Full name,Email address,Status,Grade,Last modified (submission)\n"
        "Participant 9,Ada Byron,ada@x.org,Submitted,,-\nParticipant 10,Émile Zola,e@x.org,Submitted,,-\n"
    )
    collected(grouped, PAIR[0], words=("--worksheet", sheet))
    grouped.grade()
    assert pages_in_zip(grouped) == [
        "Ada Byron_9_assignsubmission_file_/adam.html",
        "emilezola_10_assignsubmission_file_/adam.html",
    ]


def test_a_member_whose_number_is_not_known_is_named_as_not_in_the_zip(grouped):
    collected(grouped, PAIR[0])
    grouped.grade()
    done = grouped.run("feedback 06-adam --zip moodle")
    assert (
        done.exit_code,
        "not in the zip, as Moodle's name of the file is not known: emile" in done.stderr,
    ) == (1, True)


def test_members_of_a_group_whose_page_goes_back_to_one_of_them_in_canvas_are_not_listed(grouped):
    for who, number in (("emile", "12"), ("heidi", "13"), ("kurt", "14")):
        grouped.run("roster add", who, "--lms-user-id", number)
    collected(grouped, "group3_12_500_adam.ipynb", "gödelkurt_14_502_adam.ipynb")
    grouped.submit("heidi")
    grouped.grade()
    done = grouped.run("feedback 06-adam --zip canvas")
    assert (done.exit_code, "Canvas's name of the file is not known: heidi. Collect" in done.stderr) == (
        1,
        True,
    )
    with zipfile.ZipFile(grouped.root / "feedback-06-adam-canvas.zip") as archive:
        assert archive.namelist() == ["group3_12_500_adam.html", "gödelkurt_14_502_adam.html"]


def test_who_handed_in_alone_stays_alone_and_groups_of_another_assignment_are_refused(course, table):
    course.run("roster import", table(LIST))
    alone = course.submit("ada")
    course.grade()
    alone.unlink()
    alone.parent.rmdir()  # graded counts, too
    four = table("id,group\nada,A\nemile,A\nheidi,A\nkurt,A\n")
    done = imported(course, four)
    assert "left out, as they handed in 06-adam alone: ada (A)" in done.stdout
    assert groups_of(course) == "A: emile, heidi, kurt\n"
    course.submit("emile")
    done = imported(course, four)
    assert done.exit_code == 2
    assert "nothing was imported, as ada, emile handed in 06-adam alone" in done.stderr


def test_a_members_extension_ends_at_the_same_hour_though_the_clocks_were_put_back(grouped):
    """The day from 24 to 25 October 2026 has 25 hours in Berlin."""
    collected(grouped, BY_MOODLE)
    time = grouped.root / "submitted/Group 3/06-adam/timestamp.txt"
    grouped.run("due 06-adam '2026-10-24 12:00 Europe/Berlin'")
    grouped.run("due 06-adam --extend emile --days 1")
    for sent, late in (("11:59", "0"), ("12:01", "60")):
        time.write_text(f"2026-10-25 {sent} +0100")
        grouped.grade()
        assert exported(grouped, "seconds_late")["emile"] == late


def test_a_members_line_for_students_has_what_a_person_wrote_on_the_groups_work(graded, tmp_path):
    graded.by_hand("Group 3", 2.0, remark="Well done.")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Identifier,Email address,Grade,Feedback comments\nParticipant 1,e@x.org,,\n")
    line = "export 06-adam --format moodle-worksheet --comments 'Feedback comments' --template"
    graded.run(line, sheet)
    assert "Well done." in (graded.root / "grades-06-adam-moodle-worksheet.csv").read_text()


def test_a_member_may_have_points_and_a_comment_of_the_own(graded, tmp_path):
    graded.by_hand("Group 3", 3.0, remark="For both.")
    given = tmp_path / "given.csv"

    def give(*lines: str, line="marks import --yes"):
        given.write_text("assignment,student,answer,points,extra,comment\n" + "\n".join(lines))
        return graded.run(line, given)

    assert give("06-adam,ada,adam/update,,-2,", "06-adam,emile,why,1,,Did less.").exit_code == 0
    assert exported(graded, "score", *MEMBERS) == {"ada": "8", "emile": "8"}
    graded.run("feedback 06-adam")
    for who, remark in (("ada", "For both."), ("emile", "Did less.")):
        page = (graded.root / "feedback" / who / "06-adam/adam.html").read_text()
        assert re.findall(r"For both\.|Did less\.", page) == [remark]
    overwrite = "marks import --yes --overwrite"
    assert give("06-adam,emile,why,2,,").exit_code == 1, "other points stand there"
    assert give("06-adam,emile,why,2,,", line=overwrite).exit_code == 0
    assert exported(graded, "score")["emile"] == "9"
    graded.run("marks export 06-adam")
    marks = list(csv.DictReader((graded.root / "marks-06-adam.csv").open(encoding="utf-8")))
    assert sorted((one["student"], one["points"], one["extra"], one["comment"]) for one in marks) == [
        ("Group 3", "3", "", "For both."),
        ("ada", "", "-2", ""),
        ("emile", "2", "", "Did less."),
    ]
    graded.run("marks full 06-adam adam/update --yes")
    assert exported(graded, "score")["ada"] == "8", "what a person took off the full points stays off"
    give("06-adam,ada,adam/update,,-20,", line=overwrite)
    assert exported(graded, "score")["ada"] == "0"
    give("06-adam,ada,adam/update,taken back,,", "06-adam,emile,why,taken back,,", line=overwrite)
    assert exported(graded, "score", *MEMBERS) == {"ada": "0", "emile": "10"}, "extra points stay"


def test_nobody_is_put_on_the_roster_under_the_name_of_a_group(grouped, table):
    done = grouped.run("roster add 'group 3'")
    assert (done.exit_code, "is the name of a group: 'Group 3'" in done.stderr) == (2, True)
    done = grouped.run("roster import", table("id,name,email\nGroup\u00a03,New,n@x.org\n"))
    assert done.exit_code == 2
    assert "the id of Group 3 (New) is the name of a group" in done.stderr


def test_a_list_of_one_system_leaves_the_groups_of_the_other_as_they_were(course, table):
    course.run("roster import", table('Student,ID,SIS Login ID,Section\n"Byron, Ada",11,ada,S\n'))
    course.run(
        "roster import",
        table("First name,Last name,Username,Email address\nKurt,Gödel,kurt,k@x.org\n"),
    )
    canvas = "name,canvas_user_id,login_id,group_name\nAda Byron,11,ada,{}\n"
    imported(course, table(canvas.format("First")))
    moodle = table("First name,Last name,Username,Email address,Group\nKurt,Gödel,kurt,k@x.org,Two\n")
    done = imported(course, moodle)
    assert done.stdout == "06-adam: 1 group, 1 member\n"
    course.run("roster add heidi --email h@x.org")
    imported(course, table("id,group\nheidi,Three\nada,Three\nkurt,Two\n"))
    imported(course, table(canvas.format("One")))
    assert groups_of(course) == "One: ada\nTwo: kurt\n"
