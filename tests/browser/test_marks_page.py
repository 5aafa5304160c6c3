"""The page on which a hundred written answers are marked with keys, and the way of its table into the gradebook."""

import copy
import csv
import hmac
import io
import json
import re
import shutil

import pytest
from course_folder import ASSIGNMENT, CourseFolder, answer, run_in
from playwright.sync_api import expect

STUDENTS = [f"student{number:03}" for number in range(100)]
EQUAL = 4
"""Of these one has nobody's words, the others wrote the same."""
WORDS = [
    "bias",
    "momentum",
    "epsilon",
    "because",
    "square",
    "early",
    "step",
    "mean",
    "root",
    "small",
    "first",
    "decay",
]
HOSTILE = (
    "Answer 1: <script>document.title='acted'</script><b onclick=\"document.title='acted'\">bold</b> "
    "<img src=x onerror=\"document.title='acted'\"> ![x](https://example.org/x.png) $\\sqrt{v}$"
)
POLICY = (
    r"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-[\w+/]{43}='; "
    r"form-action 'none'; base-uri 'none'"
)
FORBIDDEN = "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no') }})"
FULL = "Storage.prototype.setItem = () => { throw new DOMException('full') }"


def words_of(number):
    if number % 25 == 0:
        return "Because."
    if number == 1:
        return HOSTILE
    if number == 2:
        return "Answer 2: שלום עולם " + "x " * 490_000
    return f"Answer {number}: " + " ".join(WORDS[number * step % len(WORDS)] for step in range(1, 20))


def points_for(text):
    """What the marker of these tests finds right, by the answer's number; nothing for those without."""
    found = re.search(r"Answer (\d+)", text)
    return int(found[1]) % 4 if found else 0


@pytest.fixture(scope="module")
def graded_class(tmp_path_factory):
    course = CourseFolder.make(tmp_path_factory.mktemp("class") / "course")
    course.register()
    for number, student in enumerate(STUDENTS):
        course.submit(student, answer(why=words_of(number)))
    course.grade()
    return course


@pytest.fixture
def course(graded_class, tmp_path):
    return CourseFolder(shutil.copytree(graded_class.root, tmp_path / "course"))


def written(course):
    done = course.run("marks page 06-adam")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.endswith("marks-06-adam-why.html: 100 answers\n")
    return course.root / f"marks-{ASSIGNMENT}-why.html"


