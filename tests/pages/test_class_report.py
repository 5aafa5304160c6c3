"""The class report: sentences and students behind each mistake, who is missing, and no 0 for what waits."""

import os
import re
import shutil
from dataclasses import replace

import nbformat
import pytest
from course_folder import ASSIGNMENT, RIGHT, WRONG, answer, shown
from support import CATALOGUE, mistake

from autograde.book.class_results import graded_assignment, read_class
from autograde.course.course import Course, only_grader
from autograde.entries.entry import CellScore, ClassOutcome, Entry, Person
from autograde.entries.wording import what_happened
from autograde.pages.class_numbers import CheckRow, Report, gather, histogram, summary, urgency
from autograde.pages.class_report import (
    mistake_in_words,
    mistake_messages,
    render,
)
from verdicts.judging.verdict import CALLS_UNANSWERED

TOLD = "Your numbers are those of Adam without the square root."


def test_of_several_sentences_for_a_mistake_the_catalogues_or_the_commonest_is_shown():
    assert mistake_in_words("unanswered", [""]) == "not answered"
    several = [TOLD, "Call 1: another.", TOLD]
    assert mistake_in_words("no-root", several) == TOLD
    entry = mistake("adam/no-root")
    assert mistake_in_words("no-root", several, entry).lower() == f"{entry.what}.".lower()


def test_every_mistake_of_the_catalogue_shows_a_section():
    for entry in CATALOGUE.all_mistakes:
        shown = CheckRow("x", 5, False, entry.check, wrong={(entry.id, ""): {"ann": ""}})
        (told,) = mistake_messages(shown)
        assert told.sentence
        assert told.section or entry.id.startswith(("error/", "behavior/")), entry.id


@pytest.mark.parametrize(
    ("maximum", "first", "last", "count"),
    [(20, "0–2", "18–20", 10), (22, "0–2", "20–22", 11), (9, "0–1", "8–9", 9), (24, "0–2", "22–24", 12),
     (17, "0–2", "16–17", 9), (1, "0–0.1", "0.9–1", 10), (100, "0–10", "90–100", 10)],
)  # fmt: skip
def test_bars_have_round_ends(maximum, first, last, count):
    bars = histogram([0.0, float(maximum)], float(maximum))
    assert (bars[0][0], bars[-1][0], len(bars)) == (first, last, count)
    assert bars[0][1] == bars[-1][1] == 1


@pytest.mark.parametrize(("score", "maximum", "bar"), [(0.3, 1, "0.3–0.4"), (1.4, 2, "1.4–1.6")])
def test_a_score_at_a_bars_beginning_is_in_that_bar(score, maximum, bar):
    assert [label for label, count in histogram([score], float(maximum)) if count] == [bar]


def test_extra_credit_has_a_bar_of_its_own():
    bars = histogram([5.0, 3.0], 3.0)
    assert sum(count for _, count in bars) == 2
    assert bars[-1][0].endswith("–5")
    row = CheckRow("w", 3.0, True)
    row.count("ann", CellScore("w", 5.0, 3.0))
    row.count("ben", CellScore("of no points", 0.0, 0.0))
    assert row.shares == [1.0, 1.0]


def result(student, *, words=None, auto=5.0, flags=(), status="graded"):
    """A result of one check and one answer in words."""
    cells = (CellScore("a", auto, 5.0, "x/y"), CellScore("w", words, 3.0, manual=True))
    score = None if status != "graded" else auto + (words or 0.0)
    waiting = int(words is None)
    return Entry(Person(student), "hw", status, 8.0, score, pending_manual=waiting, flags=flags, cells=cells)


def report_of(*results):
    """The numbers of a report of these results."""
    return Report("hw", list(results), [CheckRow("x/y", 5.0, False, "x/y"), CheckRow("w", 3.0, True)], 8.0)


def test_an_answer_that_waits_is_no_zero_in_any_figure():
    waiting = report_of(result("a"), result("b"), result("c", words=3.0))
    assert summary(waiting.scores) == {"mean": 5, "median": 5, "least": 5, "most": 5}
    assert (waiting.maximum, waiting.pending) == (5, 2)
    done = report_of(result("a", words=1.0), result("b"), result("c", words=3.0))
    assert summary(done.scores) == {"mean": 7, "median": 7, "least": 6, "most": 8}
    assert (len(done.scores), done.graded, done.maximum) == (2, 3, 8)
    assert "not graded yet" in render(report_of(result("a")))


