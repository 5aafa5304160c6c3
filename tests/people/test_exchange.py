"""nbgrader's folder exchange: who submitted, and when, is the system's word and not the student's.

The students are users that every machine has; the hub's tests make some of their own.
"""

import os
import pwd
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from course_folder import run_in

from autograde.course.submission_files import LIMITS

pytestmark = pytest.mark.needs("root")
ADA, EVE, LONE = "daemon", "bin", "sys"
NOW = datetime.now(UTC)
LATER = NOW + timedelta(minutes=5)
CONFIG = """
from autograde.course.configuration import configure
c = get_config()
c.CourseDirectory.course_id = "opt"
c.Exchange.root = {exchange!r}
configure(c, __import__("pathlib").Path(__file__).resolve().parent)
"""


@pytest.fixture(autouse=True)
def fresh_times(monkeypatch):
    """Ten minutes after the import, a folder named by these times would be held."""
    monkeypatch.setitem(globals(), "NOW", datetime.now(UTC))
    monkeypatch.setitem(globals(), "LATER", NOW + timedelta(minutes=5))


@pytest.fixture
def root(tmp_path) -> Path:
    """A course with an exchange, into which everybody may write."""
    course, exchange = tmp_path / "course", tmp_path / "exchange"
    (course / "solutions/06-adam").mkdir(parents=True)
    (course / "solutions/06-adam/adam.ipynb").write_text("{}")
    (course / "nbgrader_config.py").write_text(CONFIG.format(exchange=str(exchange)))
    (exchange / "opt/inbound").mkdir(parents=True)
    exchange.chmod(0o777)
    return course


def submit(root: Path, student: str, text: str = "{}", owner: str = "", when: object = None) -> Path:
    """A folder as `nbgrader submit` leaves it, in the name of a student and by a user of this machine."""
    when = when or NOW
    said = f"{when:%Y-%m-%d %H:%M:%S.%f} UTC" if isinstance(when, datetime) else when
    folder = root.parent / "exchange/opt/inbound" / f"{student}+06-adam+{said}+aGVsbG8="
    folder.mkdir()
    (folder / "adam.ipynb").write_text(text)
    (folder / "timestamp.txt").write_text("2001-01-01 00:00:00 UTC")  # as its owner likes
    own(folder, owner or student)
    return folder


def own(path: Path, user: str) -> None:
    for one in (path, *path.rglob("*")):
        os.chown(one, pwd.getpwnam(user).pw_uid, -1, follow_symlinks=False)


def collect(root: Path, *words: str):
    """`autograde collect`: its exit status, and what it said."""
    done = run_in(root, "collect 06-adam", *words)
    return done.exit_code, done.output


def configure(root: Path, line: str) -> None:
    with (root / "nbgrader_config.py").open("a") as config:
        config.write(f"{line}\n")


def there(root: Path) -> dict[str, str]:
    """What was collected: each student's notebook."""
    return {path.parts[-3]: path.read_text() for path in root.glob("submitted/*/06-adam/adam.ipynb")}


def stamp(root: Path) -> Path:
    return root / "submitted" / ADA / "06-adam/timestamp.txt"


def test_what_a_student_submits_as_another_is_named_and_not_taken(root):
    submit(root, ADA, "ada's")
    forged = submit(root, ADA, "eve's", owner=EVE, when=LATER)
    submit(root, EVE, "eve's own")
    status, said = collect(root)
    assert there(root) == {ADA: "ada's", EVE: "eve's own"}
    assert status == 1
    assert f"not collected: {forged.name}: it belongs to {EVE}, not to {ADA}" in said
    assert f"autograde collect 06-adam --accept '{forged.name}'" in said
    assert collect(root, "--update", "--accept", forged.name)[0] == 0
    assert there(root)[ADA] == "eve's"


@pytest.mark.slow
def test_nbgraders_own_command_takes_and_refuses_the_same(root):
    submit(root, ADA, "ada's")
    forged = submit(root, ADA, "eve's", owner=EVE, when=LATER)
    words = [sys.executable, "-m", "nbgrader", "collect", "06-adam"]
    done = subprocess.run(words, cwd=root, capture_output=True, text=True)
    assert there(root) == {ADA: "ada's"}
    assert done.returncode == 1
    assert f"not collected: {forged.name}: it belongs to {EVE}" in done.stderr
    assert "Traceback" not in done.stderr
    shutil.rmtree(forged)
    assert subprocess.run(words, cwd=root, capture_output=True).returncode == 0


def test_a_student_whose_id_is_another_than_the_login_is_known_by_the_roster(root, tmp_path):
    (tmp_path / "list.csv").write_text(f"id,login\n4711,{ADA}\n4712,{EVE}\n")
    run_in(root, "roster import", tmp_path / "list.csv")
    submit(root, ADA, "ada's")
    submit(root, "4712", "ada's", owner=ADA)
    status, said = collect(root)
    assert there(root) == {"4711": "ada's"}
    assert f"belongs to {ADA}, not to {EVE}" in said
    assert status == 1


