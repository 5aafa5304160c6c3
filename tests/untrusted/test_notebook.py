"""A submitted notebook's bytes: a notebook that the format's schema takes, or odd in one line."""

import base64
import json
from contextlib import suppress
from time import process_time

import pytest
from course_folder import answer
from hypothesis import given
from hypothesis import strategies as st
from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_output
from nbformat.validator import validate
from support import table_beside

from autograde.untrusted.submitted_notebook import CELL_FIELDS, LIMITS, OddNotebookError, parse, rebuild
from untrusted.junk import ANY_VALUE, cut_or_changed, mutants, thousands
from untrusted.watching import watched

FIRST_BYTES = {"png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff\xe0", "gif": b"GIF89a"}


def drawn(kind, size=50):
    """Base64 of what begins as such a picture does."""
    return base64.b64encode(FIRST_BYTES[kind].ljust(size, b"0")).decode()


def small_notebook():
    """A notebook of each kind of cell, with outputs, tags, attachments and a grade_id."""
    notebook = answer()
    notebook.cells = notebook.cells[1:3] + notebook.cells[-1:]
    shown = [new_output("stream", name="stdout", text="a"), new_output("display_data", {"text/plain": "b"})]
    notebook.cells.append(new_code_cell("1", outputs=shown, metadata={"tags": ["skip-execution"]}))
    notebook.cells[-2]["attachments"] = {"a.png": {"image/png": drawn("png")}}
    return json.loads(json.dumps(notebook))


NOTEBOOK = small_notebook()
BYTES = json.dumps(NOTEBOOK).encode()


def dumped(document):
    """JSON as strangers write it: NaN and lone surrogates too."""
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "surrogatepass")


def written(document):
    return json.dumps(document).encode()


def of_cells(*cells, **fields):
    """A notebook of these cells alone."""
    return written({"nbformat": 4, "cells": cells} | fields)


ANY_BYTES = (
    mutants(NOTEBOOK).map(written)
    | mutants(NOTEBOOK).map(dumped)
    | ANY_VALUE.map(written)
    | cut_or_changed(BYTES)
    | st.binary(max_size=20)
)


@thousands
@given(data=ANY_BYTES)
def test_any_bytes_are_a_valid_notebook_or_odd_and_open_nothing(data):
    notebook = None
    with watched() as opened, suppress(OddNotebookError):
        notebook = parse(data)
    if notebook:
        validate(from_dict(notebook))
        json.dumps(notebook, ensure_ascii=False, allow_nan=False).encode("utf-8")
        assert all(cell["metadata"].keys() <= {"nbgrader", "tags"} for cell in notebook["cells"])
    assert opened == []


def kept(**metadata):
    """What is left of a cell's metadata."""
    [read] = parse(of_cells({"cell_type": "code", "source": "", "metadata": metadata}))["cells"]
    return read["metadata"]


def test_what_nbgrader_writes_of_a_cell_is_kept():
    claims = {
        "grade_id": "a-b_9",
        "grade": True,
        "solution": False,
        "locked": True,
        "task": False,
        "points": 2.5,
        "cell_type": "code",
        "schema_version": 3,
    }
    assert claims.keys() == CELL_FIELDS.keys()
    assert kept(nbgrader=claims) == {"nbgrader": claims}


ODD_CLAIMS = {
    "x": [{}] * 3,
    "grade": "yes",
    "solution": 1,
    "locked": None,
    "task": [],
    "points": [
        True, "5", 10**300, 1e300, None
    ],
    "cell_type": ["code"],
    "schema_version": 10**30,
}  # fmt: skip


@pytest.mark.parametrize("name", ODD_CLAIMS)
def test_a_claim_of_another_form_is_left_out(name):
    values = ODD_CLAIMS[name] if name == "points" else [ODD_CLAIMS[name]]
    for value in values:
        assert kept(nbgrader={"grade_id": "a", name: value}) == {"nbgrader": {"grade_id": "a"}}


