"""Late work: nbgrader's own rule is the oracle; a changed date, extension or rule runs no code again."""

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import nbformat
import pytest
from course_folder import ASSIGNMENT, CONFIG, NoSandbox, answer, zipped
from sqlalchemy.engine.default import DefaultDialect

from autograde.book.class_results import graded_assignment, read_class
from autograde.book.late import LatePenalty, read_due_date
from autograde.entries.wording import duration
from autograde.errors import UsageError


@pytest.fixture
def type_in(course):
    """Types a line in the course and hands back what was said."""

    def run(*parts: object, status: int = 0) -> str:
        done = course.run(" ".join(map(str, parts)))
        assert done.exit_code == status, done.output
        return done.output

    return run


@pytest.fixture
def due(type_in):
    """The same with `autograde due 06-adam`."""
    return partial(type_in, "due 06-adam")


@contextmanager
def clock_of(zone: str) -> Iterator[None]:
    """A machine whose clock is that zone's."""
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("TZ", zone)
            time.tzset()
            yield
    finally:
        time.tzset()


OLDER = "the gradebook has an older time or late penalty"


def graded_late(course):
    """Due on the 10th at noon; s1 in time, s2 late by a day and a half, s3 without a time."""
    course.configure(CONFIG + "c.LatePenalty.percent_per_day = 10\n")
    assert course.run("due 06-adam '2026-11-10 12:00 UTC'").exit_code == 0
    for student, when in (("s1", "2026-11-10 11:59:59 UTC"), ("s2", "2026-11-12 00:00 UTC"), ("s3", None)):
        notebook = course.submit(student)
        if when:
            notebook.with_name("timestamp.txt").write_text(when)
    course.grade()


@pytest.fixture
def late_course(after):
    return after(graded_late)


def stamp(course, student: str) -> Path:
    return course.root / "submitted" / student / "06-adam/timestamp.txt"


class NoCells(NoSandbox):
    """A sandbox in which nothing may run."""

    def run(self, cells):
        raise AssertionError("a student's code was run")


def results(course) -> dict[str, tuple[float, float, float]]:
    """By student, points, what was taken off and hours late; nothing runs."""
    return {
        result.student: (result.score, result.penalty, result.late / 3600)
        for result in course.grade(pool=NoCells).results
    }


def penalties_by_nbgrader(course) -> dict[str, float]:
    with course.gradebook() as gradebook:
        submissions = gradebook.assignment_submissions(ASSIGNMENT)
        return {one.student_id: one.late_submission_penalty for one in submissions}


def test_each_begun_day_takes_its_percents_of_the_points_reached(late_course):
    assert results(late_course) == {"s1": (7, 0, 0), "s2": (5.6, 1.4, 36), "s3": (7, 0, 0)}
    assert penalties_by_nbgrader(late_course) == {"s1": 0, "s2": 1.4, "s3": 0}


@pytest.mark.parametrize(
    ("price", "points", "penalty"),
    [("", 7, 0), ("c.LateSubmissionPlugin.penalty_method = 'zero'\n", 0, 7)],
    ids=["no rule", "nbgrader's own rule"],
)
def test_another_rule_takes_what_it_says_and_lateness_is_shown(late_course, price, points, penalty):
    late_course.configure(CONFIG + price)
    assert results(late_course)["s2"] == (points, penalty, 36)
    assert penalties_by_nbgrader(late_course)["s2"] == penalty


def test_an_extension_gives_the_points_back_at_once_and_runs_nothing(late_course, due):
    said = due("--extend s2 --days 1")
    assert "points off for lateness: s2, 06-adam: 1.4 → 0.7" in said
    assert results(late_course)["s2"] == (6.3, 0.7, 12)
    table = r"^student +late +extension +points off +score\ns2 +12 h 0 min +1 d +0.7 +6.3 / 10$"
    assert re.search(table, due("--late"), re.M)
    due("--extend s2 --days 1.5")
    assert results(late_course)["s2"] == (7, 0, 0)
    said = due("--late")
    assert "other extensions: s2 (1 d 12 h)" in said
    assert "no submission with a known time was late." in said
    due("--extend s2 --days 0")
    assert results(late_course)["s2"] == (5.6, 1.4, 36)