class Marker:
    """A person in front of the page."""

    def __init__(self, chromium, path, script="", **view):
        self.context = chromium.new_context(accept_downloads=True, **view)
        self.context.add_init_script(script)
        self.path = path
        self.open()

    def open(self):
        self.page = self.context.new_page()
        self.errors = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(self.path.as_uri())

    def keys(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def line(self, text):
        self.page.keyboard.type(text)
        self.keys("Enter")

    def text(self, place):
        return self.page.locator(f"#{place}").inner_text()

    def find(self, words):
        for _ in range(len(STUDENTS)):
            if words in self.text("answer"):
                return
            self.keys("ArrowRight")
        raise AssertionError(words)

    def saved(self, name="Ada B."):
        self.page.fill("#by", name)
        with self.page.expect_download() as download:
            self.keys("Control+s")
        assert download.value.suggested_filename == "marks-06-adam-why-Ada-B-.csv"
        return download.value.path()


def table(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def in_gradebook(course, student):
    with course.gradebook() as gradebook:
        grade = gradebook.find_grade("why", "adam", ASSIGNMENT, student)
        comment = gradebook.find_comment("why", "adam", ASSIGNMENT, student).manual_comment
        return grade.manual_score, comment


@pytest.mark.parametrize(
    "view",
    [
        {"viewport": {"width": 1280, "height": 800}},
        {"viewport": {"width": 820, "height": 1180}, "has_touch": True},
    ],
    ids=["laptop", "tablet"],
)
def test_a_hundred_answers_marked_with_keys_reach_pages_and_export_and_a_rubric_line_changes_for_all(
    course, chromium, view
):
    marker = Marker(chromium, written(course), **view)
    assert marker.text("left") == "97 of 97 left"
    assert "4 students wrote exactly this" in marker.text("place")
    marker.keys("r")
    marker.line("-2 no reason")
    assert marker.text("points") == "1"
    marker.keys("u", "u", "r")
    marker.line("-3 no reason")
    for _ in range(48):
        marker.keys("Enter", str(points_for(marker.text("answer"))))
        marker.keys(str(points_for(marker.text("answer"))))
    assert marker.text("left") == "48 of 97 left"
    marker.page.close()
    marker.open()
    assert marker.text("left") == "48 of 97 left"
    for _ in range(48):
        if "has_touch" in view:
            marker.page.tap(f"button[data-key='{points_for(marker.text('answer'))}']")
            marker.page.tap("button[data-key=Enter]")
        else:
            marker.keys(str(points_for(marker.text("answer"))), "Enter")
    assert (marker.text("left"), marker.text("said")) == (
        "0 of 97 left",
        "All answers have points: save the table.",
    )
    marker.find("Answer 7:")
    marker.keys("a", ".", "c")
    marker.line("See step 2, =SUM(A1).")
    marker.keys("Shift+A")
    marker.page.fill("#line", "-3 no reason: say why")
    marker.keys("Enter")
    assert marker.text("points") == "0.5"
    path = marker.saved()
    assert marker.errors == []
    assert "'-3 no reason: say why" in path.read_text(), "no spreadsheet takes it for a formula"
    done = course.run("marks import", path, "--yes")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "100 marks given"), done.stderr
    for number, student in enumerate(STUDENTS):
        points, comment = in_gradebook(course, student)
        if number == 7:
            assert (points, comment) == (0.5, "-3 no reason: say why\nSee step 2, =SUM(A1).")
        else:
            assert points == points_for(words_of(number))
            assert comment == ("-3 no reason: say why" if number % 25 == 0 else None)
    assert course.run("feedback 06-adam").exit_code == 0
    assert (
        "no reason: say why" in (course.root / f"feedback/{STUDENTS[25]}/{ASSIGNMENT}/adam.html").read_text()
    )
    course.run("export 06-adam --format csv --accept-self-reported")
    (exported,) = course.root.glob("grades-*.csv")
    scores = {row["student_id"]: float(row["score"]) for row in table(exported)}
    assert {student: scores[student] - 7 for student in STUDENTS} == {
        student: 0.5 if number == 7 else points_for(words_of(number))
        for number, student in enumerate(STUDENTS)
    }


def test_the_page_names_nobody_and_nothing_of_an_answer_acts(course, chromium):
    path = written(course)
    source = path.read_text()
    assert re.search(rf'Content-Security-Policy" content="{POLICY}"', source)
    assert not re.search(r"student\d", source)
    marker = Marker(chromium, path)
    marker.find("Answer 1:")
    marker.page.locator("#answer b").click()
    assert (
        marker.page.locator("#answer script, #answer img[src], #answer [onclick], #answer [onerror]").count()
        == 0
    )
    assert marker.page.locator("#answer math").count() == 1
    assert "acted" not in marker.page.title()
    marker.find("Answer 2:")
    assert "more characters]" in marker.text("answer")
    assert marker.page.locator("#answer").get_attribute("dir") == "auto"


def test_the_browser_keeps_points_comments_and_rubric_alone_under_the_assignment(course, chromium):
    marker = Marker(chromium, written(course))
    marker.keys("r")
    marker.line("+1 a cause")
    marker.keys("c")
    marker.line("Good.")
    marker.page.fill("#by", "Ada")
    ((name, kept),) = marker.page.evaluate("Object.entries(localStorage)")
    assert re.fullmatch(rf"descentlab marks {ASSIGNMENT} [0-9a-f]{{64}}", name)
    assert {name: one["is"] for name, one in json.loads(kept).items()} == {
        "a": "+1 a cause",
        "0": {"letters": "a", "comment": "Good.", "had": True},
    }


def test_what_storage_holds_counts_only_as_this_page_signed_it_for_that_answer(course, chromium):
    marker = Marker(chromium, written(course))
    key = re.search(r'data-key="([0-9a-f]{64})"', marker.path.read_text())[1]
    for text in ("", "Because.", "é" * 63, "x" * 64, "x" * 5000):
        theirs = marker.page.evaluate("text => signature(text)", text)
        assert theirs == hmac.new(bytes.fromhex(key), text.encode(), "sha256").hexdigest()
    marker.keys("r")
    marker.line("-1 no reason")
    marker.keys("Enter", "2", "Enter", "1")
    ((name, kept),) = marker.page.evaluate("Object.entries(localStorage)")

    def left_with(edit):
        edit(found := json.loads(kept))
        marker.page.evaluate("([name, text]) => localStorage.setItem(name, text)", [name, json.dumps(found)])
        marker.page.close()
        marker.open()
        return marker.text("left").split()[0], marker.text("said")

    assert left_with(lambda found: None) == ("94", "3 marks of before, as this browser kept them.")
    forged = {"is": {"points": 3, "letters": "", "comment": ""}, "sign": "0" * 64}
    assert left_with(lambda found: found.update({str(row): forged for row in range(97)}))[0] == "97"
    assert left_with(lambda found: found["1"]["is"].update(points="9e9"))[0] == "95"
    assert left_with(lambda found: found.update({"5": found["1"]}))[0] == "94", "of another answer"
    assert left_with(lambda found: found["a"].update({"is": "+3 all"}))[0] == "95", "the line's answer"
    odd = {"0": None, "1": [], "2": {"is": {"letters": 7}, "sign": 1}, "__proto__": 3, "a": {}}
    assert left_with(lambda found: found.update(odd)) == ("97", "")
    assert marker.errors == []


def test_two_tabs_of_a_page_take_each_others_marks_answer_by_answer(course, chromium):
    first = Marker(chromium, written(course))
    second = copy.copy(first)
    second.open()
    first.keys("2", "Enter", "r")
    first.line("-1 no reason")
    expect(second.page.locator("#left")).to_have_text("95 of 97 left")
    second.keys("ArrowRight", "ArrowRight", "a", "r")
    second.line("-2 too short")
    expect(first.page.locator("#left")).to_have_text("94 of 97 left")
    first.keys("u")
    assert first.text("left") == "95 of 97 left"
    expect(second.page.locator("#left")).to_have_text("95 of 97 left")
    assert second.text("points") == "1", "without the line that the other tab took back"
    first.page.close()
    second.page.close()
    first.open()
    assert (first.text("left"), first.text("said")) == (
        "95 of 97 left",
        "2 marks of before, as this browser kept them.",
    )


def test_a_mark_that_was_taken_back_says_so_in_the_table_and_goes_with_overwrite(course, chromium):
    marker = Marker(chromium, written(course))
    for words in ("Answer 6:", "Answer 7:"):
        marker.find(words)
        marker.keys("2")
    marker.find("Answer 8:")
    marker.keys("r")
    marker.line("-1 no reason")
    give = ("marks", "import", marker.saved(), "--yes")
    assert "3 marks given" in course.run(*give).stdout
    marker.keys("a")  # off again
    marker.find("Answer 9:")
    marker.keys("1", "u")
    path = marker.saved()
    assert sorted(row["points"] for row in table(path)) == ["2", "2", "taken back"], "9 was undone"
    done = course.run("marks import", path, "--yes")
    assert done.exit_code == 1
    assert "not given: student008, adam/why: taken back (Ada B., " in done.stderr
    assert in_gradebook(course, STUDENTS[8]) == (2, "-1 no reason")
    done = course.run("marks import", path, "--yes", "--overwrite")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "1 mark given")
    assert in_gradebook(course, STUDENTS[8]) == (None, None)
    assert course.run("marks import", path, "--yes").stdout == "0 marks given\n", "nothing stands any more"
    newer = Marker(chromium, written(course))
    assert newer.text("left") == "95 of 97 left"
    newer.page.set_input_files("#open", path)
    expect(newer.page.locator("#said")).not_to_be_empty()
    assert "taken back" in newer.saved().read_text()


