"""Pictures that students and teachers paste into Markdown cells: on the page, in formgrader, or said to be missing."""

import base64
import re

import nbformat
import pytest
from course_folder import ASSIGNMENT, CONFIG, answer, marks
from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_raw_cell

from autograde.course.course import Course
from autograde.pages import feedback
from autograde.pages.clean import clean_html, clean_markdown
from autograde.pages.formgrader import OF_FORMGRADER
from autograde.release.keys import find_key
from pages.test_clean import ATTACKS, acts, in_formgrader

JPEG = base64.b64encode(b"\xff\xd8\xff\xe0 a photo").decode()
GIF = base64.b64encode(b"GIF89a a film").decode()
SVG = "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
TWO = {"photo.jpg": {"image/jpeg": JPEG}, "film 2.gif": {"image/gif": GIF}}


def words(source, attachments=None):
    return new_markdown_cell(source, **({"attachments": attachments} if attachments else {}))


def student_page(cell):
    return clean_markdown(cell.source, cell)


@pytest.mark.parametrize("show", [student_page, in_formgrader])
@pytest.mark.parametrize(
    "reference",
    [
        "![](attachment:film%202.gif)", "![](<attachment:film 2.gif>)", "![a film][f]\n\n[f]: attachment:film%202.gif",
        '<img src="attachment:film 2.gif" width="40">', "- *one*\n- ![x](attachment:film%202.gif \"a title\")",
        "![](attach&#109;ent:film%202.gif)",
    ],
)  # fmt: skip
def test_a_picture_is_shown_however_it_is_named(show, reference):
    page = show(words(f"before {reference}\n\nafter", TWO))
    assert f'src="data:image/gif;base64,{GIF}"' in page
    assert "missing" not in page
    assert "attachment:" not in page


def test_two_pictures_and_their_words_are_shown():
    page = student_page(words("![a photo](attachment:photo.jpg) and ![a film](attachment:film%202.gif)", TWO))
    assert re.findall(r'data:(image/\w+);base64,[^"]*" alt="([^"]*)"', page) == [
        ("image/jpeg", "a photo"),
        ("image/gif", "a film"),
    ]


ABSENT = {
    "typed by hand": None,
    "a drawing that can act": {"x.png": {"image/svg+xml": SVG}},
    "not what its kind says": {"x.png": {"image/png": JPEG}},
    "an empty bundle": {"x.png": {}},
    "another one": TWO,
}


@pytest.mark.parametrize("show", [student_page, in_formgrader])
@pytest.mark.parametrize("attachments", ABSENT.values(), ids=ABSENT)
def test_a_picture_that_is_not_there_is_said_to_be_missing(show, attachments):
    page = show(words("See ![my sketch](attachment:x.png), then more.", attachments))
    assert "picture missing: x.png" in page
    assert "then more" in page
    assert "<img" not in page


def test_a_picture_named_a_thousand_times_is_embedded_once():
    page = student_page(words("![](attachment:photo.jpg) " * 700, TWO))
    assert page.count(JPEG) == 1
    assert page.count("picture shown above: photo.jpg") == 699


def test_an_output_and_a_raw_cell_cannot_name_a_cells_pictures():
    assert "picture missing: photo.jpg" in clean_html('<img src="attachment:photo.jpg">')
    page = in_formgrader(new_raw_cell("![](attachment:photo.jpg)", attachments=TWO))
    assert "![](attachment:photo.jpg)" in page
    assert JPEG not in page


@pytest.mark.parametrize("show", [student_page, in_formgrader])
@pytest.mark.parametrize("attack", [*ATTACKS, '"><script>alert(1)</script>', "x\\href{javascript:1}{y}$"])
def test_no_name_of_a_picture_acts(show, attack):
    escaped = attack.replace("&", "&amp;").replace('"', "&quot;")
    for source in (f'<img src="attachment:{escaped}">', f"![](<attachment:{attack}>)"):
        page = show(words(source, TWO))
        inside = re.sub(r"picture missing: [^<]*", "", page.split("</style>")[-1])
        assert acts(inside) == []
        assert "\\href" not in page


@pytest.mark.parametrize("data", [f'{GIF}" onerror="alert(1)', "javascript:alert(1)"])
def test_no_data_of_a_picture_acts(data):
    page = student_page(words("![](attachment:x.gif)", {"x.gif": {"image/gif": data}}))
    assert page.strip() == "<p><em>[picture missing: x.gif]</em></p>"


def test_only_pictures_may_be_embedded():
    kinds = "png", "jpeg", "gif", "svg+xml", "webp"
    cleaned = clean_html("".join(f'<img src="data:image/{kind};base64,AAAA" alt="{kind}">' for kind in kinds))
    assert re.findall(r"data:image/([^;]*)", cleaned) == ["png", "jpeg", "gif"]