def test_what_may_be_no_honest_answer_comes_before_a_limit():
    results = [
        result("altered", flags=("altered-cells",)),
        result("both", flags=("timeout", "altered-cells")),
        result("slow", flags=("timeout",)),
        result("undated", flags=("odd-timestamp",)),
        result("forger", flags=("odd-evidence",)),
        result("broken", flags=("malformed",), status="needs-review"),
        result("fine"),
    ]
    assert [one.student for one in report_of(*results).attention] == [
        "broken", "forger", "altered", "both", "slow", "undated",
    ]  # fmt: skip
    assert urgency(results[0]) < urgency(results[2])


def test_figures_beside_rows_are_of_the_rows_numbers_after_what_being_late_cost():
    late = replace(result("late"), penalty=1.0, score=4.0, late=3600.0)
    waiting = report_of(result("a"), late)
    assert waiting.scores == [one.score for one in waiting.results] == [5.0, 4.0]
    assert (summary(waiting.scores)["mean"], waiting.maximum) == (4.5, 5)
    assert report_of(replace(late, penalty=6.0)).shares == [0.0]
    assert "mean 4.5 of the 5 automatic points" in table_of(waiting.results)
    # Of a score with words in it the automatic points lose their part alone.
    assert replace(result("late", words=3.0), penalty=4.0, score=4.0).automatic == 2.5
    assert replace(result("late"), penalty=9.0, score=0.0).automatic == 0.0


@pytest.mark.parametrize(("points", "named"), [(1.0, "ann"), (None, "all")])
def test_who_has_an_answer_to_grade_by_hand_is_named_once_below_the_table(points, named):
    said = table_of([result("ann"), result("ben", words=points)])
    assert said.count("not final") == 1
    assert f"manual grading: {named}. `autograde lab --teacher`" in said


def test_who_has_no_grade_has_a_next_step():
    said = table_of([result("zoe", status="needs-review"), result("yan", status="failed")])
    assert "needs-review: zoe. Fix or rename the file in submitted/, or ask the student for it and" in said
    assert "`autograde collect 06-adam FILE --update`; for 0 points, replace it" in said
    assert "failed (internal error): yan. Retry with `autograde grade 06-adam`" in said


def test_a_rejudging_that_failed_leads_to_the_table():
    said = table_of([result("yan", status="failed"), result("ann", status="not-graded")], rejudged=True)
    assert "not rejudged: yan. The table says what to do" in said
    assert "ann. Run `autograde grade 06-adam`" in said
    stopped = table_of([], rejudged=True, stopped="no room")
    assert "`autograde grade 06-adam --rejudge` continues" in stopped


def table_of(results, **fields):
    return shown(ClassOutcome(list(results), **fields))


def without_a_name(**facts):
    """A check's row of students whose mistake nobody knows, by what the numbers of each show."""
    counted = CheckRow("Adam", 5, False, "adam/update")
    cell = CellScore("check-adam-update", 0.0, 5.0, "adam/update", sentence="Call 1: yours 1, expected 2")
    for student, fact in facts.items():
        verdict = {"status": "answered", "failed": ["the first step"], "fact": fact}
        counted.count(student, replace(cell, verdict=verdict))
    return counted


def test_an_answer_that_calls_an_unanswered_function_is_not_counted_among_the_empty_ones():
    counted = CheckRow("Adam", 5, False)
    for student, mistake_id, cause in (
        ("a", None, "not answered"),
        ("b", CALLS_UNANSWERED, "it calls weight_sum, which is not answered"),
    ):
        cell = CellScore("check-adam-uncorrected", 0.0, 3.0, "adam/uncorrected", mistake_id, sentence=cause)
        counted.count(student, replace(cell, verdict={"status": "unanswered", "failed": []}))
    said = {message.sentence: message.students for message in mistake_messages(counted)}
    assert said == {"not answered": ["a"], "it calls weight_sum, which is not answered": ["b"]}


def test_answers_without_a_known_mistake_are_grouped_by_what_their_numbers_show():
    steps = "Your steps in call 1, compared with the expected ones: {}×."
    messages = mistake_messages(
        without_a_name(a=steps.format(2.5), b="Your class remembers nothing.", c=steps.format("1.3e-05"))
    )
    assert [message.students for message in messages] == [["a", "c"], ["b"]]
    assert messages[0].sentence == (f"No known mistake, for example: {steps.format(2.5)}")
    assert messages[1].sentence == "No known mistake: Your class remembers nothing."
    assert {message.id for message in messages} == {""}


def test_a_row_of_an_earlier_version_says_where_the_answer_first_differs():
    counted = without_a_name(a="", b="")
    (message,) = mistake_messages(counted)
    assert message.sentence.endswith("No known mistake: Call 1: yours 1, expected 2")
    assert message.students == ["a", "b"]
    counted.wrong["adam/no-root", ""] = {"c": TOLD, "d": TOLD}  # of as many, what has a name comes first
    assert [one.id for one in mistake_messages(counted)] == ["adam/no-root", ""]