def test_tables_of_two_markers_are_compared_with_students_and_first_words_in_their_course(
    course, chromium, tmp_path
):
    paths = []
    for points in ("1", "3"):
        marker = Marker(chromium, written(course))
        for words in ("Answer 3:", "Answer 4:"):
            marker.find(words)
            marker.keys(points if "4" in words else "2")
        paths.append(marker.saved())
    done = course.run("marks compare", *paths)
    (line, agreement) = done.stdout.splitlines()
    assert line.startswith(f"student004, {words_of(4)[:60].strip()}: points 1 (Ada B., ")
    assert agreement.startswith("1 of 2 answers have the same points")
    (tmp_path / "elsewhere").mkdir()
    line, _ = run_in(tmp_path / "elsewhere", "marks compare", *paths).stdout.splitlines()
    assert re.match(r"[0-9a-f]{32}, Answer 4: ", line)


def test_an_empty_line_of_a_table_takes_nothing_and_is_said(course, chromium):
    course.by_hand(STUDENTS[6], 2, remark="Good.")
    course.run("marks export 06-adam")
    lines = (
        (course.root / f"marks-{ASSIGNMENT}.csv").read_text().replace(",2,", ",,").replace(",Good.,", ",,")
    )
    (course.root / "empty.csv").write_text(lines)
    for more in ((), ("--overwrite",)):
        done = course.run("marks import", course.root / "empty.csv", "--yes", *more)
        assert done.stdout == "empty in the table, left as they are: student006, adam/why\n0 marks given\n"
        assert in_gradebook(course, STUDENTS[6]) == (2, "Good.")