def picture_in_words(notebook):
    notebook.cells[5].attachments = {"photo.jpg": {"image/jpeg": JPEG}, "x.svg": {"image/svg+xml": SVG}}


def test_a_picture_goes_from_the_submission_to_the_marker_and_onto_the_page(course):
    both = "![](attachment:photo.jpg) ![](attachment:x.svg)"
    course.submit("ann", answer(why=both, student=picture_in_words))
    course.grade()
    (cell,) = (one for one in nbformat.read(course.autograded("ann"), 4).cells if one.source == both)
    assert cell.attachments == {"photo.jpg": {"image/jpeg": JPEG}}
    done = course.run("feedback 06-adam")
    assert done.exit_code == 0, done.output
    page = (course.root / "feedback/ann" / ASSIGNMENT / "adam.html").read_text()
    assert f"data:image/jpeg;base64,{JPEG}" in page
    assert "picture missing: x.svg" in page


def test_a_photo_pasted_into_the_words_is_on_the_page(course):
    photo = base64.b64encode(b"\xff\xd8\xff" + bytes(800_000)).decode()
    course.submit("ann", answer(why=f"![my sketch](data:image/jpeg;base64,{photo})"))
    course.grade()
    done = course.run("feedback 06-adam")
    assert done.exit_code == 0, done.output
    page = (course.root / "feedback/ann" / ASSIGNMENT / "adam.html").read_text()
    assert f'src="data:image/jpeg;base64,{photo}" alt="my sketch"' in page


def test_another_picture_under_the_same_words_waits_for_a_person_again(course):
    course.grade_one(answer(why="![](attachment:photo.jpg)", student=picture_in_words))
    course.by_hand("s01", 2.0)
    course.grade(force=True)
    assert course.hand_grade() == (2.0, False)

    def another(notebook):
        notebook.cells[5].attachments = {"photo.jpg": {"image/gif": GIF}}

    course.grade_one(answer(why="![](attachment:photo.jpg)", student=another))
    assert course.hand_grade() == (2.0, True)


@pytest.mark.parametrize("pictures", [{}, {"film 2.gif": {"image/jpeg": JPEG}}], ids=["lost", "another"])
def test_the_picture_of_a_locked_cell_comes_back_with_its_text(course, pictures):
    def ask(notebook, attachments=TWO):
        cell = words("What does ![](attachment:film%202.gif) show?", attachments)
        cell.metadata = marks("film", locked=True)
        notebook.cells.insert(0, cell)

    course.edit(ask)
    course.register()
    course.submit("ann", answer(student=lambda notebook: ask(notebook, pictures)))
    course.grade()
    handed_out = {"film 2.gif": TWO["film 2.gif"]}
    assert nbformat.read(course.autograded("ann"), 4).cells[0].attachments == handed_out
    source = course.root / "solutions" / ASSIGNMENT / "adam.ipynb"
    assert find_key(str(source), source).notebook.cells["film"].as_cell("x").attachments == handed_out


def test_the_picture_of_a_model_answer_is_shown_to_who_grades_and_to_nobody_else(course):
    course.configure(CONFIG)

    def model(notebook):
        notebook.cells[5].source = "Like this: ![](attachment:film%202.gif)"
        notebook.cells[5].attachments = TWO

    course.edit(model)
    names = dict.fromkeys(OF_FORMGRADER, "x") | {"assignment_id": ASSIGNMENT, "notebook_id": "adam"}
    exporter = HTMLExporter(config=Course.open(course.root).config)
    assert GIF in exporter.from_notebook_node(answer(), resources=names)[0]
    assert GIF not in exporter.from_notebook_node(answer())[0]


def test_a_page_that_cannot_be_made_or_whose_file_was_edited_stops_no_other_and_is_named_with_the_reason(
    course, monkeypatch
):
    for student in ("ann", "ben", "cyd"):
        course.submit(student)
    course.grade()
    render = feedback.render

    def fails(page):
        if page.result.student == "ben":
            raise ZeroDivisionError("no\nscale \x1b[2J")
        return render(page)

    monkeypatch.setattr(feedback, "render", fails)
    path = course.autograded("cyd")
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    done = course.run("feedback 06-adam")
    assert done.exit_code == 1
    assert [path.parts[-3] for path in course.root.glob("feedback/*/*/*.html")] == ["ann"]
    assert "1 page" in done.output
    assert r"no page of ben: ZeroDivisionError: no scale \x1b[2J" in done.output.splitlines()
    (line,) = (line for line in done.output.splitlines() if line.startswith("no page of cyd: "))
    assert "not the files that were graded" in line