ODD = {
    "file of another": "chown $EVE adam.ipynb",
    "hard link to another's": "ln -f $SECRET adam.ipynb",
    "link": "ln -sf $SECRET adam.ipynb; chown -h $ADA adam.ipynb",
    "pipe": "rm adam.ipynb; mkfifo adam.ipynb; chown $ADA adam.ipynb",
    "empty": "rm *",
    "file instead of the folder": 'rm -r "$PWD"; echo x > "$PWD"; chown $ADA "$PWD"',
    "link instead of the folder": 'mv "$PWD" $SECRET.d; ln -s $SECRET.d "$PWD"; chown -h $ADA "$PWD"',
    "large notebook": "truncate -s 20000001 adam.ipynb",
    "very many files": "mkdir $(seq 1001); chown $ADA *",
}


@pytest.mark.parametrize("line", ODD.values(), ids=ODD)
def test_an_odd_folder_is_named_and_stops_no_one_else(root, line):
    secret = root.parent / "secret"
    secret.write_text("the solution")
    folder = submit(root, ADA)
    names = {"ADA": ADA, "EVE": EVE, "SECRET": str(secret)}
    subprocess.run(f"set -e; {line}", shell=True, cwd=folder, env=os.environ | names, check=True)
    submit(root, EVE, "eve's")
    status, said = collect(root)
    assert there(root) == {EVE: "eve's"}
    (line,) = [line for line in said.splitlines() if line.startswith("not collected: ")]
    assert folder.name in line
    assert status == 1


def test_who_is_missing_and_who_is_not_on_the_roster_are_named(root):
    for student in (ADA, LONE):
        run_in(root, "roster add", student)
    for student in (ADA, EVE):
        submit(root, student)
    status, said = collect(root)
    assert there(root) == {ADA: "{}", EVE: "{}"}
    assert f"missing: 1 ({LONE})" in said
    assert f"not on the roster: {EVE}" in said
    assert status == 1


def test_a_user_without_a_login_is_not_the_student_whose_id_is_its_number(root):
    folder = submit(root, "54321", owner=ADA)
    for path in (folder, *folder.iterdir()):
        os.chown(path, 54321, -1)
    said = collect(root)[1]
    assert "it belongs to user 54321, not to 54321" in said
    assert "owners cannot be checked" not in said, "one folder proves nothing"
    assert there(root) == {}


@pytest.mark.parametrize("name", ["", "-rf", "<b>", "a\nb"])
def test_a_name_that_can_be_no_students_is_refused_though_owners_are_not_checked(root, name):
    configure(root, "c.ExchangeCollect.check_owner = False")
    submit(root, name, owner=EVE)
    status, said = collect(root)
    assert (status, there(root)) == (1, {})
    assert "does not begin with a student's id" in said


def test_where_all_students_are_one_user_collect_says_so_and_one_setting_takes_them(root):
    for student in (ADA, EVE):
        submit(root, student, student, owner=LONE)
    status, said = collect(root)
    assert (status, there(root)) == (1, {})
    assert "owners cannot be checked" in said
    run_in(root, "roster add", LONE)
    assert "owners cannot be checked" not in collect(root)[1], "one student poses as all"
    run_in(root, "roster remove", LONE)
    assert "c.ExchangeCollect.check_owner = False" in said
    configure(root, "c.ExchangeCollect.check_owner = False")
    status, said = collect(root)
    assert (status, there(root)) == (0, {ADA: ADA, EVE: EVE})
    assert "anyone can submit as anyone else" in said


def test_other_files_are_taken_too_but_for_odd_ones(root):
    folder = submit(root, ADA)
    (folder / "sketch.png").write_bytes(b"png")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / "film.mp4").touch()
    os.truncate(folder / "film.mp4", 10**9)
    (folder / "data").symlink_to("/etc")
    os.mkfifo(folder / "pipe")
    own(folder, ADA)
    status, said = collect(root)
    assert {path.name for path in (root / "submitted" / ADA / "06-adam").iterdir()} == {
        ".collected", "adam.ipynb", "sketch.png", "timestamp.txt"
    }  # fmt: skip
    for reason in ("film.mp4 is larger", "data is a link", "pipe is not a regular file"):
        assert f"skipped, of {ADA}: {reason}" in said
    assert status == 0


def test_the_notebook_comes_first_and_what_does_not_fit_beside_it_is_skipped(root, monkeypatch):
    monkeypatch.setattr("autograde.course.submission_files.LIMITS", replace(LIMITS, bytes=100))
    folder = submit(root, ADA, "{}" * 30)
    for name, size in (("a.csv", 50), ("b.csv", 30), ("c.csv", 30)):
        (folder / name).write_bytes(bytes(size))
    own(folder, ADA)
    said = collect(root)[1]
    assert [path.name for path in sorted((root / "submitted" / ADA / "06-adam").glob("[!.]*"))] == [
        "adam.ipynb", "b.csv", "timestamp.txt"
    ]  # fmt: skip
    assert re.findall(f"skipped, of {ADA}: (.*) is larger", said) == ["a.csv", "c.csv"]


