"""Every command that a message prints can be pasted into a shell, whatever the names in it, and does what it says."""

import ast
import json
import os
import re
import shlex
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import count
from pathlib import Path
from unittest.mock import Mock

import course_folder
import nbformat
import pyodide_here
import pytest
from course_folder import CONFIG, CourseFolder, Done, NoSandbox, answer, lesson
from nbformat.v4 import new_markdown_cell
from pages import test_self_reported
from typer.testing import CliRunner

import autograde
from autograde.cli import app
from autograde.entries.entry import CellScore, ClassOutcome, Person
from autograde.errors import UsageError
from autograde.grading import grade_class
from autograde.grading.rejudge import WITHOUT_REJUDGE
from autograde.lms.exporter import require_one
from autograde.release import creation, keys
from autograde.release.lessons import release_notebooks
from autograde.release.texts import text_of
from autograde.sandbox import SandboxError, Tier, pool, program, tiers
from autograde.selftest.demo import walkthrough
from autograde.site import build

PACKAGE = Path(autograde.__file__).parent
ODD_NAMES = {"NAME": "it's; 6", "OTHER": "x; y", "WHO": "o'neil; 7"}
NAME, OTHER, WHO = ODD_NAMES.values()
OF_NAME = ["grade NAME", "explain NAME WHO", "export NAME", "feedback NAME"]
RUN, CLASS = (NoSandbox, "submit_run"), (grade_class, "grade_class")
NEWER = count()  # what was collected before is not collected again
FAULTS = [(RUN, RuntimeError), (RUN, KeyboardInterrupt), (CLASS, KeyboardInterrupt)]


def words_of(line: str, *more: object) -> list[str]:
    """The words of a line in which NAME, OTHER and WHO stand for the odd names, and more words as they are."""
    return [*(ODD_NAMES.get(word, word) for word in shlex.split(line)), *map(str, more)]


def typed(line: str = "", *more: object, status: int | None = None) -> str:
    """What a command says that is typed in the current folder; `status`: what it has to end with."""
    done = CliRunner().invoke(app, words_of(line, *more))
    assert status in (None, done.exit_code), (line, done.output)
    return done.output


def knows(line: str) -> bool:
    return "Usage" in typed(line, "--help", status=0)


class Odd(CourseFolder):
    """A course whose assignment has an odd name; its cells run in this process."""

    def run(self, line: str, *more: object) -> Done:
        return super().run(*words_of(line, *more))

    def said(self, *words: object) -> str:
        return self.run(*words).output

    def done(self, *words: object) -> str:
        """The same of a command that ends well."""
        return typed(*words, "--course-dir", self.root, status=0)

    def follow(self, message: str, start: str, **filled: str) -> str:
        """Run the last printed command with that beginning, its placeholders filled in."""
        words = shlex.split(re.findall(rf"autograde ({start} [^`\n]+)", message)[-1])
        for name, value in filled.items():  # a whole word, or what is behind its "="
            words = [re.sub(rf"(?<![^=]){name}(\.zip|\.csv)?$", value, word) for word in words]
        return self.done(*words)

    def take_collected(self) -> None:
        os.renames(f"submitted/{WHO}/{NAME}/adam.ipynb", "taken.ipynb")

    def add_other(self) -> None:
        (self.root / "solutions" / OTHER).mkdir()
        nbformat.write(lesson(), self.root / "solutions" / OTHER / "other.ipynb")

    def download(self, *files: str) -> str:
        with zipfile.ZipFile("a class; 1.zip", "w") as made:
            for file in files or (f"{WHO}/adam.ipynb",):
                made.writestr(file, nbformat.writes(answer()) + "\n" * next(NEWER))
        return "a class; 1.zip"


FOLLOWED = Path(__file__).with_name("remedies.md").read_text()
TYPED = re.compile(r"autograde [a-z]+(?: [a-z]+)*|(?<![\w-])--[a-z][a-z-]*")
OF_OTHERS = re.compile(  # of hatchling, jupytext, package managers, systemd and Docker; prose that begins like a command
    r"gradescope: --target|lessons: --sync|machine: --no|tiers: --security-opt|cgroup: --(user|scope)|(installed|can) "
)
OF_A_DECLARATION = {"option", "argument", "file_to_write", "command", "group"}


