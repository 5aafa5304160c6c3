"""Downloads as the systems pack them go to the right students; what is doubtful is listed and stays out."""

from __future__ import annotations

import os
import re
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from typer.testing import CliRunner

from autograde.cli import app
from autograde.collect import archive
from autograde.collect.collect import collect
from autograde.collect.collect_messages import collected_lines, left_lines, matches_asked
from autograde.collect.match import Matcher, Unmatched
from autograde.collect.patterns import signed
from autograde.errors import UsageError
from autograde.grading.course import Course
from autograde.roster.people import Person
from autograde.untrusted.timestamp import OddTimestampError, read_timestamp

ADA = Person("ada", "Ada", "Byron", "ada@x.org", "11")
EMILE = Person("emile", "Émile", "Zola", "e@x.org", "12")
HEIDI = Person("heidi", "Heidi", "O'Neil-Weiß", "h@x.org", "13")
ROSTER = {person.id: person for person in (ADA, EMILE, HEIDI)}


def by_canvas(person: Person, file: str = "adam.ipynb", late: bool = False, attachment: int = 500) -> str:
    """A name as Canvas's lib/content_zipper.rb makes it."""
    name = re.sub(r"_(\d+)_", r"\1", f"{person.last_name}, {person.first_name}").lower()
    parts = [name, *(["LATE"] if late else []), person.lms_user_id]
    start = re.sub(r"[^\w]", "", "_".join(parts))
    return f"{start}_{attachment}_" + re.sub(r'[\x00/\\:*?"<>|]+', "_", file)


def by_moodle(person: Person, participant: int, file: str = "adam.ipynb", folders: bool = True) -> str:
    """A name as Moodle's mod/assign/classes/downloader.php makes it."""
    name = re.sub(r"[^\w\s.,'-]", "", f"{person.first_name} {person.last_name}".replace("_", " "))
    start = f"{name}_{participant}_assignsubmission_file"
    return f"{start}/{file}" if folders else f"{start}_{file}"


def packed(tmp_path: Path, files: dict[str, bytes | str]) -> Path:
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return path


@pytest.fixture
def taken(tmp_path):
    """Collects a download into an empty course; hands back what came of it and what lies there."""
    root = tmp_path / "course"
    (root / "submitted").mkdir(parents=True)

    def take(source: Path | dict, roster=ROSTER, named=None, update=False, notebooks=("adam",)):
        path = packed(tmp_path, source) if isinstance(source, dict) else source
        course = Course.open(root)
        made = collect(course, "06-adam", list(notebooks), path, roster, named or {}, update)
        files = {
            str(file.relative_to(root / "submitted")): file.read_text()
            for file in (root / "submitted").rglob("*")
            if file.is_file()
        }
        return made, files

    return take


def test_canvas_zips_are_matched_by_number(taken):
    made, files = taken(
        {
            by_canvas(ADA): "a",
            by_canvas(EMILE, "adam-1.ipynb", late=True): "e",
            by_canvas(HEIDI, "adam (2).ipynb"): "h",
        }
    )
    assert files == {
        "ada/06-adam/adam.ipynb": "a",
        "emile/06-adam/adam.ipynb": "e",
        "heidi/06-adam/adam.ipynb": "h",
    }
    assert made.late == ["emile"]
    assert made.complete


def test_a_canvas_name_with_a_mark_of_its_own_is_matched(taken):
    """Small letters of İ, and of Devanagari, hold marks that are no letters to Python."""
    irem = Person("irem", "İrem", "Yılmaz", "i@x.org", "14")
    sita = Person("sita", "सीता", "शर्मा", "s@x.org", "15")
    files = {
        f"{name}_{number}_900_adam.ipynb": "{}" for name, number in (("yılmazi̇rem", 14), ("शर्मासीता", 15))
    }
    made, _ = taken(files, {"irem": irem, "sita": sita})
    assert made.states == {"irem": "new", "sita": "new"}
    assert made.unmatched == {}


def test_canvas_zips_are_matched_by_name_where_no_number_is_known(taken):
    roster = {who: Person(who, one.first_name, one.last_name) for who, one in ROSTER.items()}
    _, files = taken({by_canvas(person): person.id for person in ROSTER.values()}, roster=roster)
    assert files == {f"{who}/06-adam/adam.ipynb": who for who in ROSTER}


