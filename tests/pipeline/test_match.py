"""Points never follow what a student calls a cell: ids exchanged, moved, copied, deleted."""

import copy
from contextlib import suppress

import pytest
from course_folder import WRONG, answer, marks
from hypothesis import given, settings
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograde.book.releases import released_cells
from autograde.entries.answer_key import KeyCell, KeyNotebook
from autograde.errors import NeedsReviewError
from autograde.pipeline.restore import restore_cells
from autograde.untrusted.submitted_notebook import rebuild

# Two exercises with a check each, an answer in words, a helper cell; everything unlabelled is the student's.
CELLS = [
    new_code_cell("STEP = 1", metadata=marks("set-up", locked=True)),
    new_code_cell("def f(x): return x", metadata=marks("f", solution=True)),
    new_code_cell("print('mine')"),
    new_code_cell("assert f(1) == STEP", metadata=marks("test-f", 2, locked=True)),
    new_code_cell("def g(x): return 2 * x", metadata=marks("g", solution=True)),
    new_code_cell("assert g(1) == 2", metadata=marks("test-g", 5, locked=True)),
    new_markdown_cell("Because.", metadata=marks("why", 3, solution=True)),
    new_code_cell("assert g(g(1)) == 4", metadata=marks("test-gg", 1, locked=True)),
]
LOCKED = {"set-up", "test-f", "test-g", "test-gg"}
IDS = ["set-up", "f", "test-f", "g", "test-g", "why", "test-gg"]


def key_of(cells, older=()):
    known = [(cell, cell.metadata.nbgrader) for cell in cells if "nbgrader" in cell.metadata]
    return KeyNotebook(
        "n",
        {"name": "python3"},
        {
            m.grade_id: KeyCell(
                m.grade_id,
                cell.cell_type,
                cell.source,
                "sum",
                m.locked,
                m.solution,
                m.task,
                m.get("points"),
                None,
            )
            for cell, m in known
        },
        (*older, released_cells(new_notebook(cells=cells))),
    )


KEY = key_of(CELLS)


def submitted(cells=CELLS):
    return new_notebook(cells=copy.deepcopy(list(cells)))


def shown(notebook):
    """Ids and texts in order, without the student's own cells."""
    return [
        (cell.metadata.nbgrader.grade_id, cell.source, cell.metadata.nbgrader.get("points"))
        for cell in notebook.cells
        if "nbgrader" in cell.metadata
    ]


def restored(notebook, key=KEY):
    changed = restore_cells(notebook, key).changed
    return shown(notebook), changed


RIGHT = shown(submitted())


def relabel(notebook, names):
    """Give the known cells these ids, in their order; None takes the metadata away."""
    known = [cell for cell in notebook.cells if "nbgrader" in cell.metadata]
    by_id = {cell.metadata.nbgrader.grade_id: cell.metadata.nbgrader for cell in known}
    for cell, name in zip(known, names, strict=True):
        cell.metadata.pop("nbgrader")
        if name is not None:
            cell.metadata["nbgrader"] = copy.deepcopy(by_id.get(name, by_id["f"])) | {"grade_id": name}
    return notebook


def test_an_untouched_notebook_is_as_it_was():
    assert restored(submitted()) == (RIGHT, [])


@given(st.permutations(IDS))
@settings(deadline=None, max_examples=300)
def test_whatever_the_ids_are_exchanged_for_a_locked_cell_is_what_it_was(names):
    with suppress(NeedsReviewError):
        found, changed = restored(relabel(submitted(), names))
        assert [cell for cell in found if cell[0] in LOCKED] == [cell for cell in RIGHT if cell[0] in LOCKED]
        assert {name for name, true in zip(names, IDS, strict=True) if name != true} & LOCKED <= set(changed)


@given(st.permutations(range(len(CELLS))))
@settings(deadline=None, max_examples=200)
def test_moved_cells_stay_where_they_are_and_nobody_is_accused(order):
    notebook = submitted([CELLS[place] for place in order])
    before = shown(notebook)
    assert restored(notebook) == (before, [])


