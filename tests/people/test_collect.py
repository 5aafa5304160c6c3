"""Downloads as the systems pack them go to the right students; what is doubtful is listed and stays out."""

import json
import os
import re
import shlex
import sys
import zipfile
from dataclasses import replace
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from course_folder import ASSIGNMENT, answer, zipped

from autograde.course.course import Course
from autograde.entries.entry import Person
from autograde.entries.matching import Matcher
from autograde.entries.wording import named
from autograde.errors import UsageError
from autograde.people.collect import Collection, matches_asked
from autograde.untrusted.timestamp import read_timestamp

ADA = Person("ada", "Ada", "Byron", "ada@x.org", "11")
EMILE = Person("emile", "Émile", "Zola", "e@x.org", "12")
HEIDI = Person("heidi", "Heidi", "O'Neil-Weiß", "h@x.org", "13")


def roster_of(*people):
    return {person.id: person for person in people}


ROSTER = roster_of(ADA, EMILE, HEIDI)

# Names as Canvas's lib/content_zipper.rb and Moodle's mod/assign/classes/downloader.php make them.
OF_ADA, OF_EMILE, OF_HEIDI = (
    "byronada_11_500_adam.ipynb",
    "zolaémile_12_500_adam.ipynb",
    "oneilweißheidi_13_500_adam.ipynb",
)
BY_NAME, BY_THAT_NAME, NUMBERED = (
    f"Ada Byron_{number}_assignsubmission_file/adam.ipynb" for number in (7, 8, 2300)
)


@pytest.fixture
def taken(tmp_path):
    """Collects a download into an empty course; hands back what came of it and what lies there.

    `known`: what the matcher knows of senders beside the roster, `kept` and `asked`.
    """
    root = tmp_path / "course"
    (root / "submitted").mkdir(parents=True)

    def take(
        source: Path | dict,
        roster=ROSTER,
        update=False,
        notebooks=("adam",),
        worksheet="",
        students=(),
        before=None,
        zone=None,
        **known,
    ):
        path = zipped(tmp_path / "download.zip", source) if isinstance(source, dict) else source
        sheet = tmp_path / "sheet.csv"
        if worksheet:
            sheet.write_text(worksheet)
        whose = Matcher(roster, **known)
        made = Collection(
            Course.open(root), "06-adam", notebooks, whose, update, set(students), before or {}, zone
        )
        made.take([path], sheet if worksheet else None)
        files = {
            str(file.relative_to(root / "submitted")): file.read_text()
            for file in (root / "submitted").rglob("*")
            if file.is_file() and not re.search(r"/\.", str(file))
        }
        return made, files

    return take


@pytest.fixture
def collect(course, tmp_path):
    """Types `autograde collect` with a download of these files, and a line of more words."""

    def collect(files: dict, line: str = ""):
        download = zipped(tmp_path / "download.zip", files)
        return course.run(f"collect 06-adam {line}", download)

    return collect


# What downloads hold, by what is tested of it: names, files, worksheets.
TABLES = json.loads(Path(__file__).with_name("downloads.json").read_text(encoding="utf-8"))


def table(name, columns):
    return pytest.mark.parametrize(columns, TABLES[name])


# Small letters of İ, and of Devanagari, hold marks that are no letters to Python.
OTHERS = roster_of(
    Person("irem", "İrem", "Yılmaz", "i@x.org", "14"),
    Person("sita", "सीता", "शर्मा", "s@x.org", "15", section="Gruppe 1"),
)


@table("senders", "name, whose, why")
def test_a_name_in_a_download_tells_whose_it_is_or_is_nobodys(taken, name, whose, why):
    made, files = taken({name: "x"}, ROSTER | OTHERS)
    assert files == ({f"{whose}/06-adam/adam.ipynb": "x"} if whose else {}), why
    assert (made.refused, len(made.unmatched)) == ({}, 0 if whose else 1)


OF_ADAS = "has the number, address or login of ada (Ada Byron), and"


@table("numbers beside names", "file, kept, whose, said")
def test_a_number_counts_only_with_its_name_and_no_name_with_another_number_and_match_decides(
    taken, file, kept, whose, said
):
    """Another system's, or another course's, may have the same number."""
    kept = {("Moodle", *sender.split()): who for sender, who in kept.items()}
    roster = {**ROSTER, "sam": Person("sam"), "x": Person("x", last_name="Zed Xu", section="Team 1")}
    made, files = taken({file: "x"}, roster=roster, kept=kept)
    assert list(files) == ([f"{whose}/06-adam/adam.ipynb"] if whose else [])
    assert list(made.unmatched.values()) == [said] * (not whose)
    if not whose:
        (sender,) = made.unmatched
        made, files = taken({file: "x"}, roster=roster, kept=kept, asked={sender: "heidi"})
        assert list(files) == ["heidi/06-adam/adam.ipynb"]
        again, _ = taken({file: "x"}, roster=roster, kept={**kept, **made.learnt})
        assert again.states == {"heidi": "same"}, "it is asked once"


def test_a_number_that_systems_share_is_whose_it_is_also_where_only_one_lists_the_student(taken):
    """And a name is another's also where only the other system lists that student."""
    of_canvas = {"ada": replace(ADA, id_number="3100185", systems=("Canvas",))}
    sheet = "Identifier,Full name,ID number\nParticipant 7,{},3100185\n"
    made, files = taken({BY_NAME: "x"}, {**ROSTER, **of_canvas}, worksheet=sheet.format("Ada Byron"))
    assert files == {"ada/06-adam/adam.ipynb": "x"}
    emile = {"emile": replace(EMILE, systems=("Canvas",))}
    other = BY_NAME.replace("Ada Byron", "Émile Zola")
    made, _ = taken({other: "x"}, {**ROSTER, **of_canvas, **emile}, worksheet=sheet.format("Émile Zola"))
    assert list(made.unmatched.values()) == [f"{OF_ADAS} the name of emile (Émile Zola)"]


