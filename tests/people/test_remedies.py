"""Every command that a message prints can be pasted into a shell, whatever the names in it, and does what it says."""

import os
import re
import shlex
import shutil
import zipfile
from datetime import UTC, datetime
from itertools import count
from unittest.mock import Mock

import course_folder
import nbformat
import pytest
from course_folder import CONFIG, CourseFolder, NoSandbox, answer, lesson
from pages import test_self_reported

from autograde.errors import UsageError
from autograde.grading import grade_class
from autograde.lms.exporter import require_one

NAME, OTHER, WHO = "it's; 6", "x; y", "o'neil; 7"
OF_NAME = [("grade", NAME), ("explain", NAME, WHO), ("export", NAME), ("feedback", NAME)]
RUN, CLASS = (NoSandbox, "submit_run"), (grade_class, "grade_class")
NEWER = count()  # what was collected before is not collected again
FAULTS = [(RUN, RuntimeError), (RUN, KeyboardInterrupt), (CLASS, KeyboardInterrupt)]


class Odd(CourseFolder):
    """A course whose assignment has an odd name; its cells run in this process."""

    def said(self, *words: object) -> str:
        return self.run(*words).output

    def follow(self, message: str, start: str, **filled: str) -> str:
        """Run the last printed command with that beginning, its placeholders filled in."""
        words = shlex.split(re.findall(rf"autograde ({start} [^`\n]+)", message)[-1])
        for name, value in filled.items():  # a whole word, or what is behind its "="
            words = [re.sub(rf"(?<![^=]){name}(\.zip|\.csv)?$", value, word) for word in words]
        done = self.run(*words)
        assert done.exit_code == 0, (words, done.output)
        return done.output

    def take_collected(self) -> None:
        os.renames(f"submitted/{WHO}/{NAME}/adam.ipynb", "taken.ipynb")

    def add_other(self) -> None:
        (self.root / "solutions" / OTHER).mkdir()
        nbformat.write(lesson(), self.root / "solutions" / OTHER / "other.ipynb")

    def download(self, *files: str) -> str:
        with zipfile.ZipFile("a class; 1.zip", "w") as made:
            for file in files:
                made.writestr(file, nbformat.writes(answer()) + "\n" * next(NEWER))
        return "a class; 1.zip"


@pytest.fixture
def odd(tmp_path, monkeypatch):
    for module in (course_folder, test_self_reported):
        monkeypatch.setattr(module, "ASSIGNMENT", NAME)
    monkeypatch.setattr(grade_class.grade_class, "__defaults__", (None, NoSandbox))
    made = Odd.make(tmp_path / "course")
    made.register()
    monkeypatch.chdir(made.root)
    return made


@pytest.mark.parametrize("words", [*OF_NAME[1:], ("report", NAME)])
def test_what_is_not_graded_yet_is_graded(odd, words):
    for student in (WHO, "s01"):
        odd.run("roster", "add", student)
        odd.submit(student)
    if words[0] != "report":
        odd.grade("s01")
    odd.follow(odd.said(*words), "grade")
    assert odd.autograded(WHO).is_file()


def test_what_needs_review_is_explained_collected_and_graded(odd):
    for words in OF_NAME:
        odd.submit(WHO, "{")
        odd.grade()
        message = odd.said(*words)
        if words[0] in ("export", "feedback"):
            message = odd.follow(message, "explain")
        odd.follow(message, "collect", FILE=odd.download(f"{WHO}/adam.ipynb"))
        odd.follow(message, "grade")
        assert odd.autograded(WHO).is_file()


def test_what_is_gone_is_erased(odd):
    for words in OF_NAME:
        odd.submit(WHO)
        odd.submit("s01")
        odd.grade()
        shutil.rmtree(odd.root / "submitted" / WHO)
        odd.follow(odd.said(*words), "student erase")
        assert odd.run("explain", NAME, WHO).exit_code == 2


@pytest.mark.parametrize("words", [OF_NAME[0], OF_NAME[2], ("collect", NAME, "x", "--match", f"x={WHO}")])
def test_a_stranger_gets_onto_the_roster(odd, words):
    odd.submit(WHO)
    odd.grade()
    odd.run("roster", "add", "s01")
    assert WHO in odd.follow(odd.said(*words), "roster add")


def test_a_download_and_the_exchange_are_collected(odd):
    odd.follow(odd.said("collect", NAME), "collect", FILE=odd.download(f"{WHO}/adam.ipynb"))
    shutil.copytree(f"submitted/{WHO}/{NAME}", f"a b/{WHO}")
    odd.take_collected()
    odd.follow(odd.said("collect", NAME, odd.download("../o'n; x.ipynb")), "collect", FOLDER="a b")
    odd.take_collected()
    odd.add_other()
    odd.follow(odd.said("collect", OTHER, odd.download(f"{WHO}/adam.ipynb")), "collect")
    odd.take_collected()
    odd.run("roster", "add", WHO)
    odd.follow(odd.said("collect", NAME, odd.download("-x; O'N/adam.ipynb")), "collect", ID=WHO)
    odd.take_collected()
    ex = odd.root.parent / "exchange"
    odd.configure(f"{CONFIG}c.CourseDirectory.course_id = 'opt'\nc.Exchange.root = {str(ex)!r}\n")
    name = f"{WHO}+{NAME}+{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC+abc"
    shutil.move(odd.submit(WHO).parent, ex / "opt/inbound" / name)
    ex.chmod(0o777)
    odd.follow(odd.said("collect", NAME), "collect")
    odd.take_collected()