def test_facts_alone_reach_the_report_of_a_graded_class(course):
    odd = answer(RIGHT.replace("self.lr * m_hat", "(self.lr * m_hat + 0.37 * np.sin(g))"))
    for student in ("ann", "ben"):
        course.submit(student, odd)
    course.grade()
    report(course, ASSIGNMENT)
    assert "No known mistake" in page(course, "report-06-adam.html")


def test_a_check_without_an_answer_is_listed_with_its_reason(course):
    course.submit("ann", answer("self.t += ("))
    (result,) = course.grade().results
    said = "; ".join(what_happened(result))
    assert "adam/update: the check was not reached, or did not finish: the cell above it ended in" in said
    report(course, ASSIGNMENT)
    assert "was never closed" in page(course, "report-06-adam.html").partition('<h2 id="scores"')[0]


def four_people(course):
    """Two right, one wrong, one missing."""
    course.submit("ann")
    course.submit("ben", answer(WRONG))
    course.submit("cat")
    course.grade()
    people = course.root / "people.csv"
    people.write_text(
        "id,first_name,last_name\nann,Ann,Müller\nben,Ben,Müller\ncat,Cat,Müller\ndan,Dan,Müller\n"
    )
    course.run("roster import", people)


@pytest.fixture
def graded(after):
    return after(four_people)


def report(course, *words):
    done = course.run("report", *words)
    assert done.exit_code == 0, done.output
    return done.output


def page(course, name):
    """A report's page, which needs nothing from elsewhere and runs nothing."""
    text = (course.root / name).read_text(encoding="utf-8")
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "")
    assert "@media print" in text
    assert text.count("<table") == text.count("<caption")
    return text


@pytest.mark.parametrize("words", [("report",), ("report", ASSIGNMENT), ("export",)])
def test_what_is_made_while_a_grader_runs_says_that_scores_may_be_mixed(graded, words):
    with only_grader(Course.open(graded.root)):
        done = graded.run(*words)
    assert "a grader is at work here: scores of before and after it may be mixed" in done.stderr
    assert "a grader is at work" not in graded.run(*words).stderr


def test_the_page_names_who_made_a_mistake_and_who_is_missing_and_links_to_their_work(graded):
    graded.run("feedback 06-adam")
    report(graded, ASSIGNMENT)
    text = page(graded, "report-06-adam.html")
    assert "ben · Ben Müller" in text
    assert "dan · Dan Müller" in text
    assert f'href="submitted/ben/{ASSIGNMENT}/adam.ipynb"' in text
    assert f'href="feedback/ben/{ASSIGNMENT}/adam.html"' in text
    assert "Teach again: 06-adam" in text
    assert "from the first number to below the second" in text
    assert "adam/only-v-corrected" not in text


def test_a_page_elsewhere_links_back_to_the_course(graded, tmp_path):
    elsewhere = tmp_path / "elsewhere/r.html"
    report(graded, ASSIGNMENT, "--out", elsewhere)
    link = os.path.relpath(graded.root / "submitted/ben" / ASSIGNMENT / "adam.ipynb", elsewhere.parent)
    assert f'href="{link}"' in elsewhere.read_text()


def test_an_anonymous_page_has_no_id_no_name_and_no_link_and_the_order_of_its_numbers(graded):
    report(graded, ASSIGNMENT, "--anonymous")
    text = page(graded, "report-06-adam-anonymous.html")
    assert re.search(r"student \d", text)
    for name in ("ann", "ben", "cat", "dan"):
        assert f">{name}" not in text
        assert name.title() not in text
    assert "submitted/" not in text
    for together in re.findall(r"<(?:ul|p) class=\"(?:students-list|again)\">(.*?)</(?:ul|p)>", text, re.S):
        numbers = re.findall(r"student \d", together)
        assert numbers == sorted(numbers)
    report(graded, "--anonymous")
    term = page(graded, "report-term-anonymous.html")
    assert "Müller" not in term
    assert ">ben" not in term
    assert re.findall(r'row">(student \d)<', term) == [f"student {number}" for number in range(1, 5)]


def test_who_knows_the_ids_and_not_the_courses_secret_knows_no_number(graded):
    numbers = set()
    for secret in ("1", "2", "3"):
        (Course.open(graded.root).private / "secret").write_text(secret)
        report(graded, ASSIGNMENT, "--anonymous")
        text = page(graded, "report-06-adam-anonymous.html")
        numbers.update(re.findall(r'"again">(student \d)<', text))  # who alone made the mistake
    assert len(numbers) > 1