@pytest.mark.parametrize("name", ["Émile Zola", "Zed Nobody", "Ada"])
def test_a_number_of_another_moodles_worksheet_gives_nobody_a_file_nor_a_time(taken, name):
    sheet = WORKSHEET.format("Friday, 20 November 2026, 10:12 PM")
    file = f"{name}_2300_assignsubmission_file/adam.ipynb"
    made, files = taken({file: "x"}, worksheet=sheet)
    assert (files, list(made.unmatched)) == ({}, [f"{name}_2300"])
    assert made.unmatched[f"{name}_2300"] == "has the number of Ada Byron, and another name"
    made, files = taken({file: "x"}, worksheet=sheet, asked={f"{name}_2300": "emile"})
    assert list(files) == ["emile/06-adam/adam.ipynb"]
    of_a_group = {file.replace(name, "Gruppe 9-Ada Byron"): "x"}
    assert "ada/06-adam/adam.ipynb" in taken(of_a_group, worksheet=sheet)[1]


def test_two_senders_with_one_number_are_each_their_own_and_a_third_is_asked_about(taken):
    kept = {("Moodle", "7", "adabyron"): "ada", ("Moodle", "7", "emilezola"): "emile"}
    sent = {BY_NAME: "a", BY_NAME.replace("Ada Byron", "Émile Zola"): "e"}
    assert set(taken(sent, kept=kept)[1]) == {"ada/06-adam/adam.ipynb", "emile/06-adam/adam.ipynb"}
    made, _ = taken({BY_NAME.replace("Ada Byron", "Eve"): "x"}, kept=kept)
    assert made.unmatched == {"Eve_7": "can be ada (Ada Byron), emile (Émile Zola)"}


def test_a_canvas_file_that_begins_with_numbers_is_listed_as_it_can_be_read_in_two_ways(taken):
    made, files = taken({"byronada_11_500_1_2_adam.ipynb": "hers"})
    assert files == {}
    assert made.unmatched == {
        "byronada_11_500_1_2_adam": "has a file whose name can be read as two students'"
    }
    assert "numbers cannot" not in "".join(made.problems([Path("d.zip")]))  # the roster has Canvas's numbers
    _, files = taken({"byronada_11_500_1_2_adam.ipynb": "hers"}, asked={"byronada_11_500_1_2_adam": "ada"})
    assert list(files.values()) == ["hers"]


def test_a_name_that_a_student_chose_in_canvas_is_no_key_and_its_list_is_asked_for(taken):
    roster = {who: Person(who, one.first_name, one.last_name) for who, one in ROSTER.items()}
    made, files = taken(dict.fromkeys((OF_ADA, OF_EMILE, OF_HEIDI), "x"), roster=roster)
    assert (files, len(made.unmatched)) == ({}, 3)
    problems = list(made.problems([Path("d.zip")]))
    assert (
        "names can be changed in Canvas, its numbers cannot: autograde roster import CANVAS.csv" in problems
    )


EVE = Person("eve", "Eve", "Evil", "eve@x.org", "66")
SHEET = "Identifier,Full name,Email address,Online text,Last modified (submission)\n"


@table("imitations", "name")
def test_what_students_choose_of_a_name_never_makes_it_anothers_nor_changes_its_time(taken, name):
    """Each name has what a student can write into the parts that students choose, to be taken for Ada.

    Canvas keeps a number at the end of a name, too.
    """
    roster = ROSTER | roster_of(EVE)
    _, files = taken({name: "eve's"}, roster=roster)
    hers = "Ada Byron-_2341_assignsubmission_file_/adam.ipynb"
    assert {place.partition("/")[0] for place in files} <= {"ada" if name == hers else "eve"}
    assert "2026-11-01" not in files.get("eve/06-adam/timestamp.txt", "")
    _, files = taken({OF_ADA: "hers", name: "eve's"}, roster=roster, update=True)
    assert files["ada/06-adam/adam.ipynb"] == "hers"
    assert "emile/06-adam/adam.ipynb" not in files


@table("logins", "senders, collected, listed, why")
def test_a_login_of_blackboards_is_what_follows_the_column_that_all_files_share(
    taken, senders, collected, listed, why
):
    roster = {**ROSTER, **{who: Person(who) for who in ("ada_7", "HW_ada")}}
    files = {f"{sender}_attempt_2026-11-20-09-00-00_adam.ipynb": sender for sender in senders}
    made, there = taken(files, roster=roster)
    whose = {place.partition("/")[0]: text for place, text in there.items() if "UTC" not in text}
    assert (whose, sorted(made.unmatched)) == (collected, listed), why


def test_a_login_that_one_file_leaves_open_is_asked_once(taken):
    sent = {"HW1_x_ada_attempt_2026-11-20-09-00-00_adam.ipynb": "x"}
    assert taken(sent)[0].unmatched == {"HW1_x_ada": "can be of the login x_ada or ada"}
    made, _ = taken(sent, asked={"HW1_x_ada": "emile"})
    assert made.learnt == {("Blackboard", "", "HW1_x_ada"): "emile"}
    assert taken(sent, kept=made.learnt)[0].states == {"emile": "same"}