def test_an_extension_for_all_counts_where_none_is_given_for_the_assignment(late_course, type_in, due):
    type_in("due all --extend s2 --days 5")
    assert results(late_course)["s2"] == (7, 0, 0)
    due("--extend s2 --days 1")
    assert results(late_course)["s2"] == (6.3, 0.7, 12)
    due("never")
    assert results(late_course)["s2"] == (7, 0, 0)


def test_an_extension_can_be_given_before_anything_is_handed_in(late_course, type_in, due):
    type_in("roster add s9")
    due("--extend s9 --days 1")
    late_course.submit("s9").with_name("timestamp.txt").write_text("2026-11-11 11:00 UTC")
    late_course.grade("s9")
    assert results(late_course)["s9"] == (7, 0, 0)
    with late_course.gradebook() as gradebook:
        assert gradebook.find_submission(ASSIGNMENT, "s9").extension == timedelta(days=1)


def test_a_due_date_that_is_moved_counts_at_once(late_course, due):
    said = due("'2026-11-09 12:00 UTC'")
    assert "late: 2" in said
    assert "s1, 06-adam: 0 → 0.7" in said
    assert "s2, 06-adam: 1.4 → 2.1" in said
    assert "s2, 06-adam: 2.1 → 0" in due("never")


def test_in_the_hour_that_comes_twice_the_second_time_is_late_for_the_first(late_course, due):
    due("'2026-10-25 02:50 Europe/Berlin'")
    stamp(late_course, "s2").write_text("2026-10-25 01:10 UTC")  # 02:10 again
    assert results(late_course)["s2"] == (6.3, 0.7, pytest.approx(1 / 3))


def test_two_late_notebooks_cost_what_both_do(fresh_course):
    for path in (fresh_course.root / "solutions/06-adam/adam.ipynb", fresh_course.submit("s1")):
        shutil.copy(path, path.with_name("more.ipynb"))
    path.with_name("timestamp.txt").write_text("2026-11-11 12:00 UTC")
    fresh_course.grade()
    fresh_course.configure(CONFIG + "c.LatePenalty.percent_per_day = 10\n")
    assert "s1, 06-adam: 0 → 1.4" in fresh_course.run("due 06-adam '2026-11-10 12:00 UTC'").output


def test_no_score_is_below_0_whatever_was_taken_off(late_course):
    with late_course.gradebook() as gradebook:
        gradebook.find_grade("test-half", "adam", ASSIGNMENT, "s2").extra_credit = -20.0
        gradebook.db.commit()
    assert results(late_course)["s2"][0] == 0


def test_stale_feedback_is_named_with_the_command_that_updates_it(late_course, type_in, due):
    type_in("feedback 06-adam")
    said = "stale feedback: s2. Update it: autograde feedback 06-adam"
    assert said in due("--extend s2 --days 30").splitlines()
    assert "stale feedback" not in due("--extend s2 --days 40")
    assert "stale feedback" not in type_in("grade 06-adam")
    assert said in " ".join(type_in("grade 06-adam --student s2 --force").split())


ODD_PRICES = {
    "c.LatePenalty.percent_per_day = '10'": "percent_per_day",
    "c.LatePenalty.percent_per_day = -10": "percent_per_day",
    "c.LatePenalty.most_percent = 250": "most_percent",
    "c.LateSubmissionPlugin.penalty_method = 'all'": "penalty_method",
    "c.AssignLatePenalties.plugin_class = 'late.Price'": "late",
}


@pytest.mark.parametrize("command", ["due --late", "grade", "feedback", "report", "export"])
def test_an_odd_price_ends_each_command_in_one_line(late_course, command):
    for line, word in ODD_PRICES.items():
        late_course.configure(f"{CONFIG}{line}\n")
        done = late_course.run(*command.split(), ASSIGNMENT)
        assert done.exit_code == 2, line
        (said,) = done.stderr.splitlines()
        assert "nbgrader_config.py" in said, line
        assert word in said, line