@pytest.mark.parametrize("grade_id", [None, 7, "", "a" * 257, "a b", "../x", "é", ["a"], "a\n"])
def test_a_cell_without_a_right_id_is_an_ordinary_one(grade_id):
    assert kept(nbgrader={"grade_id": grade_id, "grade": True}) == {}


def test_of_tags_only_the_one_that_is_acted_on_is_kept():
    assert kept(tags=["a", 7, "skip-execution"]) == {"tags": ["skip-execution"]}
    assert kept(tags=["a"]) == kept(tags="skip-execution") == {}


def pictures_read(attachments, cell_type="markdown"):
    """What is left of a cell's attachments; reading it once more changes nothing."""
    cell = {"cell_type": cell_type, "source": "", "metadata": {}, "attachments": attachments}
    notebook = parse(of_cells(cell))
    assert rebuild(notebook) == notebook
    validate(from_dict(notebook))
    return notebook["cells"][0].get("attachments")


@pytest.mark.parametrize("kind", FIRST_BYTES)
@pytest.mark.parametrize("cell_type", ["markdown", "raw"])
def test_a_picture_in_an_answer_is_kept(kind, cell_type):
    two = {"my sketch.x": {f"image/{kind}": drawn(kind)}, "Ü (2).x": {f"image/{kind}": drawn(kind, 99)}}
    assert pictures_read(two, cell_type) == two


def test_a_picture_in_lines_is_put_on_one():
    data = drawn("jpeg")
    lines = [f"{data[:8]}\n", f"{data[8:20]}\r\n", data[20:]]
    assert pictures_read({"a.jpg": {"image/jpeg": lines}}) == {"a.jpg": {"image/jpeg": data}}


def test_photos_pasted_into_the_words_become_attachments_and_do_not_count_as_their_characters():
    photos = [drawn("jpeg", 1_500_000), drawn("gif", 2_000)]
    urls = [f"data:image/jpeg;base64,{photos[0]}", f"data:image/gif;base64,{photos[1]}"]
    cell = {"cell_type": "markdown", "metadata": {}, "attachments": ["odd"]}
    cell["source"] = f"So: ![]({urls[0]}) and <img src='{urls[1]}'>, again ![]({urls[0]})"
    notebook = parse(of_cells(cell))
    [read] = notebook["cells"]
    jpeg, gif = read["attachments"]
    assert (
        read["source"]
        == f"So: ![](attachment:{jpeg}) and <img src='attachment:{gif}'>, again ![](attachment:{jpeg})"
    )
    assert list(read["attachments"].values()) == [{"image/jpeg": photos[0]}, {"image/gif": photos[1]}]
    assert rebuild(notebook) == notebook
    with pytest.raises(OddNotebookError, match="longer than 1000000 characters"):
        parse(of_cells(cell | {"cell_type": "code"}))