@table("worksheet rows", "row, whose, why")
def test_keys_of_a_worksheet_count_before_names_and_texts_not_at_all(taken, row, whose, why):
    blind = {"Participant_7_assignsubmission_file_/adam.ipynb": "a"}
    made, files = taken(blind, worksheet=f"{SHEET}{row},-\n")
    assert list(files) == ([f"{whose}/06-adam/adam.ipynb"] if whose else []), why
    by_key = whose and "@" in row.casefold()
    assert made.learnt.get(("Moodle", "7", "participant")) == ("ada" if by_key else None)
    assert taken(blind, kept=made.learnt)[0].unmatched.keys() == (
        {"Participant_7"} - {by_key and "Participant_7"}
    )
    said = {"Participant_7": f"{OF_ADAS} the name of emile (Émile Zola)"}
    assert (made.unmatched == said) is ("Emile" in row)


@table("odd worksheets", "sheet, said")
def test_a_worksheet_that_cannot_be_this_downloads_is_refused(taken, sheet, said):
    with pytest.raises(UsageError, match=said):
        taken({BY_NAME: "a"}, worksheet=sheet)


@pytest.mark.parametrize(("half", "hour"), [("AM", "00"), ("PM", "12")])
def test_a_time_that_a_student_typed_is_none_and_half_past_twelve_is_after_midnight_or_noon(
    taken, half, hour
):
    sheet = (
        "Identifier,Full name,Online text,Last modified (submission)\n"
        f'Participant 7,Ada Byron,"Sunday, 1 November 2026, 9:00 AM","Friday, 20 November 2026, 12:30 {half}"\n'
    )
    _, files = taken({BY_NAME: "a"}, worksheet=sheet)
    assert here(files["ada/06-adam/timestamp.txt"]) == f"2026-11-20 {hour}:30:00"


def here(text: str) -> str:
    """The time in a timestamp.txt by this machine's clock."""
    return f"{read_timestamp(text.encode()).replace(tzinfo=UTC).astimezone():%Y-%m-%d %H:%M:%S}"


def test_times_are_by_the_due_dates_clock_and_the_programs_own_are_written_again(taken):
    sheet = WORKSHEET.format("Friday, 20 November 2026, 10:12 PM")
    sent = {NUMBERED: "a", "Émile Zola_2301_assignsubmission_file/adam.ipynb": "e"}
    for zone, written in (("Asia/Tokyo", "13:12"), ("Europe/Berlin", "21:12")):
        made, files = taken(sent, worksheet=sheet, zone=ZoneInfo(zone))
        assert files["ada/06-adam/timestamp.txt"] == f"2026-11-20 {written}:00 UTC\n"
        assert f"times read as {zone}" in made.lines()
    assert "emile/06-adam/timestamp.txt" not in files, "nothing was sent: the other time is the grade's"
    made, files = taken({**sent, NUMBERED: "later"}, worksheet=sheet, zone=ZoneInfo("Asia/Tokyo"))
    assert made.states["ada"] == "differs"
    assert "21:12" in files["ada/06-adam/timestamp.txt"], "the time of the copy that was kept"
    made, files = taken({**sent, NUMBERED: "later"}, worksheet=sheet, update=True)
    assert "time gone" not in made.notes, "no person wrote it"


@table("zones", "zone, hour")
def test_a_time_with_a_zone_keeps_it_and_one_that_is_not_known_is_no_time(taken, zone, hour):
    sheet = WORKSHEET.format(f"Friday, 20 November 2026, 10:12 PM {zone}")
    _, files = taken({NUMBERED: "a"}, worksheet=sheet, zone=ZoneInfo("Europe/Berlin"))
    assert files.get("ada/06-adam/timestamp.txt") == (hour and f"2026-11-20 {hour}:12:00 UTC\n")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "+01:00"])
def test_the_zone_of_the_due_date_is_that_of_collected_times(course, collect, zone):
    course.run("due 06-adam", f"2026-11-20 23:59 {zone}")
    done = collect({"HW6_ada_attempt_2026-11-20-22-12-05_adam.ipynb": "{}"}, "--match HW6_ada=ada")
    assert f"times read as {'UTC' if '+' in zone else ''}{zone}" in done.stdout
    time = course.root / "submitted/ada/06-adam/timestamp.txt"
    assert time.read_text() == "2026-11-20 21:12:05 UTC\n"


def test_what_a_name_alone_says_replaces_only_what_the_same_sender_sent(taken, tmp_path):
    taken({BY_NAME: "first"})
    before = {"ada": {BY_NAME: "adam.ipynb"}}
    _, files = taken({BY_NAME: "second"}, update=True, before=before)
    assert list(files.values()) == ["second"]
    made, files = taken({BY_THAT_NAME: "another Ada's"}, update=True, before=before)
    assert list(files.values()) == ["second"]
    said = "is ada by name alone, and what is in submitted/ came from another sender"
    assert (made.unmatched, made.states) == ({"Ada Byron_8": said}, {})
    _, files = taken({BY_THAT_NAME: "another"}, update=True, before=before, asked={"Ada Byron_8": "ada"})
    assert list(files.values()) == ["another"]


def test_a_name_beside_a_key_is_not_enough(taken):
    made, files = taken({BY_NAME: "hers", BY_THAT_NAME: "x"}, kept={("Moodle", "7", "adabyron"): "ada"})
    assert list(files.values()) == ["hers"]
    assert made.unmatched == {"Ada Byron_8": "has the name of ada, and another file is surely theirs"}


def test_names_and_numbers_are_of_a_system_and_who_has_none_belongs_to_each(taken):
    of_canvas = replace(ADA, systems=("Canvas",))
    of_moodle = Person("ada2", "Ada", "Byron", "a2@x.org", "11", systems=("Moodle",))
    roster = roster_of(of_canvas, of_moodle, HEIDI)
    made, files = taken({BY_NAME: "m"}, roster=roster)
    assert files == {"ada2/06-adam/adam.ipynb": "m"}
    assert list(made.lines()) == [
        "collected: 1 (ada2)",
        "matched by name alone: 1 (ada2)",
        "missing: 1 (heidi)",
    ]
    made, files = taken({OF_ADA: "c", "byronada_9_500_adam.ipynb": "x"}, roster=roster)
    assert files["ada/06-adam/adam.ipynb"] == "c"
    assert "ada2" not in made.unmatched["byronada_9"], "the nearest are of that system, too"