@given(st.lists(st.sampled_from([*IDS, "unknown", None]), min_size=7, max_size=7))
@settings(deadline=None, max_examples=300)
def test_under_any_ids_each_graded_cell_is_there_once_with_its_own_text_and_points(names):
    with suppress(NeedsReviewError):
        found, _ = restored(relabel(submitted(), names))
        locked = sorted(cell[:2] for cell in RIGHT if cell[0] in LOCKED)
        assert sorted(cell[:2] for cell in found if cell[0] in LOCKED) == locked
        assert sum(points or 0 for *_, points in found) == 11


def test_a_solution_and_its_check_with_exchanged_ids_need_a_person():
    with pytest.raises(NeedsReviewError, match="more than one cell is test-f"):
        restored(relabel(submitted(), ["set-up", "test-f", "f", *IDS[3:]]))


def test_a_deleted_check_is_put_back_behind_its_answer_and_before_what_followed():
    notebook = submitted()
    notebook.cells.pop(3)
    assert restored(notebook) == (RIGHT, ["test-f"])
    assert [cell.source for cell in notebook.cells[1:5]] == [cell.source for cell in CELLS[1:5]]


def test_a_deleted_last_check_is_put_back_at_the_end():
    notebook = submitted(CELLS[:-1])
    assert restored(notebook) == (RIGHT, ["test-gg"])


def test_locked_code_that_is_not_graded_is_put_back_and_locked_words_are_not_missed():
    words = new_markdown_cell("Read this.", metadata=marks("read", locked=True))
    key = key_of([words, *CELLS])
    found, changed = restored(submitted(CELLS[1:]), key)
    assert (found, changed) == (RIGHT, ["set-up"])


@pytest.mark.parametrize("place", [1, 3])
def test_a_copy_needs_a_person(place):
    notebook = submitted()
    notebook.cells.append(copy.deepcopy(CELLS[place]))
    with pytest.raises(NeedsReviewError, match=CELLS[place].metadata.nbgrader.grade_id):
        restore_cells(notebook, KEY)


def test_a_checks_text_in_a_cell_of_ones_own_is_ones_own():
    notebook = submitted()
    notebook.cells[4].source = CELLS[5].source
    notebook.cells.insert(0, new_code_cell(CELLS[5].source))
    found, changed = restored(notebook)
    assert [name for name, *_ in found] == IDS
    assert changed == []


def test_a_check_that_lost_its_id_is_known_by_its_text():
    notebook = submitted()
    del notebook.cells[3].metadata["nbgrader"]
    assert restored(notebook) == (RIGHT, ["test-f"])
    assert len(notebook.cells) == len(CELLS)


def test_an_altered_check_is_known_by_its_id():
    notebook = submitted()
    notebook.cells[3].source = "2.0"
    assert restored(notebook) == (RIGHT, ["test-f"])


def test_equal_checks_of_two_exercises_stay_two():
    twins = [copy.deepcopy(cell) for cell in CELLS]
    for place in (3, 5):
        twins[place].source = "assert True"
    assert restored(submitted(twins), key_of(twins)) == (shown(submitted(twins)), [])
    exchanged = relabel(submitted(twins), ["set-up", "f", "test-g", "g", "test-f", "why", "test-gg"])
    found, _ = restored(exchanged, key_of(twins))
    assert sorted(found, key=str) == sorted(shown(submitted(twins)), key=str)


def test_empty_cells_say_nothing_about_what_they_are():
    hidden = [copy.deepcopy(cell) for cell in CELLS]
    hidden[3].source = hidden[4].source = ""
    key = key_of(hidden)
    notebook = submitted(hidden)
    assert restored(notebook, key) == (shown(submitted(hidden)), [])


def test_a_class_with_exchanged_checks_gets_the_points_of_one_without(course):
    def exchange(notebook):
        one, other = notebook.cells[2].metadata, notebook.cells[4].metadata
        one.nbgrader, other.nbgrader = other.nbgrader, one.nbgrader

    course.submit("s01")
    course.submit("s02", answer(student=exchange))
    course.submit("s03", answer(WRONG))
    course.submit("s04", answer(WRONG, student=exchange))
    results = course.grade().results
    scores = [[cell.score for cell in result.cells] for result in results]
    assert scores[0] == scores[1] == [5.0, 2.0, None]
    assert scores[2] == scores[3]
    assert [result.flags for result in results] == [(), ("altered-cells",)] * 2