def test_another_number_beside_the_same_name_is_another_person(taken):
    stranger = Person("x", "Ada", "Byron", "", "99")
    made, files = taken({by_canvas(stranger): "a"})
    assert files == {}
    assert made.unmatched["byronada_99"].nearest[0] == ADA


@pytest.mark.parametrize("folders", [True, False])
def test_moodle_zips_are_matched_by_full_name(taken, folders):
    files = {by_moodle(one, 2340 + at, folders=folders): who for at, (who, one) in enumerate(ROSTER.items())}
    made, there = taken(files)
    assert there == {f"{who}/06-adam/adam.ipynb": who for who in ROSTER}
    assert made.complete


def test_a_name_that_two_students_share_is_nobodys_until_said(taken):
    roster = {**ROSTER, "ada2": Person("ada2", "Ada", "Byron", "a2@x.org")}
    download = {by_moodle(ADA, 7): "one", by_moodle(ADA, 8): "two"}
    made, files = taken(download, roster=roster)
    assert files == {}
    assert {one.id for one in made.unmatched["Ada Byron_7"].several} == {"ada", "ada2"}
    assert (
        "Participant in the column Identifier" in list(left_lines(made, "06-adam", Path("d.zip"), roster))[-1]
    )
    made, files = taken(download, roster=roster, named={"Ada Byron_7": "ada2", "Ada Byron_8": "ada"})
    assert files == {"ada/06-adam/adam.ipynb": "two", "ada2/06-adam/adam.ipynb": "one"}


def test_a_part_of_a_name_is_not_taken_for_the_name(taken):
    made, files = taken({by_moodle(Person("x", "Anna-Ada", "Byron"), 7): "x"})
    assert files == {}
    assert "Anna-Ada Byron_7" in made.unmatched


@pytest.mark.parametrize("sender", ["ada", "ada@x.org", "Ada Byron", "Byron, Ada", "11"])
def test_a_folder_is_matched_by_whatever_names_one_student(tmp_path, taken, sender):
    folder = tmp_path / "handed in" / sender
    folder.mkdir(parents=True)
    (folder / "adam.ipynb").write_text("a")
    assert taken(folder.parent)[1] == {"ada/06-adam/adam.ipynb": "a"}


def test_files_named_by_ids_are_the_assignments_notebook(tmp_path, taken):
    folder = tmp_path / "flat"
    folder.mkdir()
    (folder / "ada.ipynb").write_text("a")
    assert taken(folder)[1] == {"ada/06-adam/adam.ipynb": "a"}


def test_one_notebook_named_by_an_id_is_taken_as_it_is(tmp_path, taken):
    (tmp_path / "ada.ipynb").write_text("again")
    assert taken(tmp_path / "ada.ipynb")[1] == {"ada/06-adam/adam.ipynb": "again"}
    (tmp_path / "who.ipynb").write_text("?")
    assert "who" in taken(tmp_path / "who.ipynb")[0].unmatched


def test_a_zip_that_was_packed_again_with_its_folder_is_the_same(taken):
    _, files = taken(
        {
            f"hw/{by_canvas(ADA)}": "a",
            f"hw/{by_canvas(EMILE)}": "e",
            "__MACOSX/hw/._x": "",
            "hw/.DS_Store": "",
        }
    )
    assert sorted(files) == ["ada/06-adam/adam.ipynb", "emile/06-adam/adam.ipynb"]


def test_a_notebook_of_another_name_keeps_it_and_grading_says_so(taken):
    made, files = taken({by_canvas(ADA, "homework.ipynb"): "a", by_canvas(EMILE, "adam-1.ipynb"): "e"})
    assert sorted(files) == ["ada/06-adam/homework.ipynb", "emile/06-adam/adam.ipynb"]
    assert made.misnamed == {"ada": ["homework.ipynb"]}
    lines = list(collected_lines(made, "06-adam", ["adam"], ROSTER))
    rename = "if it is their 06-adam, rename it to adam.ipynb in submitted/ada/06-adam/"
    assert f"ada handed in homework.ipynb: {rename}" in lines
    assert not any("Is this the download" in line for line in lines), "one of two"
    made, _ = taken({by_canvas(EMILE, "sgd.ipynb"): "of another lesson"}, update=True)
    lines = list(collected_lines(made, "06-adam", ["adam"], ROSTER))
    (line,) = [line for line in lines if "Is this the download of 06-adam?" in line]
    assert line.startswith("no notebook is named adam.ipynb: emile.")
    assert "delete submitted/emile/06-adam" in line