def test_points_end_at_the_maximum_and_u_takes_back_the_last_change(course, chromium):
    marker = Marker(chromium, written(course))
    marker.keys("2", "5")
    assert (marker.text("points"), marker.text("said")) == ("2", "At most 3.")
    marker.keys(".")
    assert marker.text("points") == "0.5"
    marker.keys("3", ".")
    assert marker.text("points") == "3"
    marker.keys("Enter", "1", "u", "u")
    assert (marker.text("points"), marker.text("place")[:11]) == ("0.5", "Answer 1 of")
    marker.keys("u", "u", "u")
    assert (marker.text("points"), marker.text("said")) == ("–", "Nothing to undo.")


def test_a_rubric_lines_points_take_the_place_of_typed_ones_and_a_line_of_words_keeps_them(course, chromium):
    marker = Marker(chromium, written(course))
    marker.keys("1", "r")
    marker.line("read it again")
    assert marker.text("points") == "1"
    for line, points in (("+2 a reason", "2"), ("+0.5 an example", "2.5"), ("+2 more", "3")):
        marker.keys("r")
        marker.line(line)
        assert marker.text("points") == points
    marker.keys("0")
    assert marker.text("points") == "0"


@pytest.mark.parametrize("line", ["-0.5 sign", "−0,5 sign", "- 0,5 sign"])
def test_points_of_a_rubric_line_may_have_either_minus_and_a_comma(course, chromium, line):
    marker = Marker(chromium, written(course))
    marker.keys("r")
    marker.line(line)
    assert marker.text("points") == "2.5"


def test_equal_answers_of_which_one_has_points_are_still_to_be_marked(course, chromium):
    equal = STUDENTS[::25]
    course.by_hand(equal[0], 2)
    marker = Marker(chromium, written(course))
    assert marker.text("left") == "97 of 97 left"
    marker.find("Because.")
    assert (marker.text("stands"), "4 students wrote exactly this" in marker.text("place")) == ("", True)
    for student in equal[1:]:
        course.by_hand(student, 1)
    marker = Marker(chromium, written(course))
    assert marker.text("left") == "96 of 97 left"
    marker.find("Because.")
    assert marker.text("stands") == "In the gradebook: 1, 2"