def test_a_deleted_check_follows_its_answer_wherever_that_was_moved():
    moved = submitted([CELLS[place] for place in (0, 4, 5, 1, 2, 6, 7)])  # the second exercise first
    found, changed = restored(moved)
    assert [name for name, *_ in found] == ["set-up", "g", "test-g", "f", "test-f", "why", "test-gg"]
    assert changed == ["test-f"]


def test_a_cell_of_another_type_is_turned_back_and_named():
    notebook = submitted()
    notebook.cells[1] = new_markdown_cell(CELLS[1].source, metadata=copy.deepcopy(CELLS[1].metadata))
    found, changed = restored(notebook)
    assert (found, changed) == (RIGHT, ["f"])
    cell = notebook.cells[1]
    assert (cell.cell_type, cell.outputs, cell.execution_count) == ("code", [], None)


@pytest.mark.parametrize(
    ("place", "field", "value"),
    [(6, "grade", False), (6, "points", 30), (3, "grade", False), (3, "points", "2"), (1, "grade", True)],
)
def test_metadata_that_say_something_else_are_put_back_and_named(place, field, value):
    notebook = submitted()
    notebook.cells[place].metadata.nbgrader[field] = value
    assert restored(notebook) == (RIGHT, [CELLS[place].metadata.nbgrader.grade_id])
    assert notebook.cells[place].metadata.nbgrader.grade is (place != 1)


def test_an_answer_that_was_left_empty_is_no_check_whose_text_is_hidden():
    hidden = [copy.deepcopy(cell) for cell in CELLS]
    hidden[3].source = ""
    notebook = submitted(hidden)
    notebook.cells[4].source = ""
    notebook.cells.pop(3)
    found, changed = restored(notebook, key_of(hidden))
    assert [name for name, *_ in found] == IDS
    assert changed == ["test-f"]


def test_two_checks_of_one_text_under_one_id_are_both():
    twins = [copy.deepcopy(cell) for cell in CELLS]
    for place in (3, 5):
        twins[place].source = "assert True"
    notebook = submitted(twins)
    notebook.cells[5] = copy.deepcopy(twins[3])
    assert restored(notebook, key_of(twins)) == (shown(submitted(twins)), ["test-g"])


def test_an_altered_check_is_put_back_where_it_stands_whatever_copies_there_are():
    notebook = submitted()
    notebook.cells[3].source = "2.0"
    notebook.cells.insert(0, new_code_cell(CELLS[3].source))
    assert restored(notebook) == (RIGHT, ["test-f"])
    assert "nbgrader" not in notebook.cells[0].metadata
    assert notebook.cells[5].metadata.nbgrader.grade_id == "test-f"


def test_where_neither_ids_nor_places_tell_a_person_does():
    notebook = submitted([CELLS[place] for place in (0, 3, 1, 2, 4, 5, 6, 7)])  # own code between the two
    relabel(notebook, ["set-up", "test-f", "g", "g", "test-g", "why", "test-gg"])
    with pytest.raises(NeedsReviewError, match="g"):
        restore_cells(notebook, KEY)


def test_the_kernel_is_the_teachers():
    notebook = submitted()
    notebook.metadata = {"kernelspec": {"name": "bash"}, "title": "{{ 7 * 7 }}"}
    restore_cells(notebook, KEY)
    assert notebook.metadata == {"kernelspec": {"name": "python3"}}


@pytest.mark.parametrize("end", ["\n", "  \n\n", "\t", "\r\n"])
def test_white_space_at_the_ends_of_lines_changes_nothing(end):
    two_lines = [copy.deepcopy(cell) for cell in CELLS]
    two_lines[3].source = "assert f(1) == STEP\nassert f(2) == 2"
    notebook = submitted(two_lines)
    for cell in notebook.cells:
        cell.source = cell.source.replace("\n", end.rstrip("\n") + "\n") + end
    assert restored(notebook, key_of(two_lines))[1] == []
    assert notebook.cells[3].source == two_lines[3].source
    assert notebook.cells[6].source == "Because."  # as handed out to the letter: nbgrader compares so


def split(place, *parts, between=()):
    """The notebook with the cell at a place in parts, and cells between the last two."""
    notebook = submitted()
    whole = notebook.cells.pop(place)
    halves = [copy.deepcopy(whole) for _ in parts]
    for half, part in zip(halves, parts, strict=True):
        half.source = part
    notebook.cells[place:place] = [*halves[:-1], *between, halves[-1]]
    return notebook