def test_the_download_of_another_assignment_is_refused_and_that_one_is_named(taken, tmp_path):
    for name, notebook in (("06-adam", "adam"), ("hw1", "hw1")):
        place = tmp_path / "course/solutions" / name
        place.mkdir(parents=True)
        (place / f"{notebook}.ipynb").write_text("{}")
    of_hw1 = {by_canvas(ADA, "hw1.ipynb"): "a", by_canvas(EMILE, "hw1-1.ipynb"): "e"}
    with pytest.raises(UsageError, match=r"notebooks of hw1 .* none of 06-adam: nothing was taken"):
        taken(of_hw1)
    assert not list((tmp_path / "course/submitted").iterdir())
    with pytest.raises(UsageError, match="notebooks of hw1"):
        taken({**of_hw1, by_canvas(HEIDI, "homework.ipynb"): "h"})
    made, _ = taken(
        {by_canvas(ADA, "a.ipynb"): "a", by_canvas(EMILE, "e.ipynb"): "e"}
    )  # whose, a person says
    assert sorted(made.misnamed) == ["ada", "emile"]
    (tmp_path / "course/submitted/ada/06-adam/a.ipynb").unlink()
    assert not taken({by_canvas(ADA, "adam.ipynb"): "a", by_canvas(EMILE, "hw1.ipynb"): "e"})[0].refused


def test_a_notebook_that_was_renamed_after_collecting_is_the_same(taken, tmp_path):
    download = {by_canvas(ADA, "homework.ipynb"): "a"}
    taken(download)
    folder = tmp_path / "course/submitted/ada/06-adam"
    (folder / "homework.ipynb").rename(folder / "adam.ipynb")
    made, files = taken(download)
    assert (made.states, made.misnamed) == ({"ada": "same"}, {})
    made, files = taken(download, update=True)
    assert files == {"ada/06-adam/adam.ipynb": "a"}
    assert taken({by_canvas(ADA, "homework.ipynb"): "another"})[0].states == {"ada": "differs"}


def test_who_is_marked_late_without_a_time_can_be_given_one_at_a_named_place(taken):
    made, _ = taken({by_canvas(EMILE, late=True): "e"})
    (line,) = [line for line in collected_lines(made, "06-adam", ["adam"], ROSTER) if "late" in line]
    assert "echo YYYY-MM-DD HH:MM:SS UTC > submitted/emile/06-adam/timestamp.txt" in line
    with pytest.raises(OddTimestampError):  # typed as it stands it is nobody's time
        read_timestamp(b"YYYY-MM-DD HH:MM:SS UTC")


def test_who_is_marked_late_and_has_a_time_is_not_asked_for_one(taken, tmp_path):
    taken({by_canvas(EMILE, late=True): "e"})
    (tmp_path / "course/submitted/emile/06-adam/timestamp.txt").write_text("2026-11-12 14:00:00 UTC")
    assert taken({by_canvas(EMILE, late=True): "e"})[0].late == []


def test_whose_time_goes_with_the_notebook_that_is_replaced_is_named(taken, tmp_path):
    taken({by_canvas(ADA): "first", by_canvas(EMILE): "e"})
    (tmp_path / "course/submitted/ada/06-adam/timestamp.txt").write_text("2026-11-12 14:00:00 UTC")
    made, _ = taken({by_canvas(ADA): "second", by_canvas(EMILE): "e"}, update=True)
    lines = [line for line in collected_lines(made, "06-adam", ["adam"], ROSTER) if "timestamp.txt" in line]
    assert lines == [
        "the time in timestamp.txt went with the notebook that was replaced, and counts no more: ada"
    ]