def test_an_exchange_that_is_gone_is_said_in_nbgraders_words(root):
    shutil.rmtree(root.parent / "exchange")
    status, said = collect(root)
    assert status == 2
    assert re.search("nbgrader collects nothing: .*exchange", said)


def test_in_a_group_shared_course_the_group_may_write_what_is_collected(root):
    configure(root, "c.CourseDirectory.groupshared = True")
    submit(root, ADA)
    collect(root)
    folder = root / "submitted" / ADA / "06-adam"
    modes = {path.name: path.stat().st_mode & 0o7777 for path in (folder, *folder.iterdir())}
    assert modes == {"06-adam": 0o2770, ".collected": 0o660, "adam.ipynb": 0o660, "timestamp.txt": 0o660}


def test_the_time_is_the_folders_by_its_name_as_long_as_the_system_bears_it_out(root):
    submit(root, ADA, when=LATER)
    assert collect(root)[0] == 0
    assert stamp(root).read_text() == f"{LATER:%Y-%m-%d %H:%M:%S.%f} UTC"


@pytest.mark.parametrize(
    "when", [NOW - timedelta(days=300), NOW + timedelta(days=1), "soon", "9999-12-31 UTC"]
)
def test_a_time_that_the_system_does_not_bear_out_counts_nowhere_and_both_are_said(root, when):
    folder = submit(root, ADA, when=when)
    status, said = collect(root)
    changed = datetime.fromtimestamp(folder.stat().st_ctime, UTC)
    by_name = "no time" if when == "soon" else str(when)[:10]
    assert status == 1
    for text in (said, stamp(root).read_text()):
        assert by_name in text
        assert f"{changed:%Y-%m-%d %H:%M:%S} UTC by its last change" in text
    assert collect(root, "--update")[0] == 0, "said once"


def test_a_notebook_that_was_changed_in_the_exchange_is_of_the_time_of_that_change(root, monkeypatch):
    folder = submit(root, ADA, when=NOW)
    monkeypatch.setattr("autograde.people.exchange.CLOCK_TOLERANCE", timedelta(seconds=0.5))
    submitted = datetime.fromtimestamp(folder.stat().st_ctime, UTC)
    while datetime.now(UTC) - submitted < timedelta(seconds=1):
        (folder / "adam.ipynb").write_text("written after the due date")
    assert collect(root)[0] == 1
    assert "by its last change" in stamp(root).read_text()


def test_a_time_that_the_teacher_wrote_stays_when_collected_again(root):
    submit(root, ADA, when=NOW - timedelta(days=300))
    collect(root)
    stamp(root).write_text("2026-01-15 10:00 UTC")
    assert collect(root, "--update")[0] == 0
    assert stamp(root).read_text() == "2026-01-15 10:00 UTC"


def test_a_later_submission_takes_the_place_of_one_only_with_update(root):
    folder = submit(root, ADA, "first")
    (folder / "submission_secret.txt").write_text("1")
    own(folder, ADA)
    collect(root)
    notebook = root / "submitted" / ADA / "06-adam/adam.ipynb"
    notebook.write_text("mended")
    assert collect(root, "--update")[0] == 0
    assert notebook.read_text() == "mended", "by the teacher: it is the submission that was collected"
    submit(root, ADA, "second", when=LATER)
    assert "--update overwrites it" in collect(root)[1]
    assert notebook.read_text() == "mended"
    collect(root, "--update")
    assert notebook.read_text() == "second"
    (old,) = root.glob(f"submitted/.replaced/*/{ADA}/06-adam/adam.ipynb")
    assert old.read_text() == "mended"


def test_another_exchange_that_is_set_for_everybody_says_itself_who_submitted(root, tmp_path, monkeypatch):
    """As ngshare is on a hub: its service knows logins, and the files that it gives are the teacher's."""
    (tmp_path / "jupyter").mkdir()
    (tmp_path / "jupyter/other_exchange.py").write_text(OTHER)
    monkeypatch.syspath_prepend(tmp_path / "jupyter")
    monkeypatch.setattr(
        "autograde.course.assignments.jupyter_config_path", lambda: [str(tmp_path / "jupyter")]
    )
    (tmp_path / "jupyter/nbgrader_config.py").write_text(
        "c = get_config()\nc.ExchangeFactory.collect = 'other_exchange.Collect'\n"
    )
    assert collect(root)[0] == 0
    assert there(root) == {"ann": "by login"}


OTHER = """
from pathlib import Path
from nbgrader.exchange.abc import ExchangeCollect

class Collect(ExchangeCollect):
    def init_src(self): pass
    def init_dest(self): pass
    def copy_files(self):
        place = Path(self.coursedir.format_path("submitted", "ann", "06-adam"))
        place.mkdir(parents=True)
        (place / "adam.ipynb").write_text("by login")
"""