def test_parts_of_a_split_answer_are_one_in_their_order():
    notebook = split(4, "a = 2", "", "b = a\n", "def g(x): return b * x", between=[new_code_cell("")])
    found, changed = restored(notebook)
    assert changed == []
    assert ("g", "a = 2\n\nb = a\n\ndef g(x): return b * x", None) in found
    assert [name for name, *_ in found] == IDS


def test_a_half_that_a_cell_magic_begins_needs_a_person_unless_nothing_stands_above_it():
    parts = ["%%prun\na = 2", "b = a", "%%capture out\nprint(b)", "def g(x): return b * x"]
    assert [name for name, *_ in restored(split(4, "", *parts[:2]))[0]] == IDS
    with pytest.raises(NeedsReviewError, match="merge them"):
        restored(split(4, *parts))


def test_words_that_begin_like_a_cell_magic_are_joined():
    notebook = split(6, "Because", "%% of them are.")
    restore_cells(notebook, KEY)
    assert notebook.cells[6].source == "Because\n\n%% of them are."


@pytest.mark.parametrize("between", [CELLS[7], new_code_cell("mine = 1")], ids=["a-check", "own-code"])
def test_halves_with_something_between_them_need_a_person_who_loses_no_half(between):
    notebook = split(6, "Because", "it is so.", between=[copy.deepcopy(between)])
    if between is CELLS[7]:
        notebook.cells.pop()
    with pytest.raises(NeedsReviewError, match="more than one cell is why: merge them into one"):
        restore_cells(notebook, KEY)


def test_code_and_words_under_one_id_are_not_run_together():
    notebook = submitted()
    notebook.cells.insert(5, new_markdown_cell("Doubles.", metadata=copy.deepcopy(CELLS[4].metadata)))
    with pytest.raises(NeedsReviewError, match="g"):
        restore_cells(notebook, KEY)


def test_lines_of_ones_own_below_a_check_run_above_it_and_its_own_line_once():
    notebook = submitted()
    notebook.cells[5].source += "\n\n    import math\n\n    math.pi\n"
    result = restore_cells(notebook, KEY)
    assert (shown(notebook), result.changed) == (RIGHT, ["test-g"])
    assert result.kept == {"test-g": "import math\n\nmath.pi"}
    kept = notebook.cells[5]
    assert (kept.source, kept.cell_type, kept.metadata) == (result.kept["test-g"], "code", {})
    assert len({cell.id for cell in notebook.cells}) == len(notebook.cells) == len(CELLS) + 1
    assert restore_cells(notebook, KEY).kept == {}


def test_what_an_earlier_release_had_in_a_check_is_nobodys_own():
    newer = [copy.deepcopy(cell) for cell in CELLS]
    newer[3].source = "assert f(2) == 2"
    key = key_of(newer, older=KEY.versions)
    result = restore_cells(notebook := submitted(), key)
    assert (result.kept, result.changed, len(notebook.cells)) == ({}, [], len(CELLS))


QUESTION = new_markdown_cell("Why does it converge?", metadata=marks("question", locked=True))
EMPTY = [*CELLS[:6], QUESTION, *CELLS[6:]]  # `why` is as handed out in every copy of it
TEN_WORDS = "# it converges because each step is smaller than before"
TEXT = "Steps shrink."


def unread(change, cells=EMPTY):
    """What is said of written answers of a notebook in which nothing but `change` was done."""
    notebook = submitted(cells)
    change(notebook.cells)
    return restore_cells(notebook, key_of(cells)).unread


def near(number):
    return {"why": f"empty; text of the student's own near it, in cell {number}"}


def test_an_answer_that_nobody_wrote_is_empty():
    assert unread(lambda cells: None) == {}


def test_words_above_the_placeholder_are_looked_at():
    assert unread(lambda cells: cells.insert(7, new_markdown_cell(TEXT))) == near(8)
    assert unread(lambda cells: cells.insert(6, new_markdown_cell(TEXT))) == near(7)  # above the question