def test_a_name_that_two_students_share_is_nobodys_until_said(taken):
    roster = {**ROSTER, "ada2": Person("ada2", "Ada", "Byron", "a2@x.org")}
    download = {BY_NAME: "one", BY_THAT_NAME: "two"}
    made, files = taken(download, roster=roster)
    assert files == {}
    assert made.unmatched["Ada Byron_7"] == "can be ada (Ada Byron), ada2 (Ada Byron)"
    assert "Participant in the column Identifier" in list(made.problems([Path("d.zip")]))[-1]
    made, files = taken(download, roster=roster, asked={"Ada Byron_7": "ada2", "Ada Byron_8": "ada"})
    assert files == {"ada/06-adam/adam.ipynb": "two", "ada2/06-adam/adam.ipynb": "one"}


def test_one_notebook_named_by_an_id_is_taken_as_it_is(tmp_path, taken):
    (tmp_path / "ada.ipynb").write_text("again")
    assert taken(tmp_path / "ada.ipynb")[1] == {"ada/06-adam/adam.ipynb": "again"}
    (tmp_path / "who.ipynb").write_text("?")
    assert "who" in taken(tmp_path / "who.ipynb")[0].unmatched


def test_one_notebook_where_one_is_expected_is_taken_whatever_its_name_and_listed(taken):
    sent = {"byronada_11_500_Copy of adam.ipynb": "a", "zolaémile_12_500_adam-1.ipynb": "e"}
    made, files = taken(sent)
    assert files == {"ada/06-adam/adam.ipynb": "a", "emile/06-adam/adam.ipynb": "e"}
    assert "taken as adam.ipynb, whatever it was called: ada (Copy of adam.ipynb)" in made.lines()
    assert taken(sent)[0].states == {"ada": "same", "emile": "same"}


def test_of_two_notebooks_of_other_names_a_person_says_which_it_is(taken):
    made, files = taken({"byronada_11_500_a.ipynb": "a", "byronada_11_500_b.ipynb": "b"})
    assert sorted(files) == ["ada/06-adam/a.ipynb", "ada/06-adam/b.ipynb"]
    rename = "Rename what is 06-adam, and delete what is not, as in submitted/ada/06-adam"
    assert f"no notebook named adam.ipynb: ada (a.ipynb, b.ipynb). {rename}" in made.lines()


def test_the_download_of_another_assignment_is_refused_and_that_one_is_named(taken, tmp_path):
    for name, notebook in (("06-adam", "adam"), ("hw1", "hw1")):
        place = tmp_path / "course/solutions" / name
        place.mkdir(parents=True)
        (place / f"{notebook}.ipynb").write_text("{}")
    of_hw1 = {"byronada_11_500_hw1.ipynb": "a", "zolaémile_12_500_hw1-1.ipynb": "e"}
    with pytest.raises(UsageError, match=r"notebooks of hw1 .* none of 06-adam; nothing was collected"):
        taken(of_hw1)
    assert not list((tmp_path / "course/submitted").iterdir())
    with pytest.raises(UsageError, match="notebooks of hw1"):
        taken({**of_hw1, "oneilweißheidi_13_500_1.ipynb": "h", "oneilweißheidi_13_500_2.ipynb": "h"})
    made, files = taken({OF_ADA: "a", "zolaémile_12_500_hw1.ipynb": "e"})
    assert made.notes["misnamed"] == ["emile (hw1.ipynb)"]  # another assignment's is not taken for this one
    assert sorted(files) == ["ada/06-adam/adam.ipynb", "emile/06-adam/hw1.ipynb"]


def test_notebooks_that_were_renamed_after_collecting_are_the_same(taken, tmp_path):
    download = {"byronada_11_500_1.ipynb": "a", "byronada_11_500_2.ipynb": "b"}
    two = ("adam", "more")
    taken(download, notebooks=two)
    folder = tmp_path / "course/submitted/ada/06-adam"
    (folder / "1.ipynb").rename(folder / "adam.ipynb")
    (folder / "2.ipynb").rename(folder / "more.ipynb")
    made, _ = taken(download, notebooks=two)
    assert (made.states, made.notes) == ({"ada": "same"}, {})
    _, files = taken(download, update=True, notebooks=two)
    assert files == {"ada/06-adam/adam.ipynb": "a", "ada/06-adam/more.ipynb": "b"}
    other = {**download, "byronada_11_500_2.ipynb": "another"}
    assert taken(other, notebooks=two)[0].states == {"ada": "differs"}


def test_a_submission_that_its_student_renamed_replaces_the_misnamed_one(taken):
    taken({"byronada_11_500_1.ipynb": "a", "byronada_11_500_2.ipynb": "a"})
    again = {OF_ADA: "a"}
    made, files = taken(again)
    assert (made.states, len(files)) == ({"ada": "differs"}, 2), "nothing is overwritten unasked"
    made, files = taken(again, update=True)
    assert (made.states, files) == ({"ada": "replaced"}, {"ada/06-adam/adam.ipynb": "a"})


@table("attempts", "older, newer, text, sent")
def test_of_several_attempts_the_last_counts_with_its_time(taken, older, newer, text, sent):
    made, files = taken({older: "1", newer: "2", text: "about it"})
    assert files.pop("ada/06-adam/adam.ipynb") == "2"
    assert here(files.pop("ada/06-adam/timestamp.txt")) == f"2026-11-20 {sent}"
    assert (files, made.refused) == ({}, {})