def test_a_late_one_that_was_not_taken_asks_for_no_time_beside_the_one_that_was_in_time(taken):
    """A time written there would take points off the attempt that was in time."""
    taken({by_canvas(ADA): "in time"})
    made, _ = taken({by_canvas(ADA, late=True): "later", by_canvas(EMILE, "e.pdf", late=True): "no notebook"})
    lines = list(collected_lines(made, "06-adam", ["adam"], ROSTER))
    assert (made.late, made.late_and_left) == ([], ["ada"])
    assert not any("timestamp.txt" in line for line in lines)
    assert "the other one is marked late by Canvas: ada. --update takes that one, with its mark" in lines
    made, _ = taken({by_canvas(ADA, late=True): "later"}, update=True)
    assert (made.late, made.late_and_left) == (["ada"], [])


def test_an_id_in_capitals_is_that_id_where_nobody_else_fits_and_the_listing_says_so(tmp_path, taken):
    folder = tmp_path / "flat"
    folder.mkdir()
    for name in ("ADA", "emile", "HEIDI"):
        (folder / f"{name}.ipynb").write_text(name)
    made, files = taken(folder, roster={**ROSTER, "Heidi": Person("Heidi")})
    assert files == {"ada/06-adam/adam.ipynb": "ADA", "emile/06-adam/adam.ipynb": "emile"}
    assert made.unmatched["HEIDI"].several == (HEIDI, Person("Heidi"))
    lines = list(collected_lines(made, "06-adam", ["adam"], ROSTER))
    assert "ids in other letters, and nobody else fits: ADA → ada" in lines


def test_both_spellings_of_one_id_are_two_submissions_and_neither_is_taken(tmp_path, taken):
    folder = tmp_path / "flat"
    folder.mkdir()
    for name in ("ADA", "ada"):
        (folder / f"{name}.ipynb").write_text(name)
    made, files = taken(folder)
    assert (made.refused, files) == ({"ada": "senders"}, {})
    (line,) = left_lines(made, "06-adam", folder, ROSTER)
    assert "not collected: ada (ADA, ada). Whose is the other?" in line


def test_a_match_with_somebody_new_says_how_they_get_on_the_roster():
    with pytest.raises(UsageError, match="autograde roster add gauss"):
        matches_asked(["gausscarl_77=gauss"], ROSTER)
    with pytest.raises(UsageError, match="write SENDER=ID"):
        matches_asked(["gausscarl_77"], ROSTER)


@pytest.mark.parametrize("student", ["", "../../elsewhere", ".hidden"])
def test_a_match_with_what_can_be_no_folder_of_a_student_is_refused_without_a_roster_too(student):
    with pytest.raises(UsageError, match="can be no student's id"):
        matches_asked([f"gausscarl_77={student}"], None)


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({by_canvas(ADA): "1", by_canvas(ADA, "adam-1.ipynb", attachment=501): "2"}, "twice"),
        ({by_moodle(ADA, 7): "1", by_moodle(ADA, 8): "2"}, "senders"),
        ({by_canvas(ADA, "answers.pdf"): "1"}, "none"),
        ({by_canvas(ADA, "adam\n.ipynb"): "1"}, "name"),
        ({by_canvas(ADA): b"x" * 20_000_001}, "large"),
    ],
)
def test_a_submission_that_is_not_one_is_left_out_and_the_others_are_taken(taken, files, reason):
    made, there = taken({**files, by_canvas(EMILE): "e"})
    assert made.refused == {"ada": reason}
    assert there == {"emile/06-adam/adam.ipynb": "e"}
    assert not made.complete
    if reason == "none":
        lines = list(collected_lines(made, "06-adam", ["adam"], ROSTER))
        assert "left out, as they are no notebooks: answers.pdf (ada)" in lines


def test_collecting_again_changes_nothing_unless_asked(taken):
    taken({by_canvas(ADA): "a"})
    assert taken({by_canvas(ADA): "a"})[0].states == {"ada": "same"}
    made, files = taken({by_canvas(ADA): "b"})
    assert (made.states, files["ada/06-adam/adam.ipynb"]) == ({"ada": "differs"}, "a")
    made, files = taken({by_canvas(ADA): "b"}, update=True)
    assert (made.states, files) == ({"ada": "replaced"}, {"ada/06-adam/adam.ipynb": "b"})