def test_canvas_list_is_imported_where_its_names_are_no_keys(odd):
    odd.run("roster", "add", "s01")
    download = odd.download("neiladao_11_500_adam.ipynb")
    listed = odd.root / "list; 1.csv"
    listed.write_text('Student,ID,SIS Login ID,Section\n"O\'Neil, Ada",11,ada,S\n')
    odd.follow(odd.said("collect", NAME, download), "roster import", CANVAS=str(listed))
    assert "collected: 1 (ada)" in odd.said("collect", NAME, download)


def test_a_group_that_sent_two_files_gets_the_chosen_one_and_who_is_in_two_ways_leaves_it(odd):
    table = odd.root / "list; 1.csv"
    table.write_text(f"id,group\n{WHO},a; b\ns01,a; b\n")
    for student in (WHO, "s01"):
        odd.run("roster", "add", student)
    odd.run("groups", "import", table, "--assignment", NAME)
    download = odd.download(f"{WHO}/adam.ipynb", "s01/adam.ipynb")
    assert "Choose one: --match SENDER=ID" in odd.said("collect", NAME, download)
    assert "collected: 1 (a; b)" in odd.said("collect", NAME, download, "--match", f"{WHO}=a; b")
    odd.submit("s01")
    odd.grade()
    table.write_text(f"id,group\n{WHO},a; b\n")
    message = odd.said("explain", NAME, "s01")
    assert "neither counts" in message
    shutil.copytree(odd.root, odd.root.parent / "other")
    assert "1 member" in odd.follow(message, "groups import", FILE=str(table))
    assert "neither counts" not in odd.said("explain", NAME, "s01")
    os.chdir(odd.root.parent / "other")
    other = Odd(odd.root.parent / "other")
    other.follow(message.partition(", or leave")[0], "student erase")
    assert "neither counts" not in other.said("explain", NAME, "s01")


def test_a_new_date_names_who_is_late_and_which_feedback_is_old(odd):
    odd.add_other()
    odd.follow(odd.said("due", OTHER, "2026-11-20"), "release")
    assert OTHER in os.listdir("notebooks")
    odd.configure(f"{CONFIG}c.LatePenalty.percent_per_day = 10\n")
    (odd.submit(WHO).parent / "timestamp.txt").write_text("2026-11-21 12:00:00 UTC")
    odd.grade()
    odd.run("feedback", NAME)
    message = odd.said("due", NAME, "2026-11-20")
    assert WHO in odd.follow(message, "due")
    assert "new or changed: 1" in odd.follow(message, "feedback")


def test_a_score_out_of_other_points_or_of_stock_nbgrader_is_graded_again(odd):
    odd.submit(WHO)
    odd.grade()
    for points, words in enumerate(OF_NAME[1:3], 4):
        odd.edit(lambda made, points=points: made.cells[5].metadata["nbgrader"].update(points=points))
        odd.register()
        odd.follow(odd.said(*words), "grade")
        assert f"of {7 + points}" in odd.said("explain", NAME, WHO)
    for words, half in zip(OF_NAME[2:], ("return 0", "return x / 2"), strict=True):
        odd.submit(WHO, answer(half=half))
        test_self_reported.stock_autograde(odd, WHO)
        odd.follow(odd.said(*words), "grade")
        assert "stock nbgrader" not in odd.said("export", NAME)


def test_a_returned_score_is_changed_and_exported(odd):
    odd.submit(WHO)
    odd.grade()
    odd.by_hand(WHO, 3)
    odd.run("feedback", NAME)
    odd.edit(lambda made: made.cells[2].update(source='check("adam/update", Adam, points=8)'))
    odd.edit(lambda made: made.cells[2].metadata["nbgrader"].update(points=8))
    odd.register()
    odd.follow(odd.said("grade", NAME, "--rejudge"), "grade")
    assert "13 of 13" in odd.said("explain", NAME, WHO)
    with pytest.raises(UsageError) as error:
        require_one("gradescope", [NAME, OTHER])
    assert "wrote 1 file" in odd.follow(str(error.value), "export")


@pytest.mark.parametrize(("place", "error"), FAULTS)
def test_what_failed_or_was_interrupted_is_graded(odd, monkeypatch, place, error):
    odd.submit(WHO)
    with monkeypatch.context() as patch:
        patch.setattr(*place, Mock(side_effect=error))
        message = odd.said("grade", NAME)
    odd.follow(message, "grade")
    assert odd.autograded(WHO).is_file()