def test_a_time_goes_with_its_file_and_that_is_said(late_course, due, type_in):
    """Written for the wrong one of two who share a name, say."""
    stamp(late_course, "s3").write_text("2026-11-11 11:00 UTC")
    late_course.grade()
    assert OLDER not in due("--late")
    stamp(late_course, "s3").unlink()
    said = due("--late")
    assert f"{OLDER}: s3." in said
    assert "time unknown, as no timestamp.txt next to the notebook has it: s3" in said
    assert "points off for lateness: s3 0.7 → 0" in type_in("grade 06-adam")
    assert OLDER not in due("--late")


PLUGIN = "nbgrader.plugins.LateSubmissionPlugin"
PRICES = {
    f"c.AssignLatePenalties.plugin_class = {PLUGIN!r}": f"the price of lateness is set by {PLUGIN}",
    "late = c.LatePenalty; late.percent_per_day, late.most_percent, late.grace_minutes = 5, 50, 15": "lateness costs 5 % of the points "
    "reached for each day begun, at most 50 %, after 15 min of grace (c.LatePenalty)",
    "c.LateSubmissionPlugin.penalty_method = 'zero'": "lateness costs all points (c.LateSubmissionPlugin.penalty_method)",
    "": "lateness costs nothing. To set a price, write c.LatePenalty.percent_per_day = 10 into nbgrader_config.py, above the "
    "line `configure(…)`",
}


@pytest.mark.parametrize("line", PRICES)
def test_the_list_of_who_was_late_ends_with_what_lateness_costs(late_course, due, line):
    late_course.configure(f"{CONFIG}{line}\n")
    assert due("--late").splitlines()[-1] == PRICES[line]


def test_a_time_stays_while_nobody_can_look_for_its_file(late_course, due):
    """A folder that cannot be entered, or a network's disk that is away: here a link to itself."""
    folder = late_course.root / "submitted/s3/06-adam"
    (folder / "timestamp.txt").write_text("2026-11-11 11:00 UTC")
    late_course.grade()
    folder.rename(folder.with_name("away"))
    folder.symlink_to(folder.name)
    assert OLDER not in due("--late")
    assert results(late_course)["s3"][2] == 23


def test_a_rejudging_says_of_times_and_what_they_cost_what_grading_would_say(late_course, type_in):
    type_in("feedback 06-adam")
    stamp(late_course, "s2").unlink()
    stamp(late_course, "s1").write_text("at noon")
    stamp(late_course, "s3").write_text("2026-11-10 13:00 UTC")
    said = type_in("grade 06-adam --rejudge")
    assert "14:00:00 UTC: s1" in said
    assert "points off for lateness: s2 1.4 → 0" in said
    assert "points off for lateness: s3 0 → 0.7" in said
    assert "no score changes" not in said
    assert "rejudged: no score changes" in type_in("grade 06-adam --rejudge")
    assert "stale feedback: s2, s3" in said


def test_a_time_that_is_corrected_counts_in_the_list_of_who_was_late(late_course, due):
    stamp(late_course, "s3").write_text("2026-11-10 13:00 UTC")
    stamp(late_course, "s1").write_text("at noon")
    said = due("--late")
    assert re.search(r"^s3 +1 h( 0 min)? +0.7 +6.3 / 10$", said, re.M)
    assert f"{OLDER}: s1, s3." in said
    assert "14:00:00 UTC: s1" in said
    late_course.grade()
    shutil.rmtree(late_course.root / "submitted")
    assert re.search(r"^s3 +1 h( 0 min)? +0.7 +6.3 / 10$", due("--late"), re.M)