def of_help(node: ast.AST) -> bool:
    """Whether this declares a command or an option; `--help` shows such a text, no message does."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", getattr(node.func, "id", "")) in OF_A_DECLARATION
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def texts_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif not of_help(node):
        for child in ast.iter_child_nodes(node):
            yield from texts_of(child)


def named_in_messages() -> set[str]:
    found = set()
    for path in PACKAGE.rglob("*.py"):
        room = path.parent.name
        where = room if path.stem == "__init__" else f"{room}/{path.stem}"
        for text in texts_of(ast.parse(path.read_text())):
            if room not in ("hostile", "inside") and not text.startswith(
                "--"
            ):  # an argument of another program
                found |= {f"{where}: {words}" for words in TYPED.findall(text)}
    return {one for one in found if not OF_OTHERS.search(one)}


def test_every_command_and_option_in_a_message_is_typed_by_a_test():
    assert sorted(re.findall("(?m)^- (.+)", FOLLOWED)) == sorted(named_in_messages())
    assert globals().keys() >= {*re.findall("(?m)^## (.+)", FOLLOWED)}


@pytest.fixture
def odd(tmp_path, monkeypatch):
    for module in (course_folder, test_self_reported):
        monkeypatch.setattr(module, "ASSIGNMENT", NAME)
    monkeypatch.setattr("autograde.pipeline.settings.Pool", NoSandbox)
    made = Odd.make(tmp_path / "course")
    made.register()
    monkeypatch.chdir(made.root)
    return made


@pytest.mark.parametrize("words", [*OF_NAME[1:], "report NAME"])
def test_what_is_not_graded_yet_is_graded(odd, words):
    for student in (WHO, "s01"):
        odd.run("roster add", student)
        odd.submit(student)
    if words != "report NAME":
        odd.grade("s01")
    odd.follow(odd.said(words), "grade")
    assert odd.autograded(WHO).is_file()


def test_what_needs_review_is_explained_collected_and_graded(odd):
    for words in OF_NAME:
        odd.submit(WHO, "{")
        odd.grade()
        message = odd.said(words)
        if words in ("export NAME", "feedback NAME"):
            message = odd.follow(message, "explain")
        odd.follow(message, "collect", FILE=odd.download())
        odd.follow(message, "grade")
        assert odd.autograded(WHO).is_file()


def test_what_is_gone_is_erased(odd):
    for words in OF_NAME:
        odd.submit(WHO)
        odd.submit("s01")
        odd.grade()
        shutil.rmtree(odd.root / "submitted" / WHO)
        odd.follow(odd.said(words), "student erase")
        assert odd.run("explain NAME WHO").exit_code == 2


@pytest.mark.parametrize("words", [("grade NAME",), ("export NAME",), ("collect NAME x --match", f"x={WHO}")])
def test_a_stranger_gets_onto_the_roster(odd, words):
    odd.submit(WHO)
    odd.grade()
    odd.run("roster add s01")
    assert WHO in odd.follow(odd.said(*words), "roster add")


def test_a_download_and_the_exchange_are_collected(odd):
    odd.follow(odd.said("collect NAME"), "collect", FILE=odd.download())
    shutil.copytree(f"submitted/{WHO}/{NAME}", f"a b/{WHO}")
    odd.take_collected()
    odd.follow(odd.said("collect NAME", odd.download("../o'n; x.ipynb")), "collect", FOLDER="a b")
    odd.take_collected()
    odd.add_other()
    odd.follow(odd.said("collect OTHER", odd.download()), "collect")
    odd.take_collected()
    odd.run("roster add WHO")
    odd.follow(odd.said("collect NAME", odd.download("-x; O'N/adam.ipynb")), "collect", ID=WHO)
    odd.take_collected()
    ex = odd.root.parent / "exchange"
    odd.configure(f"{CONFIG}c.CourseDirectory.course_id = 'opt'\nc.Exchange.root = {str(ex)!r}\n")
    name = f"{WHO}+{NAME}+{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC+abc"
    shutil.move(odd.submit(WHO).parent, ex / "opt/inbound" / name)
    ex.chmod(0o777)
    odd.follow(odd.said("collect NAME"), "collect")
    odd.take_collected()


def test_canvas_list_is_imported_where_its_names_are_no_keys(odd):
    odd.run("roster add s01")
    download = odd.download("oneilada_11_500_adam.ipynb")
    listed = odd.root / "list; 1.csv"
    listed.write_text('Student,ID,SIS Login ID,Section\n"O\'Neil, Ada",11,ada,S\n')
    odd.follow(odd.said("collect NAME", download), "roster import", CANVAS=str(listed))
    assert "collected: 1 (ada)" in odd.said("collect NAME", download)


def test_a_group_that_sent_two_files_gets_the_chosen_one_and_who_is_in_two_ways_leaves_it(odd):
    table = odd.root / "list; 1.csv"
    table.write_text(f"id,group\n{WHO},a; b\ns01,a; b\n")
    for student in (WHO, "s01"):
        odd.run("roster add", student)
    odd.run("groups import --assignment NAME", table)
    download = odd.download(f"{WHO}/adam.ipynb", "s01/adam.ipynb")
    assert "Choose one: --match SENDER=ID" in odd.said("collect NAME", download)
    assert "collected: 1 (a; b)" in odd.said("collect NAME --match", f"{WHO}=a; b", download)
    odd.submit("s01")
    odd.grade()
    table.write_text(f"id,group\n{WHO},a; b\n")
    message = odd.said("explain NAME s01")
    assert "neither counts" in message
    shutil.copytree(odd.root, odd.root.parent / "other")
    assert "1 member" in odd.follow(message, "groups import", FILE=str(table))
    assert "neither counts" not in odd.said("explain NAME s01")
    os.chdir(odd.root.parent / "other")
    other = Odd(odd.root.parent / "other")
    other.follow(message.partition(", or leave")[0], "student erase")
    assert "neither counts" not in other.said("explain NAME s01")


def test_a_new_date_names_who_is_late_and_which_feedback_is_old(odd):
    odd.add_other()
    odd.follow(odd.said("due OTHER 2026-11-20"), "release")
    assert OTHER in os.listdir("notebooks")
    odd.configure(f"{CONFIG}c.LatePenalty.percent_per_day = 10\n")
    time = odd.submit(WHO).parent / "timestamp.txt"
    time.write_text("2026-11-21 12:00:00 UTC")
    odd.grade()
    odd.run("feedback NAME")
    message = odd.said("due NAME 2026-11-20")
    assert WHO in odd.follow(message, "due")
    assert "new or changed: 1" in odd.follow(message, "feedback")
    time.unlink()
    odd.follow(odd.said("due NAME --late"), "grade")
    assert "autograde grade" not in odd.said("due NAME --late")


def test_a_score_out_of_other_points_or_of_stock_nbgrader_is_graded_again(odd):
    odd.submit(WHO)
    odd.grade()
    for points, words in enumerate(OF_NAME[1:3], 4):
        odd.edit(lambda made, points=points: made.cells[5].metadata["nbgrader"].update(points=points))
        odd.register()
        odd.follow(odd.said(words), "grade")
        assert f"of {7 + points}" in odd.said("explain NAME WHO")
    for words, half in zip(OF_NAME[2:], ("return 0", "return x / 2"), strict=True):
        odd.submit(WHO, answer(half=half))
        test_self_reported.stock_autograde(odd, WHO)
        odd.follow(odd.said(words), "grade")
        assert "stock nbgrader" not in odd.said("export NAME")


def test_a_returned_score_is_changed_and_exported(odd):
    odd.submit(WHO)
    odd.grade()
    odd.by_hand(WHO, 3)
    odd.run("feedback NAME")
    odd.edit(lambda made: made.cells[2].update(source='check("adam/update", Adam, points=8)'))
    odd.edit(lambda made: made.cells[2].metadata["nbgrader"].update(points=8))
    odd.register()
    odd.follow(odd.said("grade NAME --rejudge"), "grade")
    assert "13 of 13" in odd.said("explain NAME WHO")
    with pytest.raises(UsageError) as error:
        require_one("gradescope", [NAME, OTHER])
    assert "wrote 1 file" in odd.follow(str(error.value), "export")


@pytest.mark.parametrize(("place", "error"), FAULTS)
def test_what_failed_or_was_interrupted_is_graded(odd, monkeypatch, place, error):
    odd.submit(WHO)
    with monkeypatch.context() as patch:
        patch.setattr(*place, Mock(side_effect=error))
        message = odd.said("grade NAME")
    odd.follow(message, "grade")
    assert odd.autograded(WHO).is_file()


def listed(odd, text: str, encoding: str = "utf-8") -> str:
    (odd.root / "a list; 1.csv").write_bytes(text.encode(encoding))
    return "a list; 1.csv"


def test_the_overview_says_what_to_type_from_the_first_command_on(odd):
    odd.configure(CONFIG)
    (odd.root / "gradebook.db").unlink()
    message = typed()
    odd.follow(message.partition(", autograde release")[0], "roster import", FILE=listed(odd, f"id\n{WHO}\n"))
    assert NAME in odd.follow(message, "release")
    odd.add_other()
    assert OTHER in odd.follow(typed(), "release")
    assert "autograde collect --help" in odd.said("report --all")
    odd.follow(typed().partition(f"{OTHER}")[0], "collect", FILE=odd.download())
    odd.follow(typed(), "grade")
    for message in (typed(), odd.said("export NAME")):
        assert "autograde lab --teacher" in message
    assert knows("lab --teacher")
    assert "1 answer" in odd.follow(typed(), "marks page")
    odd.by_hand(WHO, 3)
    odd.follow(typed(), "feedback")
    odd.submit(WHO, "{")
    odd.grade()
    assert WHO in odd.follow(typed(), "explain")


def test_a_list_that_is_refused_or_says_more_is_taken_as_it_says(odd):
    groups = odd.root / "groups.csv"
    groups.write_text(f"id,group\n{WHO},a\n")
    for words in (("groups import", groups), ("roster show",)):
        odd.follow(odd.said(*words), "roster import", FILE=listed(odd, f"id,name,email\n{WHO},Ada,a@x.org\n"))
        odd.run("roster remove WHO")
    odd.run("roster add WHO --email a@x.org")
    assert "autograde roster show" in odd.said("roster remove 'quite another'")
    assert WHO in odd.said("roster show")
    odd.run("roster remove s01")
    message = odd.said("roster import", listed(odd, f"Matrikel,name\n{WHO},Ada\n"))
    assert "--column id=HEADER" in message
    odd.done("roster import 'a list; 1.csv' --column id=Matrikel")
    message = odd.said("roster import", listed(odd, "id,name,email\nnew,Ada,a@x.org\n"))
    odd.follow(message, "roster remove", ID=WHO)
    odd.done("roster import 'a list; 1.csv'")
    assert "To remove them: --remove-missing" in odd.said("roster import", listed(odd, "id\nother\n"))
    assert "removed: new" in odd.said("roster import 'a list; 1.csv' --remove-missing")
    odd.run("roster add other --first-name Zoe")
    message = odd.said("roster import", listed(odd, 'id,name\nother,"Schön, Ada"\n'))
    odd.follow(message, "roster add", ID="other", FIRST="Ada", LAST="Schön")
    odd.done("roster import 'a list; 1.csv'")
    message = odd.said("roster import", listed(odd, "id,name\nother,Schön\n", "cp1252"))
    assert (
        odd.run("roster import 'a list; 1.csv'", *re.search(r"--encoding \w+", message)[0].split()).exit_code
        == 0
    )


def test_what_differs_is_taken_as_the_line_says(odd):
    odd.run("roster add WHO")
    first = shutil.copy(odd.download(), "first.zip")
    odd.run("collect NAME", first)
    second = odd.download()
    assert "--update overwrites it" in odd.said("collect NAME", second)
    assert "overwritten: 1" in odd.said("collect NAME --update", second)
    assert "to go back: --update --student ID" in odd.said("collect NAME --update", first)
    assert "overwritten: 1" in odd.said("collect NAME --update --student WHO", first)
    odd.grade()
    odd.by_hand(WHO, 1)
    marks = "marks import --yes", listed(odd, f"assignment,student,answer,points\n{NAME},{WHO},why,2\n")
    assert "--overwrite takes the file's" in odd.said(*marks)
    assert "1 mark given" in odd.said(*marks, "--overwrite")


def test_an_export_that_is_refused_is_written_as_it_says(odd, tmp_path):
    odd.run("roster add WHO --email a@x.org")
    odd.submit(WHO)
    odd.grade()
    template = listed(odd, "Student,ID,Section,HW Points Grade\n")
    brightspace = "export NAME --format brightspace --column HW --template"
    assert "is --format right?" in odd.said(brightspace, template)
    assert "--column" in odd.said("export NAME --format canvas")
    assert "wrote" in odd.said("export NAME --format canvas --column 'HW1 (1234)'")
    assert "needs --template" in odd.said("export NAME --format moodle-worksheet")
    sheet = listed(odd, "Identifier,Email address,Grade,Maximum grade\nParticipant 1,a@x.org,,10\n")
    for scaled in ("", "--scale"):
        assert "wrote" in odd.said(f"export NAME --format moodle-worksheet {scaled} --template", sheet)
    assert "takes no --template, --column, --comments and --scale" in odd.said(
        "export NAME --template", sheet
    )
    assert "wrote" in odd.said("export NAME")
    odd.run("roster add s01")
    odd.submit("s01")
    test_self_reported.stock_autograde(odd, "s01")
    for student in (WHO, "s01"):
        odd.by_hand(student, 3)
    assert "--accept-self-reported accepts them" in odd.said("export NAME")
    odd.done("export NAME --accept-self-reported")
    odd.run("export NAME --answers")
    assert "choose another with --out" in odd.said("export NAME --answers")
    assert "wrote" in odd.said("export NAME --answers --out 'x; answers'")
    wheel = tmp_path / f"descentlab-{version('descentlab')}-py3-none-any.whl"
    wheel.write_bytes(b"x")
    zipped = "new gradescope 06-adam --out 'zip; 1.zip'"
    assert "name it with --wheel" in typed(zipped)
    zipped += " --wheel"
    typed(zipped, wheel, status=0)
    assert "name another with --out" in typed(zipped, wheel)
    typed(zipped.replace("1.", "2."), wheel, status=0)


def test_what_is_kept_of_a_submission_and_is_damaged_is_graded_again(odd):
    odd.submit(WHO)
    odd.grade()
    kept = next((odd.root / "autograded" / WHO).rglob("adam.json"))
    whole = json.loads(kept.read_text())

    def damaged(text: str) -> None:
        kept.chmod(0o644)
        kept.write_text(text)

    damaged("{")
    odd.follow(odd.said("explain NAME WHO"), "grade")
    assert WHO in odd.said("explain NAME WHO")
    odd.autograded(WHO).unlink()
    odd.follow(odd.said("feedback NAME"), "grade")
    assert "1 page" in odd.said("feedback NAME")
    for change in ({"version": 99}, {"evidence_format": 99}, {"checks": {}}):
        damaged(json.dumps(whole | change))
        message = odd.said("grade NAME --rejudge")
        assert "again with --force" in " ".join(message.split()), change  # a row may be broken there
        odd.run("grade NAME --force")
        assert "again" not in odd.said("grade NAME --rejudge")
    assert "--force grades them, too" in odd.said("grade NAME")
    assert "grade it again without --rejudge" in WITHOUT_REJUDGE


def test_what_the_table_names_below_can_be_typed(odd):
    odd.submit(WHO)
    (result,) = odd.grade().results
    assert "autograde doctor" in course_folder.shown(ClassOutcome([replace(result, tier=1)]))
    alike = CellScore("r", 0.0, 2.0, verdict={"alike": ("KTRA", "SMMJ")})
    three = [replace(result, person=Person(name), cells=(alike,)) for name in "abc"]
    (command,) = re.findall("`autograde (mistakes [^`]+)`", course_folder.shown(ClassOutcome(three)))
    assert f"{NAME} defines no check" in odd.said(command)
    assert "autograde lab --teacher" in odd.said("grade NAME")
    odd.run("marks full NAME why --yes")
    assert "by `autograde marks full`" in odd.said("grade NAME --force")
    assert "1 mark ended" in odd.said("marks full NAME why --off --yes")


def test_a_folder_that_is_no_course_is_made_one_or_another_is_named(odd, tmp_path, monkeypatch):
    assert "autograde collect --help" in odd.said("grade NAME")
    assert "Another course: --course-dir" in odd.said("release 'no; such'")
    place = tmp_path / "a place"
    place.mkdir()
    monkeypatch.chdir(place)
    for words in ("roster show", "new assignment hw2"):
        assert "--course-dir" in typed(words)
    assert "Give one with --course-dir" in typed("roster show --course-dir nowhere")
    assert "no roster" in typed("roster show --course-dir", odd.root)
    message = typed("new assignment hw2")
    assert "new course DIR" in message
    assert "--solutions" in typed("new course 'c; 1' --solutions nowhere")
    assert "name the folder of a course with --from" in typed("new course 'c; 1' --from", place)
    typed("new course 'c; 1' --empty", status=0)
    assert "made" in typed("new assignment hw2 --course-dir 'c; 1'")
    typed("new course 'c; 2' --from 'c; 1'", status=0)
    monkeypatch.setattr(creation, "installed_from", lambda: (None, {}))
    assert "--empty" in typed("new course 'c; 3'")
    nbformat.write(answer(), place / "x; y.ipynb")
    assert "say with --key" in typed("grade-one 'x; y.ipynb'")
    nbformat.write(lesson(), place / "key; 1.ipynb")
    assert "say with --key" not in typed("grade-one 'x; y.ipynb' --key 'key; 1.ipynb' --isolation none")


def test_a_release_that_is_refused_is_made_as_it_says(odd, monkeypatch):
    odd.submit(WHO)
    with monkeypatch.context() as patch:
        patch.setattr(keys, "_as_released_now", Mock(side_effect=ValueError))
        patch.setattr(keys, "read_handed_out", lambda *_: {})
        message = odd.said("grade NAME")
    odd.follow(message, "release")
    of_text = "x; 9-adam"  # a lesson's folder is named like its text
    notebook = odd.root / "solutions" / of_text / "adam.ipynb"
    notebook.parent.mkdir()
    nbformat.write(lesson(), notebook)
    text = notebook.with_suffix(".md")
    edited = lesson()
    edited.cells.insert(0, new_markdown_cell("Edited"))
    text.write_text(text_of(edited))
    with pytest.raises(UsageError) as old:
        release_notebooks(odd.root, of_text)
    odd.follow(str(old.value), "release")
    made = odd.root / "notebooks" / of_text / "adam.ipynb"
    made.write_text(made.read_text().replace("Edited", "Somebody's"))
    assert "use --force to overwrite it" in odd.said("release", of_text)
    odd.done("release", of_text, "--force")
    notebook.write_text(notebook.read_text().replace("Edited", "In JupyterLab"))
    os.utime(text, (1, 1))
    assert "`autograde notebooks --force` to drop it" in odd.said("notebooks")
    odd.done("notebooks --force")
    right = (odd.root / "solutions" / NAME / "adam.ipynb").read_text()
    odd.edit(lambda made: made.cells[1].update(source="class Adam: pass"))
    assert "skip this check with --untried" in odd.said("release NAME")
    odd.done("release NAME --untried")
    (odd.root / "solutions" / NAME / "a list; 1.csv").write_text("1")
    message = odd.done("release NAME --untried")
    odd.follow(message, "grade")
    assert "with --rejudge it keeps its points" in message
    odd.done("grade NAME --rejudge")
    odd.edit(
        lambda made: made.cells[2].update(source=made.cells[2].source.replace("adam/update", "own/update"))
    )
    message = odd.done("release NAME --untried")
    (odd.root / "solutions" / NAME / "adam.ipynb").write_text(right)
    odd.follow(message, "release")


def test_a_command_that_lacks_a_word_runs_with_it(odd, tmp_path, monkeypatch):
    odd.submit(WHO)
    assert "name assignments, or use --all" in odd.said("grade")
    odd.done("grade --all")
    assert odd.autograded(WHO).is_file()
    wrong = typed("due '--no; such'")
    assert "More: autograde due --help" in wrong
    message = odd.said("release")
    assert "autograde release --help" in message
    odd.done("release --all")
    assert "--course-dir" in typed("release NAME --course-dir 'no; such'")
    assert "--course-dir takes one folder" in odd.said("release NAME --course-dir=")
    assert "leave out --course-dir" in typed("grade-one a.ipynb --course-dir .")
    assert "--course-dir" not in typed("grade-one a.ipynb")
    for words in ("release --all --course-dir", "lab --no-start --course-dir"):
        empty = tmp_path / "an empty; one"
        empty.mkdir(exist_ok=True)
        assert "--course-dir" in typed(words, empty)
        monkeypatch.chdir(tmp_path)
        typed(words, odd.root, status=0)
    assert len(list((tmp_path / "my-course").rglob("*.ipynb"))) == 1
    monkeypatch.chdir(odd.root)
    monkeypatch.setattr(
        "autograde.pipeline.settings.Pool", pool.Pool
    )  # a solution's checks are tried in a box
    odd.follow(odd.said("new assignment hw_2"), "release")
    assert "autograde lab --teacher" in odd.said("new assignment hw_3")
    assert knows("lab --teacher")
    table = listed(odd, "id,group\ns01,a\ns02,a\n")
    for student in ("s01", "s02"):
        odd.run("roster add", student)
    assert "--assignment NAME" in odd.said("groups import", table)
    odd.done("groups import --assignment NAME", table)
    odd.done("due NAME 2026-11-20")
    assert "--extend, --times or --late" in odd.said("due NAME")
    odd.submit("s01")
    odd.done("due NAME --times", listed(odd, "student,time\ns01,2026-11-19 12:00 UTC\n"))
    assert "--extend and --days" in odd.said("due NAME --extend WHO")
    odd.done("due NAME --extend s01 --days 2")
    odd.done("due NAME --late")
    odd.configure(CONFIG)
    made = typed("new course 'c; 1' --solutions", odd.root / "solutions")
    place, words = re.search(r"next:  cd (.+) && autograde (.+)", made).groups()
    os.chdir(*shlex.split(place))
    assert NAME in typed(words)


def test_what_was_only_shown_is_done_with_yes(odd):
    odd.submit(WHO)
    odd.grade()
    for words, done in (
        ("marks full NAME why", "1 mark given"),
        ("marks full NAME why --off", "1 mark ended"),
        ("student erase WHO", "erased"),
    ):
        assert "--yes" in odd.said(words)
        assert done in odd.said(words, "--yes")
    assert not (odd.root / "submitted" / WHO).exists()


def test_a_machine_without_a_sandbox_is_told_what_works(odd, monkeypatch):
    monkeypatch.setattr(pool, "best_tier", lambda: Tier(0, tiers.INSTALL))
    nbformat.write(answer(), "x; y.ipynb")
    line = "grade-one 'x; y.ipynb' --key", f"solutions/{NAME}/adam.ipynb"
    said = typed(*line)
    assert "To run submissions unprotected: --isolation none" in said
    assert "autograde doctor --install-sandbox" in said
    monkeypatch.setattr(program, "another_user", lambda: None)
    assert "adam/update" in typed(*line, "--isolation", "none")
    stage = Mock(allowed=Mock(readable=[]), folder=odd.root / "a/b")
    with pytest.raises(SandboxError, match="--isolation same-user"):
        pool._require_another(stage, is_confined=True)
    pool._require_another(stage, is_confined=False)
    assert "same-user" in typed("grade-one --help")
    assert "--hostile lists them" in typed("selftest --only 'no; such'")
    assert all(map(knows, ("doctor --install-sandbox --course-dir x", "selftest --hostile", "grade")))


def test_a_demo_says_what_to_look_at(tmp_path, capsys, monkeypatch):
    made = Odd.make(tmp_path / "a; course")
    made.submit("s01")
    made.grade()
    monkeypatch.chdir(tmp_path)
    walkthrough._say_next("a; course", course_folder.ASSIGNMENT, "s01")
    explain, lab = re.findall("autograde (.+)", capsys.readouterr().out)
    assert "s01" in typed(explain)
    assert knows(lab)
    assert "choose another with --dir" in typed("demo --dir 'a; course'")
    assert knows("demo --dir 'a b'")


def test_a_site_that_is_refused_is_built_as_it_says(tmp_path, monkeypatch):
    def site(*words: object) -> str:
        return " ".join(typed("site --browser-only", *words).split())

    for step in ("_write_project", "_add"):
        monkeypatch.setattr(build, step, lambda *_: None)
    monkeypatch.setattr(build, "_run_jupyterlite", lambda project, fresh: fresh.mkdir())
    packages = pyodide_here.empty_packages(tmp_path / "py; 1")
    out = tmp_path / "o'neil; site"
    assert "--pyodide FOLDER" in site(out, "--pyodide", "http://127.0.0.1:9/")
    assert "Try it" in site(out, "--pyodide", packages)
    (out / build.SITE_FILE).write_text("{}")
    monkeypatch.chdir(out)
    message = site(out, "--pyodide", packages)
    place, name = re.search(r"cd (.+) && autograde site (.+)", message).groups()
    os.chdir(*shlex.split(place))
    assert "Try it" in site(*shlex.split(name), "--pyodide", packages)
    monkeypatch.setattr(creation, "installed_from", lambda: (None, {}))
    assert "The wheel alone makes only what --browser-only makes" in typed("site", tmp_path / "other")