WORKSHEET = """Identifier,Full name,Email address,Status,Grade,Last modified (submission),Last modified (grade)
Participant 2300,Ada Byron,ada@x.org,Submitted,,"{}",-
Participant 2301,Émile Zola,e@x.org,Submitted,,-,"Monday, 23 November 2026, 9:00 AM"
Participant 2302,Nobody,n@x.org,Submitted,,-,-
"""


@table("whens", "when")
def test_a_worksheet_of_moodles_says_whose_a_number_is_and_when_it_was_sent(taken, when):
    blind = {
        f"Participant_{number}_assignsubmission_file/adam.ipynb": str(number) for number in (2300, 2301, 2302)
    }
    taken(blind)  # before the worksheet: nobody's
    of_canvas = {**ROSTER, "emile": replace(EMILE, systems=("Canvas",))}  # an address is anybody's
    made, files = taken(blind, of_canvas, worksheet=WORKSHEET.format(when))
    assert here(files.pop("ada/06-adam/timestamp.txt")) == "2026-11-20 22:12:00"
    assert files == {"ada/06-adam/adam.ipynb": "2300", "emile/06-adam/adam.ipynb": "2301"}
    assert list(made.unmatched) == ["Participant_2302"]


@pytest.mark.parametrize("columns", ["", "ID number,"])
def test_a_worksheet_without_names_leaves_those_of_the_files(taken, columns):
    sheet = f"Identifier,{columns}Last modified (submission)\nParticipant 7,{columns and 'ada,'}-\n"
    _, files = taken({BY_NAME: "x"}, worksheet=sheet)
    assert files == {"ada/06-adam/adam.ipynb": "x"}


def test_a_time_that_a_person_gave_stays(taken, tmp_path):
    taken({NUMBERED: "a"})
    (tmp_path / "course/submitted/ada/06-adam/timestamp.txt").write_text("2026-11-12 14:00:00 UTC")
    sheet = WORKSHEET.format("Friday, 20 November 2026, 10:12 PM")
    _, files = taken({NUMBERED: "a"}, worksheet=sheet)
    assert files["ada/06-adam/timestamp.txt"] == "2026-11-12 14:00:00 UTC"


def test_who_is_marked_late_can_be_given_a_time_at_a_named_place(taken, tmp_path):
    late = {"zolaémile_LATE_12_500_adam.ipynb": "e"}
    made, _ = taken(late)
    (line,) = [line for line in made.lines() if "late" in line]
    assert line.endswith("in a table student,time: autograde due 06-adam --times FILE")
    (tmp_path / "course/submitted/emile/06-adam/timestamp.txt").write_text("2026-11-12 14:00:00 UTC")
    assert taken(late)[0].notes == {}


def test_whose_time_goes_with_the_notebook_that_is_replaced_is_named(taken, tmp_path):
    taken({OF_ADA: "first", OF_EMILE: "e"})
    (tmp_path / "course/submitted/ada/06-adam/timestamp.txt").write_text("2026-11-12 14:00:00 UTC")
    made, _ = taken({OF_ADA: "second", OF_EMILE: "e"}, update=True)
    lines = [line for line in made.lines() if "timestamp.txt" in line]
    assert lines == ["timestamp.txt went with the overwritten notebook: ada"]


def test_a_late_one_that_was_not_taken_asks_for_no_time(taken):
    """A time written there would take points off the attempt that was in time."""
    taken({OF_ADA: "in time"})
    made, _ = taken(
        {"byronada_LATE_11_500_adam.ipynb": "later", "zolaémile_LATE_12_500_e.pdf": "no notebook"}
    )
    lines = list(made.lines())
    assert ("late" in made.notes, made.late_flags()) == (False, {})
    assert not any("timestamp.txt" in line for line in lines)
    made, _ = taken({"byronada_LATE_11_500_adam.ipynb": "later"}, update=True)
    assert (made.notes["late"], made.late_flags()) == (["ada"], {"ada": True})


def test_an_id_in_capitals_is_that_id_where_nobody_else_fits(taken):
    mails = {f"{who}.ipynb": who for who in ("ADA", "emile", "HEIDI", "Heidi")}
    made, files = taken(mails, roster={**ROSTER, "Heidi": Person("Heidi")})
    whose = {"ada": "ADA", "emile": "emile", "Heidi": "Heidi"}
    assert files == {f"{who}/06-adam/adam.ipynb": file for who, file in whose.items()}
    assert made.unmatched["HEIDI"] == "can be heidi (Heidi O'Neil-Weiß), Heidi"
    assert "matched ignoring case: ADA → ada" in made.lines()


def test_both_spellings_of_one_id_are_two_submissions_and_neither_is_taken(taken):
    made, files = taken({"ADA.ipynb": "1", "ada.ipynb": "2"})
    assert (made.refused, files) == ({"ada": "senders"}, {})
    (line,) = made.problems([Path("d.zip")])
    assert "ada (ADA, ada). Choose one: --match SENDER=ID" in line


@pytest.mark.parametrize(
    ("word", "roster", "reason"),
    [
        ("gausscarl_77=gauss", ROSTER, "autograde roster add gauss"),
        ("gausscarl_77", ROSTER, "write SENDER=ID"),
        ("gausscarl_77=../../elsewhere", None, "cannot be a student's id"),
    ],
)
def test_an_odd_match_is_refused_with_what_to_do(word, roster, reason):
    with pytest.raises(UsageError, match=reason):
        matches_asked([word], Matcher(roster))