def test_who_is_marked_late_is_late_everywhere_until_a_time_is_known(course, type_in, due, tmp_path):
    download = tmp_path / "submissions.zip"
    names = "byronada_LATE_11_500_adam.ipynb", "borelemile_12_501_adam.ipynb"
    zipped(download, dict.fromkeys(names, answer()))
    roster = tmp_path / "roster.csv"
    roster.write_text("id,first_name,last_name,lms_user_id\nada,Ada,Byron,11\nemile,Emile,Borel,12\n")
    type_in("roster import", roster)
    due("'2026-11-10 12:00 UTC'")
    type_in("collect 06-adam", download)
    course.grade()
    course.configure(CONFIG + "c.LatePenalty.percent_per_day = 10\n")
    assert {one.student: one.flags for one in course.grade().results} == {
        "ada": ("odd-timestamp",), "emile": ()
    }, "Canvas marks who is late, and nobody else is"  # fmt: skip
    course.configure(CONFIG)
    mark = "late according to the learning system, time unknown"
    assert {one.student: one.marked_late for one in course.grade().results} == {"ada": True, "emile": False}
    assert re.search(r"^ada .*marked late", due("--late"), re.M)
    assert mark in type_in("explain 06-adam ada")
    type_in("report 06-adam")
    assert mark in (course.root / "report-06-adam.html").read_text("utf-8")
    lone = course.root / "ada.ipynb"
    shutil.copy(course.root / "submitted/ada/06-adam/adam.ipynb", lone)
    type_in("collect 06-adam", lone)
    assert re.search(r"^ada .*marked late", due("--late"), re.M), "the same file says nothing new"
    due("--extend emile --days 1")
    assert "other extensions: emile (1 d)" in due("--late")
    due("--extend emile --days 0")
    stamp(course, "ada").write_text("2026-11-11 12:00 UTC")
    assert re.search(r"^ada .* 1 d", due("--late"), re.M)
    stamp(course, "ada").write_text("2026-11-09 12:00 UTC")
    assert "no submission was late." in due("--late"), "Canvas says so of the other"
    for mark in ("", "LATE_"):  # handed in again, in time and late
        zipped(download, {f"byronada_{mark}11_502_adam.ipynb": answer(why=mark)})
        type_in("collect 06-adam --update", download)
        assert ("marked late" in due("--late")) is bool(mark)
    nbformat.write(answer(why="by mail"), lone)
    type_in("collect 06-adam --update", lone)
    assert "marked late" not in due("--late"), "Canvas did not see this one"


def test_where_being_late_costs_points_an_unknown_time_is_listed(late_course, type_in, due):
    unknown = "submitted at an unknown time"
    time_of_s3 = stamp(late_course, "s3")
    assert {one.student: one.flags for one in late_course.grade().results} == {
        "s1": (), "s2": (), "s3": ("odd-timestamp",)
    }  # fmt: skip
    late_course.submit("s4")
    (line,) = re.findall(rf"^.*{unknown}.*$", type_in("grade 06-adam"), re.M)
    said = (
        "so no late penalty: s3, s4. To say when, in a table student,time: autograde due 06-adam --times FILE"
    )
    assert line.endswith(said)
    shutil.rmtree(late_course.root / "submitted/s4")
    type_in("student erase s4 --yes")
    type_in("report 06-adam")
    assert unknown in (late_course.root / "report-06-adam.html").read_text("utf-8")
    config = late_course.root / "nbgrader_config.py"
    price = config.read_text()
    for free in (CONFIG, price.replace("= 10", "= 0")):
        config.write_text(free)
        assert unknown not in type_in("grade 06-adam")
    config.write_text(price)
    time_of_s3.write_text("2026-11-10 13:00 UTC")
    assert unknown not in type_in("grade 06-adam")
    time_of_s3.write_text("2026-11-09 UTC by the folder's name, 2026-11-19 UTC by its last change")
    said = type_in("grade 06-adam")
    assert "points off for lateness: s3 0.7 → 0" in said
    assert unknown in said
    due("never")
    assert unknown not in type_in("grade 06-adam")


def test_the_table_says_who_was_late_by_how_much_what_it_costs_now_and_whose_time_is_unknown(
    late_course, type_in, due
):
    said = due("--late")
    assert re.search("^s2 +1 d 12 h +1.4 +5.6 / 10$", said, re.M)
    assert "s1" not in said
    assert "1 d 12 h late: 1.4 points off" in type_in("explain 06-adam s2")
    assert "1 d 12 h late: 1.4 points off" in type_in("grade 06-adam")
    assert "time unknown, as no timestamp.txt next to the notebook has it: s3\n" in said
    stamp(late_course, "s3").write_text("yesterday evening")
    said = due("--late")
    assert "time unknown, as timestamp.txt is not a time like 2026-11-12 14:00:00 UTC: s3\n" in said
    assert ("no timestamp.txt" in said, said.count("s3")) == (False, 1), "one reason"
    stamp(late_course, "s3").unlink()
    due("never")
    assert "timestamp.txt" not in due("--late"), "nobody can be late"