def test_an_anonymous_page_repeats_no_name_of_a_file(course):
    path = course.submit("ann")
    path.rename(path.with_name("Ann Mueller.ipynb"))
    course.submit("ben")
    course.grade()
    report(course, ASSIGNMENT)
    report(course, ASSIGNMENT, "--anonymous")
    assert "Ann Mueller" in page(course, "report-06-adam.html")
    hidden = page(course, "report-06-adam-anonymous.html")
    assert "Mueller" not in hidden
    assert "its notebook is missing" in hidden


def test_a_file_whose_name_is_no_text_is_linked_like_any_other(graded):
    """Beside one student's notebook, and before it in the alphabet."""
    with open(os.fsencode(graded.root / "submitted/ben" / ASSIGNMENT) + b"/A\xff.ipynb", "wb"):
        pass
    report(graded, ASSIGNMENT, "--out", graded.root / "page.html")
    assert f'href="submitted/ben/{ASSIGNMENT}/A%FF.ipynb"' in (graded.root / "page.html").read_text()


def test_cells_of_one_id_in_two_notebooks_are_two_answers(fresh_course):
    """nbgrader takes ids for one notebook's: who copies a notebook has them twice."""
    root = fresh_course.root
    shutil.copy(root / f"solutions/{ASSIGNMENT}/adam.ipynb", root / f"solutions/{ASSIGNMENT}/again.ipynb")
    second = fresh_course.submit("s1").with_name("again.ipynb")
    nbformat.write(answer(WRONG, half="return x"), second)
    assert fresh_course.scores()["s1"] == 7.0
    with graded_assignment(root, ASSIGNMENT) as opened:
        counted = gather(read_class(*opened))
    assert [row.title for row in counted.rows] == [
        *("adam: adam/update", "adam: test half", "adam: why"),
        *("again: adam/update", "again: test half", "again: why"),
    ]
    assert [(row.points, *row.counts.values(), row.pending) for row in counted.rows] == [
        *((5, 1, 0, 0, 0), (2, 1, 0, 0, 0), (3, 0, 0, 0, 1)),
        *((5, 0, 0, 1, 0), (2, 0, 0, 1, 0), (3, 0, 0, 0, 1)),
    ]
    assert counted.rows[3].criteria == {"the first step": 1}, "the others were not looked at"
    said = fresh_course.run("explain 06-adam s1").output
    first, middle, then = said.partition("adam/update  0 of 5")
    assert middle
    assert "mistake:" not in first
    assert "mistake:" in then
    assert f"autograded/s1/{ASSIGNMENT}/again.ipynb" in " ".join(then.split())


def test_the_term_has_a_line_for_everybody_and_counts_what_waits_for_nothing(graded):
    with graded.gradebook() as gradebook:
        gradebook.add_assignment("07-next", duedate="2030-01-01")  # announced in formgrader alone
    report(graded)
    text = page(graded, "report-term.html")
    assert "1 assignment · 4 students" in text
    lines = {line.split(" · ")[0].split(">")[-1]: line for line in text.splitlines() if "Müller" in line}
    assert list(lines) == ["ann", "ben", "cat", "dan"]
    assert "7 / 7" in lines["ann"], "of 10: three points need manual grading"
    assert "–" in lines["dan"]
    assert "0 / 10" in lines["dan"]


def test_an_assignment_of_which_nothing_is_graded_has_no_mean(course):
    course.submit("ann", "{")
    course.grade()
    report(course)
    (line,) = re.findall('<tr><th scope="row">06-adam<.*', page(course, "report-term.html"))
    assert re.findall(r">([^<>]+)</td>", line) == ["1", "0", "0", "0", "–", "–", "10"]


def test_answers_are_written_for_tools_that_compare_programs(graded):
    out = graded.root / "answers"
    words = ("export", ASSIGNMENT, "--answers", "--out", out)
    done = graded.run(*words)
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (out / "students").iterdir()) == ["ann", "ben", "cat"]
    code = (out / "students/ben/adam.py").read_text()
    compile(code, "adam.py", "exec")
    assert "class Adam" in code
    assert "def half" in code
    assert "check(" not in code
    assert "why" not in code
    again = graded.run(*words)
    assert again.exit_code == 2
    assert "there already" in again.output


def test_answers_of_a_damaged_notebook_are_one_line_and_nothing_is_written(graded):
    graded.autograded("ben").write_text("<<<<<<< HEAD")
    out = graded.root.parent / "answers"
    done = graded.run("export 06-adam --answers --out", out)
    assert (done.exit_code, out.exists(), len(done.stderr.splitlines())) == (2, False, 1)
    assert "adam.ipynb is not a notebook that can be read" in done.stderr