def test_a_newer_page_takes_the_marks_of_unchanged_answers_and_lists_the_others(course, chromium, tmp_path):
    marker = Marker(chromium, written(course))
    marker.keys("r")
    marker.line("-1 too short; =1")
    for words in ("Answer 6:", "Answer 11:"):
        marker.find(words)
        marker.keys("a")
    path = marker.saved()
    course.submit(STUDENTS[6], answer(why="Another answer."))
    course.submit(STUDENTS[11], answer("pass", why=words_of(11)))
    course.grade()
    newer = Marker(chromium, written(course))
    marker.page.close()
    marker.open()
    assert marker.text("left") == "97 of 97 left", "what the browser keeps is of the other page"
    newer.page.set_input_files("#open", path)
    expect(newer.page.locator("#refused")).not_to_be_empty()
    assert newer.text("refused").endswith("the answer has changed since it was read")
    newer.find("Answer 11:")
    assert (newer.text("points"), newer.text("lines").split("\n")[0]) == ("2", "a  -1 too short; =1")
    done = course.run("marks import", path, "--yes")
    assert done.exit_code == 1
    assert "student006, adam/why: the answer has changed since it was read" in done.stderr


def test_a_table_edited_by_hand_is_taken_line_by_line_or_refused_with_its_reason(course, chromium, tmp_path):
    marker = Marker(chromium, written(course))
    for _ in range(3):
        marker.keys("1", "Enter")
    path = marker.saved()
    header, *lines = path.read_text().splitlines(keepends=True)
    fresh = Marker(chromium, marker.path)
    edited = tmp_path / "edited.csv"
    edited.write_text(header.replace("points", "score") + lines[-1])
    fresh.page.set_input_files("#open", edited)
    expect(fresh.page.locator("#said")).not_to_be_empty()
    assert fresh.text("said") == "This table has no column points. Open one that this page saved."
    odd = [
        lines[-1].replace(",1,", f",{points},") for points in ("0x1", "1e0", "-0", "+1", "1_0", "4", "2;5")
    ]
    strange = lines[-1].replace(lines[-1].split(",")[1], "0" * 32)
    edited.write_text(
        "\ufeff"
        + header
        + "".join(odd)
        + lines[-1].replace(",1,", ",many,")
        + strange
        + lines[-2].replace("\n", "\r\n")
    )
    fresh.page.set_input_files("#open", edited)
    expect(fresh.page.locator("#refused")).not_to_be_empty()
    refused = fresh.text("refused").splitlines()
    assert [line.rpartition(": ")[2].partition(" ")[0] for line in refused[: len(odd)]] == [
        "0x1", "1e0", "-0", "+1", "1_0", "4", "2;5"
    ]  # fmt: skip
    assert [line.rpartition(": ")[2] for line in refused[len(odd) :]] == [
        "many is no number of points from 0 to 3",
        "not on this page",
    ]
    assert fresh.text("left") == "96 of 97 left"


@pytest.mark.parametrize("script", [FORBIDDEN, FULL], ids=["forbidden", "full"])
def test_without_storage_the_page_says_so_at_once_and_warns_before_it_closes(course, chromium, script):
    marker = Marker(chromium, written(course), script)
    assert marker.page.locator("#unstored").is_visible()
    marker.keys("1")
    asked = []
    marker.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    marker.page.close(run_before_unload=True)
    marker.page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    marker.saved()
    marker.page.close(run_before_unload=True)
    assert marker.page.is_closed() or asked == ["beforeunload"]


def test_without_a_name_nothing_is_saved(course, chromium):
    marker = Marker(chromium, written(course))
    marker.keys("1", "Control+s")
    assert marker.text("said") == "First say who marks: your name."
    assert marker.page.evaluate("document.activeElement.id") == "by"