@table("odd submissions", "files, reason")
def test_a_submission_that_is_not_one_is_left_out_and_the_others_are_taken(taken, files, reason):
    made, there = taken({**files, OF_EMILE: "e"})
    assert "name" not in made.notes or reason == "senders", "their numbers are known"
    assert made.refused == {"ada": reason}
    assert there == {"emile/06-adam/adam.ipynb": "e"}
    if reason == "none":
        lines = list(made.lines())
        assert "skipped, not notebooks: answers.pdf (ada, 0.0 MB)" in lines


def test_what_holds_no_notebook_says_so_each_time(taken):
    sent = {"byronada_11_500_answers.pdf": "1"}
    for before in ({}, {"ada": dict.fromkeys(sent, "")}):
        made, _ = taken(sent, before=before)
        assert (made.refused, made.sent) == ({"ada": "none"}, {"ada": dict.fromkeys(sent, "")})


def test_what_a_person_repaired_is_kept_and_what_is_overwritten_goes_to_a_folder_of_its_own(taken, tmp_path):
    taken({OF_ADA: "broken", OF_EMILE: "e"})
    folder = tmp_path / "course/submitted"
    (folder / "ada/06-adam/adam.ipynb").write_text("repaired")
    again = {OF_ADA: "broken", OF_EMILE: "newer"}
    made, files = taken(again, update=True)
    assert made.states == {"ada": "earlier", "emile": "replaced"}
    assert files == {"ada/06-adam/adam.ipynb": "repaired", "emile/06-adam/adam.ipynb": "newer"}
    lines = list(made.lines())
    assert any(line.startswith("collected before, and changed or replaced since: 1 (ada)") for line in lines)
    (old,) = folder.glob(".replaced/*/emile/06-adam/adam.ipynb")
    assert old.read_text() == "e"
    assert f"overwritten: 1 (emile). The old ones are in submitted/.replaced/{old.parts[-4]}" in lines
    made, files = taken({OF_EMILE: "e"}, update=True)  # last week's download
    assert (made.states, files["emile/06-adam/adam.ipynb"]) == ({"emile": "earlier"}, "newer")
    made, files = taken({**again, OF_EMILE: "newest"}, update=True, students=("ada",))
    assert made.states == {"ada": "replaced"}
    assert files == {"ada/06-adam/adam.ipynb": "broken", "emile/06-adam/adam.ipynb": "newer"}


@table("paths out", "name")
@pytest.mark.parametrize("hers", ["byronada_11_500_adam.ipynb", "ada/adam.ipynb"])
def test_a_path_out_of_a_zip_is_listed_and_stops_no_one(taken, tmp_path, name, hers):
    before = set(tmp_path.rglob("*"))
    made, files = taken({hers: "a", name: "x"})
    assert files == {"ada/06-adam/adam.ipynb": "a"}
    assert {path.name for path in set(tmp_path.rglob("*")) - before} == {
        "download.zip", "ada", "06-adam", "adam.ipynb", ".collected"
    }  # fmt: skip
    (line,) = made.problems([tmp_path / "download.zip"])
    assert re.match(r"not collected: '.*' \(not a path inside the download\)\. ", line), line
    assert line.endswith("Put what is a student's into FOLDER/ID, then: autograde collect 06-adam FOLDER")


@pytest.mark.parametrize(
    ("mode", "said"), [(0o120777, "a link"), (0o020666, "not a plain file"), (0o040755, "not a plain file")]
)
def test_what_is_no_file_in_a_zip_is_listed_and_stops_no_one(taken, mode, said):
    odd = zipfile.ZipInfo(OF_ADA)
    odd.external_attr = mode << 16
    made, files = taken({odd: "/etc/passwd", OF_EMILE: "e"})
    assert (made.odd, files) == (
        [f"'byronada_11_500_adam.ipynb' ({said})"],
        {"emile/06-adam/adam.ipynb": "e"},
    )


def test_an_empty_name_in_a_zip_is_listed_and_stops_no_one(taken, tmp_path):
    path = zipped(tmp_path / "download.zip", {OF_ADA: "a", "É.ipynb": "x"})
    path.write_bytes(path.read_bytes().replace("É".encode(), b"\0a"))
    made, files = taken(path)
    assert (made.odd, files) == (["'.' (not a path inside the download)"], {"ada/06-adam/adam.ipynb": "a"})


def test_a_match_is_kept_for_later_downloads_and_one_for_nobody_is_refused(collect, tmp_path):
    name = "Grace H_{}_assignsubmission_file_/adam.ipynb"
    first = {name.format(77): "{}"}
    refused = collect(first, "--match 'Grace H_7=ada'")
    assert refused.exit_code == 2
    assert "--match Grace H_7: no such sender in the download. Nearest: Grace H_77." in refused.stderr
    twice = collect(first, "--match 'Grace H_77=ada' --match 'Grace H_77=emile'")
    assert "the sender is ada, too" in twice.stderr
    lines = tmp_path / "senders.csv"
    lines.write_text(2 * "Grace H_77,ada\n")
    assert collect(first, f"--match {lines}").exit_code == 0
    again = collect({name.format(77): "{ }"}, "--update")
    assert (again.exit_code, again.stdout.partition(".")[0]) == (0, "overwritten: 1 (ada)")
    other = collect({name.format(78): "{ }"}, "--update")
    assert (other.exit_code, "not collected: Grace H_78" in other.stderr) == (1, True)


def test_what_is_kept_of_who_left_the_course_or_of_a_doubtful_name_decides_nothing(taken):
    made, files = taken({BY_NAME: "x"}, kept={("Moodle", "7", "adabyron"): "left"})
    assert files == {"ada/06-adam/adam.ipynb": "x"}, "by the name, as there is no student 'left'"
    made, _ = taken({"byronada_11_500_1_2_adam.ipynb": "x"}, asked={"byronada_11_500_1_2_adam": "ada"})
    assert made.learnt == {}