def test_a_photo_that_was_handed_out_is_nobodys_own():
    photos = [new_markdown_cell(f"![](data:image/png;base64,{'A' * 2000}{end})", id="z") for end in "AB"]
    cells = [*EMPTY[:7], photos[0], *EMPTY[7:]]
    for there, said in zip(photos, ({}, near(8)), strict=True):
        read = rebuild(new_notebook(cells=[there]))["cells"][0]
        assert read["source"].startswith("![](attachment:")
        assert unread(lambda cells, read=read: cells[7].update(source=read["source"]), cells) == said


def test_a_comment_of_ten_words_is_looked_at_and_one_of_nine_is_code():
    assert unread(lambda cells: cells.insert(8, new_code_cell(TEN_WORDS))) == near(9)
    fewer = TEN_WORDS.rpartition(" ")[0]
    assert unread(lambda cells: cells.insert(8, new_code_cell(fewer))) == {}


def test_words_beyond_the_next_exercise_are_no_answer():
    assert unread(lambda cells: cells.insert(4, new_markdown_cell(TEXT))) == {}
    assert unread(lambda cells: cells.append(new_markdown_cell(TEXT))) == {}


def test_words_that_were_handed_out_are_nobodys_answer_until_somebody_writes_into_them():
    cells = [*EMPTY[:6], new_markdown_cell("## On convergence"), *EMPTY[6:]]
    assert unread(lambda cells: None, cells) == {}
    assert unread(lambda own: own[6].update(source=f"## On convergence\n\n{TEXT}"), cells) == near(7)


def test_words_in_a_locked_question_are_kept_as_words_and_looked_at():
    notebook = submitted(EMPTY)
    notebook.cells[6].source += f"\n\n{TEXT}"
    result = restore_cells(notebook, key_of(EMPTY))
    assert (result.changed, result.kept, result.unread) == (["question"], {"question": TEXT}, near(7))
    assert [(cell.cell_type, cell.source) for cell in notebook.cells[6:8]] == [
        ("markdown", TEXT),
        ("markdown", QUESTION.source),
    ]


def test_a_comment_in_the_check_beside_an_answer_is_looked_at():
    assert unread(lambda cells: cells[8].update(source=f"{cells[8].source}\n{TEN_WORDS}")) == near(9)


def test_one_text_below_two_empty_answers_may_be_both():
    cells = [*EMPTY[:8], new_markdown_cell("Here.", metadata=marks("when", 1, solution=True)), EMPTY[8]]
    found = unread(lambda own: own.insert(9, new_markdown_cell(TEXT)), cells)
    assert found == {**near(10), "when": near(10)["why"]}


def test_an_answer_that_was_deleted_is_looked_for():
    assert unread(lambda cells: cells.pop(7)) == {
        "why": "its cell was missing; look for an answer in the other cells"
    }


def test_words_without_metadata_in_the_answers_cell_are_the_answer():
    notebook = submitted()
    del notebook.cells[6].metadata["nbgrader"]
    notebook.cells[6].source = TEXT
    result = restore_cells(notebook, KEY)
    assert (result.changed, result.unread, len(notebook.cells)) == (["why"], {}, len(CELLS))
    assert ("why", TEXT, 3) in shown(notebook)


def test_words_in_a_second_cell_with_the_answers_id_are_looked_at_wherever_they_are():
    def moved(cells):
        other = copy.deepcopy(cells[7])
        cells[7].id = "other"
        cells.insert(0, other)
        del other.metadata["nbgrader"]
        other.source = TEXT

    assert unread(moved) == near(1)


FOLDED = {
    name: f"# The problems of {name}\n# Arguments: {name}.\nproblems('{name}')" for name in ("old", "f", "g")
}


@pytest.mark.parametrize(("holds", "older"), [("f", []), ("g", []), ("old", ["f-problems"])])
def test_the_folded_cell_of_another_check_is_no_earlier_release_of_this_one(holds, older):
    cells = [
        new_code_cell(FOLDED[name], metadata=marks(f"{name}-problems", locked=True)) for name in ("f", "g")
    ]
    before = [new_code_cell(FOLDED["old"], metadata=cells[0].metadata), cells[1]]
    notebook = submitted([cells[0], new_code_cell("1"), cells[1]])
    notebook.cells[0].source = FOLDED[holds]
    key = key_of(cells, (released_cells(new_notebook(cells=before)),))
    with suppress(NeedsReviewError):  # two cells of one check
        assert restore_cells(notebook, key).older == older