@pytest.mark.parametrize(
    "name", ["../evil.ipynb", "/etc/evil.ipynb", "ada/../../evil.ipynb", "..\\evil.ipynb", "C:/evil.ipynb"]
)
def test_a_zip_that_points_out_of_itself_is_refused_whole(taken, tmp_path, name):
    with pytest.raises(UsageError, match="no plain file in its own place"):
        taken({by_canvas(ADA): "a", name: "x"})
    assert list((tmp_path / "course" / "submitted").iterdir()) == []


def test_a_zip_with_a_link_in_it_is_refused(taken, tmp_path):
    path = tmp_path / "link.zip"
    with zipfile.ZipFile(path, "w") as made:
        link = zipfile.ZipInfo(by_canvas(ADA))
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    with pytest.raises(UsageError, match="no plain file"):
        taken(path)


def test_two_files_of_one_name_are_refused(taken, tmp_path):
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(by_canvas(ADA), "1")
        with pytest.warns(UserWarning, match="Duplicate"):
            made.writestr(by_canvas(ADA), "2")
    with pytest.raises(UsageError, match="twice"):
        taken(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(taken, tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MOST_BYTES", 2**26)
    bomb = packed(tmp_path, {f"{at}_1_2_adam.ipynb": bytes(2**20) for at in range(65)})
    assert bomb.stat().st_size < 2**17
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(UsageError, match="more than"):
        taken(bomb)


@pytest.mark.parametrize(
    "damage", [lambda data: b"no zip", lambda data: data[:-40], lambda data: data.replace(b"aaaa", b"aaab")]
)
def test_a_damaged_zip_is_refused_before_anything_of_it_is_taken(taken, tmp_path, damage):
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(by_canvas(EMILE), "e")
        made.writestr(by_canvas(ADA), "aaaa" * 9)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(UsageError, match="cannot be read as a zip"):
        taken(path)
    assert list((tmp_path / "course" / "submitted").iterdir()) == []


def test_without_a_roster_only_ids_are_taken():
    entry = archive.ArchiveEntry(PurePosixPath(by_canvas(ADA)), 1, lambda most: b"")
    matcher = Matcher(None, {})
    (file,) = signed([entry], matcher.is_somebody, has_roster=False)
    assert matcher.student(file) == Unmatched("byronada_11")
    entry = archive.ArchiveEntry(PurePosixPath("s05/adam.ipynb"), 1, lambda most: b"")
    (file,) = signed([entry], matcher.is_somebody, has_roster=False)
    assert matcher.student(file) == "s05"


@pytest.mark.parametrize(
    ("files", "roster", "named", "whose"),
    [
        (["ada/06-adam/adam.ipynb"], ROSTER, {}, {"ada"}),
        (["ada/06-adam/adam.ipynb"], None, {}, set()),
        (["ada/06-adam/adam.ipynb"], None, {"ada": "ada"}, {"ada"}),
        (["class/ada/adam.ipynb"], None, {"class/ada": "ada"}, {"ada"}),
        (["ada/adam.ipynb", "ada/data/x.csv"], None, {}, {"ada"}),
        (["Ada Byron/adam.ipynb", "Ada Byron/data/x.csv"], ROSTER, {}, {"ada"}),
        (["class/ada/adam.ipynb"], ROSTER, {}, {"ada"}),
        (["class/ada/adam.ipynb", "class/emile/adam.ipynb"], None, {}, {"ada", "emile"}),
        (["class/ada/adam.ipynb", "class/emile.ipynb"], ROSTER, {}, {"ada", "emile"}),
        (["11/emile/adam.ipynb", "11/heidi/adam.ipynb"], ROSTER, {}, {"emile", "heidi"}),
        (["ada/emile/adam.ipynb"], ROSTER, {}, set()),
    ],
)
def test_of_two_folders_in_each_other_the_one_that_is_somebody_says_whose_it_is(
    taken, files, roster, named, whose
):
    made, there = taken(dict.fromkeys(files, "{}"), roster, named)
    assert set(made.states) == whose
    assert {place.partition("/")[0] for place in there} == whose
    assert whose or (list(made.unmatched) == [files[0].rpartition("/")[0]])


def test_what_an_editor_left_in_a_submission_does_not_make_it_another(taken, tmp_path):
    download = {by_canvas(ADA): "a", "ada/.ipynb_checkpoints/adam-checkpoint.ipynb": "a"}
    taken(download)
    left = tmp_path / "course/submitted/ada/06-adam/.ipynb_checkpoints"
    left.mkdir()
    (left / "adam-checkpoint.ipynb").write_text("a")
    assert taken(download)[0].states == {"ada": "same"}


def test_the_exchange_is_nbgraders_own_and_strangers_are_named(tmp_path):
    root = tmp_path / "course"
    (root / "solutions" / "06-adam").mkdir(parents=True)
    (root / "solutions" / "06-adam" / "adam.ipynb").write_text("{}")
    exchange = tmp_path / "exchange"
    (root / "nbgrader_config.py").write_text(
        f"c = get_config()\nc.CourseDirectory.course_id = 'opt'\nc.Exchange.root = {str(exchange)!r}\n"
        "c.ExchangeCollect.check_owner = False\n"
    )
    for student in ("ada", "adda"):
        inbound = exchange / "opt" / "inbound" / f"{student}+06-adam+2026-11-10 12:00:00 UTC+abc"
        inbound.mkdir(parents=True)
        (inbound / "adam.ipynb").write_text(student)
        (inbound / "timestamp.txt").write_text("2026-11-10 12:00:00 UTC")
    for name in (exchange, exchange / "opt", exchange / "opt" / "inbound"):
        name.chmod(0o777)
    run = CliRunner().invoke
    run(app, ["roster", "add", "ada", "--course-dir", str(root)])
    run(app, ["roster", "add", "emile", "--course-dir", str(root)])
    done = run(app, ["collect", "06-adam", "--course-dir", str(root)])
    assert (root / "submitted" / "ada" / "06-adam" / "adam.ipynb").read_text() == "ada"
    assert "not handed in: 1 (emile)" in done.stdout
    assert "not on the roster: adda (nearest: ada)" in done.stderr
    assert done.exit_code == 1


@pytest.mark.parametrize(
    ("roster", "said"),
    [(ROSTER, "fits nobody on the roster"), (None, "is no student's id")],
)
def test_a_sender_that_nobody_is_is_said_to_fit_nobody(taken, roster, said):
    stranger = Person("gauss", "Carl", "Gauss", "g@x.org", "2377")
    made, _ = taken({by_canvas(stranger): "x"}, roster=roster)
    lines = list(left_lines(made, "06-adam", Path("d.zip"), roster))
    assert any(line.startswith("not collected: ") and said in line for line in lines)
    if roster is not None:
        assert lines[-1].endswith('autograde collect 06-adam d.zip --match "gausscarl_2377=ID"')


def test_a_zip_with_a_name_in_no_encoding_is_refused_in_one_line(taken, tmp_path):
    path = packed(tmp_path, {"é/adam.ipynb": "x"})
    path.write_bytes(path.read_bytes().replace("é".encode(), b"\xff\xfe"))
    with pytest.raises(UsageError, match="cannot be read as a zip"):
        taken(path)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_that_is_damaged_inside_is_refused_whatever_packed_it(taken, tmp_path, method):
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w", method) as made:
        made.writestr("ada.ipynb", bytes(range(256)) * 9)
        start = made.infolist()[0].header_offset + 30 + len("ada.ipynb")
    data = path.read_bytes()
    path.write_bytes(data[:start] + bytes(20) + data[start + 20 :])
    with pytest.raises(UsageError, match="cannot be read as a zip"):
        taken(path)


def test_a_file_that_is_named_by_a_point_is_refused(taken):
    with pytest.raises(UsageError, match="no plain file in its own place"):
        taken({".": "x", "ada.ipynb": "x"})


def test_a_students_folder_that_is_a_link_is_refused_and_not_passed_over(taken, tmp_path):
    source = tmp_path / "source"
    for folder in (source / "ada", tmp_path / "else/emile"):
        folder.mkdir(parents=True)
        (folder / "adam.ipynb").write_text("x")
    (source / "emile").symlink_to(tmp_path / "else/emile")
    with pytest.raises(UsageError, match="'emile', which is no plain file"):
        taken(source)


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