def test_a_match_of_a_files_name_is_not_kept_as_the_next_students_has_it_too(course, tmp_path):
    course.run("roster add ada")
    mail = tmp_path / "homework.ipynb"
    mail.write_text('{"by": "ada"}')
    assert course.run("collect 06-adam", mail, "--match", "homework=ada").exit_code == 0
    mail.write_text('{"by": "emile"}')
    assert course.run("collect 06-adam", mail, "--update").exit_code == 1
    assert "ada" in (course.root / "submitted/ada/06-adam/adam.ipynb").read_text()


def test_an_odd_file_that_was_left_gives_exit_status_1(collect):
    done = collect({"ada/adam.ipynb": "{}", "../evil\x1b[2J.ipynb": "x"})
    assert (done.exit_code, done.stdout) == (1, "collected: 1 (ada)\n")
    assert done.stderr.startswith(r"not collected: '../evil\x1b[2J.ipynb' (not a path")


def test_two_files_of_one_name_are_refused_and_stop_no_one_else(taken):
    with pytest.warns(UserWarning, match="Duplicate"):
        made, files = taken({OF_ADA: "1", zipfile.ZipInfo(OF_ADA): "2", OF_EMILE: "e"})
    assert made.refused == {"ada": "twice"}
    assert files == {"emile/06-adam/adam.ipynb": "e"}


def test_one_students_large_files_stop_no_one_and_are_named(taken, tmp_path, monkeypatch):
    large = {"byronada_11_501_film.mp4": bytes(2**21), OF_EMILE: bytes(20_000_001)}
    download = zipped(tmp_path / "download.zip", {OF_ADA: "a", **large, OF_HEIDI: "h"})
    read, unpack = [], zipfile.ZipFile.open
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda zip, file: read.append(file) or unpack(zip, file))
    made, files = taken(download)
    assert set(files) == {"ada/06-adam/adam.ipynb", "heidi/06-adam/adam.ipynb"}
    assert made.refused == {"emile": "large"}
    assert "skipped, not notebooks: film.mp4 (ada, 2.1 MB)" in made.lines()
    assert {member.filename for member in read} == {OF_ADA, OF_HEIDI}


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"no zip",
        lambda data: data[:-40],
        lambda data: re.sub(b"(?s)(byronada_11_500_adam.ipynb).{20}", rb"\1" + bytes(20), data, count=1),
        lambda data: data.replace("É".encode(), b"\xff\xfe"),
        lambda data: data[:-6] + b"\xff\xff" + data[-4:],  # a notebook before the start
    ],
)
def test_a_damaged_zip_is_refused_before_anything_of_it_is_taken(taken, tmp_path, damage, method):
    hers = zipfile.ZipInfo(OF_ADA)
    hers.compress_type = method
    path = zipped(tmp_path / "damaged.zip", {OF_EMILE: "e", "É/adam.ipynb": "x", hers: bytes(range(256)) * 9})
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(UsageError, match="cannot be read as a zip"):
        taken(path)
    assert list((tmp_path / "course/submitted").iterdir()) == []


@table("folders", "files, on_roster, asked, whose")
def test_a_folder_around_all_is_skipped_unless_it_is_a_student(taken, files, on_roster, asked, whose):
    made, there = taken(dict.fromkeys(files, "{}"), ROSTER if on_roster else None, asked=asked)
    assert set(made.states) == set(whose)
    assert {place.partition("/")[0] for place in there} == set(whose)
    assert whose or made.refused == {"ada": "twice"}


def test_what_an_editor_left_in_a_submission_does_not_make_it_another(taken, tmp_path):
    download = {OF_ADA: "a", "ada/.ipynb_checkpoints/adam-checkpoint.ipynb": "a"}
    taken(download)
    left = tmp_path / "course/submitted/ada/06-adam/.ipynb_checkpoints"
    left.mkdir()
    (left / "adam-checkpoint.ipynb").write_text("a")
    assert taken(download)[0].states == {"ada": "same"}


def test_what_was_deleted_from_submitted_is_collected_anew(taken, tmp_path):
    taken({OF_ADA: "a"})
    (tmp_path / "course/submitted/ada/06-adam/adam.ipynb").unlink()
    made, files = taken({OF_ADA: "a"})
    assert (made.states, files) == ({"ada": "new"}, {"ada/06-adam/adam.ipynb": "a"})


def test_without_a_roster_a_sender_who_can_be_no_student_is_listed(taken):
    made, _ = taken({OF_ADA: "x"}, roster=None)
    line = next(made.problems([Path("d.zip")]))
    assert re.match("not collected: .* is not a student's id", line)


def test_the_suggested_command_is_whole_for_any_name_of_a_file_or_sender(taken):
    sender = "O'Neil $(touch x)"
    made, _ = taken({f"{sender}_77_assignsubmission_file/adam.ipynb": "x"})
    *_, line, _ = made.problems([Path("02 Adam; rm.zip")])
    words = shlex.split(line.partition("to assign it to a student: ")[2])
    assert words == ["autograde", "collect", "06-adam", "02 Adam; rm.zip", "--match", f"{sender}_77=ID"]


def test_a_link_in_a_folder_is_listed_and_stops_no_one(taken, tmp_path):
    source = tmp_path / "source"
    for folder in (source / "ada", tmp_path / "else/emile"):
        folder.mkdir(parents=True)
        (folder / "adam.ipynb").write_text("x")
    (source / "emile").symlink_to(tmp_path / "else/emile")
    (source / "gone.ipynb").symlink_to(tmp_path / "nowhere")
    os.mkfifo(source / "pipe.ipynb")
    made, files = taken(source)
    assert files == {"ada/06-adam/adam.ipynb": "x"}
    assert made.odd == ["'emile' (a link)", "'gone.ipynb' (a link)", "'pipe.ipynb' (not a plain file)"]