def test_what_cannot_be_meant_is_refused_in_one_line(late_course, type_in):
    before = penalties_by_nbgrader(late_course)
    for words, said in {
        "06-adm 2026-11-20": "Did you mean '06-adam'?",
        "06-adam tomorrow": "'tomorrow' is not a date",
        "06-adam '5000-01-01 23:59'": "is after the year 4999",
        "06-adam '2026-11-31 23:59'": "is not a date",
        "06-adam": "give one of",
        "--late": "name the assignment",
        "06-adam --extend s2": "together",
        "06-adam --extend s77 --days 1": "'s77' is not on the roster",
        "06-adam --extend s2 --days 4e6": "'--days'",
        "06-adam --extend s2 --days inf": "'--days'",
        "06-adam --days 1": "give one of",
        "07-none --extend s2 --days 1": "unknown assignment",
    }.items():
        assert said in type_in("due", words, status=2), words
    assert penalties_by_nbgrader(late_course) == before


def test_a_time_without_a_zone_is_this_machines():
    with clock_of("Europe/Berlin"):
        assert read_due_date("2026-11-20 23:59") == datetime(2026, 11, 20, 22, 59)
        assert read_due_date("2026-07-20") == datetime(2026, 7, 20, 21, 59, 59)
        assert read_due_date("2026-07-20 23:59 +01") == datetime(2026, 7, 20, 22, 59)
        for text in ("0001-01-01", "9999-12-31 23:59 -1200"):
            with pytest.raises(UsageError, match="is not a date"):
                read_due_date(text)
    assert read_due_date("2026-11-20 23:59 +0100") == datetime(2026, 11, 20, 22, 59)


@pytest.mark.parametrize(
    ("hours", "penalty"), [(0.25, None), (0.26, 1.0), (24, 1.0), (25, 2.0), (24 * 40, 5.0)]
)
def test_the_rule_has_grace_begun_days_and_a_limit(hours, penalty):
    rule = LatePenalty(percent_per_day=10, most_percent=50, grace_minutes=15)
    assert rule.late_submission_penalty("s", 10.0, hours * 3600) == penalty


def test_a_duration_is_said_in_two_units():
    said = {
        1: "1 min",
        3600: "1 h 0 min",
        86_399: "1 d",
        86_400: "1 d",
        86_460: "1 d 1 h",
        183_600: "2 d 3 h",
    }
    assert {seconds: duration(seconds) for seconds in said} == said


def test_what_lateness_costs_now_is_shown_by_every_command_and_written_by_grade(late_course, monkeypatch):
    written, execute = [], DefaultDialect.do_execute
    monkeypatch.setattr(
        DefaultDialect, "do_execute", lambda *asked: (written.append(asked[2].split()[0]), execute(*asked))
    )
    stored = 1.4
    late_course.run("marks export 06-adam")
    table = late_course.root / "marks-06-adam.csv"
    commands = (
        ", explain 06-adam s2, feedback 06-adam, export 06-adam, report, due 06-adam --late, marks page 06-adam, "
        f"marks export 06-adam, marks compare {table} {table}, grade 06-adam"
    )
    for points, words in enumerate(commands.split(", ")):
        late_course.by_hand("s2", points / 2)
        written.clear()
        done = late_course.run(*words.split())
        assert done.exit_code in (0, 1), done.output  # 1: answers of the others need manual grading
        two_days = pytest.approx(1.4 + points / 10)
        if "grade 06" in words:
            assert all(line in done.output for line in ("s2 1.4 → 2.3", "stale feedback: s2"))
            stored = two_days
        else:
            assert {"INSERT", "UPDATE", "DELETE"}.isdisjoint(written), words
        said = "older late penalty: s2" in done.output or f"{OLDER}: s2" in done.output
        assert said == bool(re.search("export|report|--late", words)), words
        with graded_assignment(late_course.root, ASSIGNMENT) as opened:
            assert read_class(*opened).graded["s2"].penalty == two_days, words
        assert penalties_by_nbgrader(late_course)["s2"] == stored, words