@pytest.mark.parametrize(
    "part", ["data:image/png;base64,", "data:image/" + "x" * 20, "data:image/gif;base64," + "A" * 999 + " "]
)
def test_what_begins_like_a_photo_is_read_in_linear_time(part):
    cell = {"cell_type": "markdown", "metadata": {}, "source": part * (18_000_000 // len(part))}
    before = process_time()
    with pytest.raises(OddNotebookError, match="longer than 1000000 characters"):
        parse(of_cells(cell))
    assert process_time() - before < 5


NO_PICTURES = {
    "a drawing that can act": {"a.svg": {"image/svg+xml": "<svg onload='x'/>"}},
    "a page": {"a.html": {"text/html": "<script>"}},
    "one kind under the name of another": {"a.png": {"image/png": drawn("gif")}},
    "text that is no base64": {"a.png": {"image/png": drawn("png")[:-3] + "é"}},
    "base64 that was cut": {"a.png": {"image/png": drawn("png")[:-3]}},
    "a number": {"a.png": {"image/png": 7}},
    "a list with a number": {"a.png": {"image/png": [drawn("png"), 7]}},
    "no bundle": {"a.png": drawn("png")},
    "a list": [{"image/png": drawn("png")}],
    "one byte too many": {"a.gif": {"image/gif": drawn("gif", LIMITS.picture_bytes + 1)}},
}


@pytest.mark.parametrize("attachments", NO_PICTURES.values(), ids=NO_PICTURES)
def test_an_attachment_that_is_no_picture_is_left_out_and_the_notebook_is_read(attachments):
    assert pictures_read(attachments) is None
    if isinstance(attachments, dict):
        fine = {"fine.gif": {"image/gif": drawn("gif")}}
        assert pictures_read(attachments | fine) == fine


@pytest.mark.parametrize(
    "name",
    ["../a.png", "/a.png", "b\\a.png", ".a.png", "..", "", "a\n.png", "a\x1b[2J.png", "a\u202egnp", "a" * 201, "\ud800"],
)  # fmt: skip
def test_a_picture_whose_name_is_no_plain_files_is_left_out(name):
    assert pictures_read({name: {"image/png": drawn("png")}}) is None


def test_five_million_blanks_in_a_picture_do_not_make_the_notebook_unreadable():
    data = drawn("gif", 5_000_000)
    spaced = " ".join(data[at : at + 2] for at in range(0, len(data), 2))
    assert pictures_read({"a.gif": {"image/gif": spaced}}) == {"a.gif": {"image/gif": data}}


def test_of_a_bundle_only_pictures_are_kept():
    bundle = {"image/svg+xml": "<svg/>", "image/gif": drawn("gif"), "application/json": {"a": 1}}
    assert pictures_read({"a": bundle}) == {"a": {"image/gif": drawn("gif")}}


def test_a_code_cell_has_no_pictures():
    assert pictures_read({"a.png": {"image/png": drawn("png")}}, "code") is None


def test_a_cell_has_a_bounded_number_of_pictures():
    many = {f"{n}.gif": {"image/gif": drawn("gif")} for n in range(LIMITS.pictures + 5)}
    assert len(pictures_read(many)) == LIMITS.pictures


def test_a_photo_as_large_as_allowed_is_kept():
    photo = {"p.jpg": {"image/jpeg": drawn("jpeg", LIMITS.picture_bytes)}}
    assert pictures_read(photo) == photo
    assert len(written(photo)) < LIMITS.bytes


def test_a_megabyte_of_metadata_is_a_kilobyte_to_the_grader():
    notebook = json.loads(BYTES)
    notebook["cells"][1]["metadata"]["nbgrader"]["x"] = [{}] * 330_000
    notebook["metadata"]["x"] = [{}] * 1000
    assert len(written(notebook)) > 1_000_000
    assert parse(written(notebook)) == parse(BYTES)


ODD_FILES = table_beside(__file__, "odd_files.toml")


@pytest.mark.parametrize(("words", "data"), ODD_FILES.values(), ids=ODD_FILES)
def test_an_odd_file_is_refused_in_words(words, data):
    with pytest.raises(OddNotebookError) as odd:
        parse(eval(data))
    said = str(odd.value)
    assert words in said
    assert said.isprintable()


@pytest.mark.parametrize("minor", [0, 1, 2, 3, 4, 5, 99])
def test_every_minor_version_is_read_and_cells_get_ids(minor):
    cells = [{"cell_type": "code", "source": ["a\n", "b"], "id": odd} for odd in (None, "a", "a", 7, "é")]
    notebook = parse(of_cells(*cells, nbformat_minor=minor))
    ids = [cell["id"] for cell in notebook["cells"]]
    assert ids[1] == "a"
    assert len(set(ids)) == len(ids)
    assert {cell["source"] for cell in notebook["cells"]} == {"a\nb"}
    validate(from_dict(notebook))


@pytest.mark.parametrize(
    "written_as",
    [b"\xef\xbb\xbf" + BYTES, json.dumps(NOTEBOOK, indent=1).encode()],
    ids=["a mark", "white space"],  # the bytes hold a random id: pytest-xdist wants the same names everywhere
)
def test_a_byte_order_mark_and_white_space_change_nothing(written_as):
    assert parse(written_as) == parse(BYTES)
    assert parse(written_as.replace(b"\n", b"\r\n")) == parse(BYTES)