def test_a_students_folder_that_cannot_be_looked_into_is_an_error(taken, tmp_path, monkeypatch):
    source, look = tmp_path / "source", os.scandir
    (source / "ada").mkdir(parents=True)

    def closed(path):
        if Path(path).name == "ada":
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(os, "scandir", closed)
    with pytest.raises(PermissionError):
        taken(source)


def test_a_student_named_like_anothers_replaced_folder_gets_only_their_own(tmp_path, taken):
    roster = {name: Person(name) for name in ("ada", "ada.before")}
    for text in ("1", "2"):
        for name in roster:
            (tmp_path / "source" / name).mkdir(parents=True, exist_ok=True)
            (tmp_path / "source" / name / f"{name}.ipynb").write_text(text)
        _, files = taken(tmp_path / "source", roster, update=True, notebooks=("adam", "other"))
    assert files == {f"{name}/06-adam/{name}.ipynb": "2" for name in roster}


def test_one_command_takes_the_downloads_of_two_systems_and_knows_whose_is_missing_in_both(course, tmp_path):
    table = tmp_path / "list.csv"
    for text in (
        'Student,ID,SIS Login ID,Section\n"Byron, Ada",11,ada,A\n"Weiß, Heidi",13,heidi,A\n',
        "First name,Last name,ID number,Email address\nAda,Byron,ada2,a@x.org\nEmile,Zola,emile,e@x.org\n",
    ):
        table.write_text(text)
        assert course.run("roster import", table).exit_code == 0
    canvas = zipped(tmp_path / "canvas.zip", {"byronada_11_500_adam.ipynb": answer(why="in Canvas")})
    name = "Ada Byron_2300_assignsubmission_file_/adam.ipynb"
    moodle = zipped(tmp_path / "moodle.zip", {name: answer(why="in Moodle")})
    done = course.run("collect 06-adam", canvas, moodle)
    assert done.exit_code == 0, done.stderr
    assert "collected: 2 (ada, ada2)" in done.stdout
    assert "missing: 2 (heidi, emile)" in done.stdout or "missing: 2 (emile, heidi)" in done.stdout
    for student, why in (("ada", "in Canvas"), ("ada2", "in Moodle")):
        assert why in (course.root / f"submitted/{student}/{ASSIGNMENT}/adam.ipynb").read_text()
    other = zipped(tmp_path / "other.zip", {name.replace("adam.ipynb", "x.pdf"): b"%PDF"})
    assert course.run("collect 06-adam", canvas, other).exit_code == 1


IN_BOTH = {
    "canvas": "byronada_11_{}_adam.ipynb",
    "moodle": "Ada Byron_2300_assignsubmission_file_{}/adam.ipynb",
}
SENDERS = {"canvas": "byronada_11", "moodle": "Ada Byron_2300"}


@pytest.mark.parametrize("is_known", [False, True], ids=["by name", "by a worksheet"])
@pytest.mark.parametrize("chosen", SENDERS)
def test_of_one_person_in_two_systems_the_one_that_match_names_is_taken_and_it_is_asked_once(
    course, tmp_path, chosen, is_known
):
    table = tmp_path / "table.csv"
    for text in (
        'Student,ID,SIS User ID,SIS Login ID\n"Byron, Ada",11,ada,ada\n',
        "First name,Last name,ID number,Email address\nAda,Byron,ada,a@x.org\n",
    ):
        table.write_text(text)
        course.run("roster import", table)
    table.write_text("Identifier,Full name,ID number\nParticipant 2300,Ada Byron,ada\n")
    sheet = ("--worksheet", table) if is_known else ()

    def collect(*words, **attempts):
        zips = [
            zipped(tmp_path / f"{system}.zip", {name.format(attempts.get(system, 1)): answer(why=system)})
            for system, name in IN_BOTH.items()
        ]
        return course.run("collect 06-adam", *zips, *words)

    submitted = course.root / f"submitted/ada/{ASSIGNMENT}/adam.ipynb"
    done = collect(*sheet)
    if is_known:  # by name alone it is not surely hers
        assert (
            "two submissions of the same student or group: ada (Ada Byron_2300, byronada_11)" in done.stderr
        )
        assert (done.exit_code, submitted.exists()) == (1, False)
    else:
        assert (done.exit_code, "Ada Byron_2300 has the name of ada" in done.stderr) == (1, True)
    for system in (chosen, *IN_BOTH):  # also one after the other
        done = collect(*sheet, "--update", "--student", "ada", "--match", f"{SENDERS[system]}=ada")
        (other,) = IN_BOTH.keys() - {system}
        assert done.exit_code == 0, done.stderr
        assert f"as --match names another's file: {SENDERS[other]} (ada)" in done.stdout
        assert system in submitted.read_text()
        again = collect(*sheet)
        assert (again.exit_code, "already collected: 1 (ada)" in again.stdout) == (0, True), again.stderr
    course.grade()
    for system, pages in (("canvas", 0), ("moodle", 1)):
        done = course.run("feedback 06-adam --zip", system)
        assert f"-{system}.zip: {pages} page" in done.stdout
    again = collect(*sheet, canvas=2)  # which was left out is sent again
    assert (again.exit_code, "two submissions" in again.stderr) == (1, True)
    assert "moodle" in submitted.read_text()


def test_a_list_is_cut_at_a_terminal_alone_and_says_how_to_see_all_of_it(monkeypatch):
    students = [f"s{number:02}" for number in range(14)]
    assert named(students) == ", ".join(students)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert named(students) == f"{', '.join(students[:10])} and 4 more (all of them: add | cat)"
    assert named(students[:10]) == ", ".join(students[:10])