def test_every_command_shows_a_due_date_in_the_zone_that_was_typed_or_this_machines_and_in_utc(
    course, type_in, due
):
    type_in("roster add s9")
    course.submit("s9")
    course.grade()
    shown = "2026-11-20 23:59 CET (2026-11-20 22:59 UTC)"
    with clock_of("Europe/Berlin"):
        assert "06-adam: 2026-11-20 17:59 EST (2026-11-20 22:59 UTC)" in due(
            "'2026-11-20 17:59 America/New_York'"
        )
        assert "17:59 EST" in due("--late")
        assert due("--extend s9 --days 1").endswith("until 2026-11-21 17:59 EST\n")
        assert f"06-adam: {shown.replace('CET', 'UTC+01:00')}" in due("'2026-11-20 23:59 +0100'")
        for typed in ("'2026-11-20 23:59'", "2026-11-20"):
            assert f"06-adam: {shown}" in due(typed)
            assert f"06-adam: {shown}" in type_in("due")
        assert f"due: {shown}" in due("--late")
        assert due("--extend s9 --days 1").endswith("until 2026-11-21 23:59 CET\n")
    assert "06-adam: 2026-11-20 22:59 UTC" in type_in("due")
    assert "no due date" in due("never")


@pytest.mark.parametrize(
    ("due", "zone", "day_after"),
    [
        ("2026-03-28 12:00", "Europe/Berlin", "2026-03-29 10:00"),  # a day of 23 hours
        ("2026-10-24 18:00", "Europe/Berlin", "2026-10-25 17:00"),  # of 25
        ("2026-10-31 18:00", "America/New_York", "2026-11-01 23:00"),
        ("2026-06-01 18:00", "UTC", "2026-06-02 18:00"),
    ],
)
def test_a_day_late_lasts_until_the_same_time_on_the_clock_of_the_due_dates_zone(
    course, due, zone, day_after
):
    course.configure(CONFIG + "c.LatePenalty.percent_per_day = 10\n")
    assert course.run("due 06-adam", f"{due} {zone}").exit_code == 0
    for student, second in (("s1", "00"), ("s2", "01")):
        course.submit(student).with_name("timestamp.txt").write_text(f"{day_after}:{second} UTC")

    def lost(pool) -> dict[str, float]:
        return {one.student: round(one.penalty / 7, 2) for one in course.grade(pool=pool).results}

    assert lost(NoSandbox) == lost(NoCells) == {"s1": 0.1, "s2": 0.2}
    said = course.run("due 06-adam --extend s2 --days 1").output
    assert f"until {datetime.fromisoformat(due) + timedelta(days=1):%Y-%m-%d %H:%M} " in said
    assert lost(NoCells) == {"s1": 0.1, "s2": 0.1}


def test_times_that_nothing_else_knows_come_from_a_table_and_count_at_once(late_course, due, tmp_path):
    table = tmp_path / "times.csv"
    due("'2026-11-10 12:00 Europe/Berlin'")
    table.write_text("student,time\ns3,2026-11-11 11:00\ns1,2026-11-10 11:30 +0000\n\n,\n")
    said = due("--times", table)
    assert "06-adam: 2 times" in said
    assert "points off for lateness: s3, 06-adam: 0 → 0.7" in said
    assert stamp(late_course, "s3").read_text() == "2026-11-11 11:00 Europe/Berlin\n"
    assert re.search(r"^s3 +23 h", due("--late"), re.M)


def test_a_table_of_times_with_a_bad_line_writes_nothing_and_names_each(late_course, due, tmp_path):
    table, before = tmp_path / "times.csv", stamp(late_course, "s1").read_text()
    table.write_text("student,time\ns1,2026-11-01 11:00\nnobody,2026-11-11 11:00\ns2,yesterday\ns3\n")
    said = due("--times", table, status=2)
    for line in (
        "line 3: no submission of 'nobody'",
        "line 4: 'yesterday' is no time such as",
        "line 5: '' is no time",
    ):
        assert line in said
    assert stamp(late_course, "s1").read_text() == before
    table.write_text("who,time\n")
    assert "has no column student" in due("--times", table, status=2)
