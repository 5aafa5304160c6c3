"""One hand: every lesson has the same parts, marks and limits (docs/lessons.md)."""

import ast
import re

import pytest
from lesson import LESSONS, is_stub

from autograde.course.lesson_text import LIMIT, words_to_read
from descentlab.exercises import find

MARK = "(?:★|★★|★★★)"


def calls(lesson, name):
    """The calls of a function in the lesson's own cells, as syntax."""
    trees = [ast.parse(cell.source) for cell in lesson.plain_code_cells]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [node for node in nodes if getattr(node.func, "id", None) == name]


def what_is_missing(lesson) -> list[str]:
    """A sentence for each part that is not there."""
    return [
        *_of_the_head(lesson),
        *_of_predictions(lesson),
        *_of_exercises(lesson),
        *_of_words(lesson),
        *_of_imports(lesson),
    ]


def _of_the_head(lesson):
    if not re.search(r"^\*\*Letters\.\*\* \S", lesson.head, flags=re.M):
        yield "no line **Letters.** on top"
    for name in ("hint(", "borrow("):
        said = re.search(rf"`[^`\n]*{re.escape(name)}", lesson.head)
        if not said and not (name == "borrow(" and lesson.name.startswith("00")):
            yield f"the head does not say what {name} is for"


def _of_predictions(lesson):
    asked = [call.args[0].value for call in calls(lesson, "predict")]
    revealed = {call.args[0].value for call in calls(lesson, "reveal")}
    if len(asked) < 3 or len(set(asked)) < len(asked):
        yield "fewer than three predictions, or two of one name"
    if set(asked) != revealed:
        yield f"asked and not revealed, or the other way round: {sorted(set(asked) ^ revealed)}"
    if [name for name in asked if name.partition("/")[0] != lesson.text_path.stem]:
        yield f"a prediction is named {lesson.text_path.stem}/what"
    for call in calls(lesson, "predict"):
        guess = [word.value for word in call.keywords if word.arg == "guess"]
        if not guess or not isinstance(guess[0], ast.Constant) or guess[0].value is not ...:
            yield "a prediction is handed out with guess=..."
    if "guess = None" in lesson.text:
        yield "guess = None"


def _of_exercises(lesson):
    turns = re.findall(r"^### Your turn\b.*$", lesson.prose, flags=re.M)
    if len(turns) < len(lesson.checks):
        yield "a heading '### Your turn: …' above each stub"
    if not all(re.fullmatch(rf"### Your turn: .+ {MARK}", turn) for turn in turns):
        yield "each '### Your turn: …' ends in ★, ★★ or ★★★"
    if not re.search(r"^### By hand\b", lesson.prose, flags=re.M):
        yield "no '### By hand'"
    if not re.search(r"^### In words \(\d points, read by a person\)$", lesson.prose, flags=re.M):
        yield "no '### In words (3 points, read by a person)'"


def _of_words(lesson):
    words = words_to_read(lesson.text)
    if words > LIMIT:
        yield f"{words} words to read, at most {LIMIT}"
    if re.search(r"^\*\*\d\.\*\*|^\*\*Step \d+[^.\d]|^Step \d", lesson.prose, flags=re.M):
        yield "steps are marked '**Step 1.** '"
    if re.search(r"\*\*Predict first", lesson.prose):
        yield "'**Predict.**' stands above a prediction"


MOST_NAMES = 6
WAIT = 2  # cells that a name may wait for: a stub, and the check below it
STUDENTS = {"borrow", "hint"}  # called in cells that students add


def _of_imports(lesson):
    trees = [ast.parse(cell.source) for cell in lesson.code_cells(lesson.solved)]
    imported = [list(_imported(tree)) for tree in trees]
    every = [name for names in imported for name in names]
    if repeated := {name for name in every if every.count(name) > 1}:
        yield f"imported twice: {sorted(repeated)}"
    for place, names in enumerate(imported):
        if len(names) > MOST_NAMES:
            yield f"a cell imports {len(names)} names, at most {MOST_NAMES}: {names}"
        near = set().union(*map(_read, trees[place : place + 1 + WAIT]), STUDENTS)
        if early := sorted(set(names) - near):
            yield f"imported before it is needed, or never: {early}"


def _imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from (alias.asname or alias.name for alias in node.names)


def _read(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@pytest.mark.parametrize(
    "lesson",
    [pytest.param(one, id=one.name) for one in LESSONS],
)
def test_a_lesson_has_the_skeletons_parts_and_marks(lesson):
    assert what_is_missing(lesson) == []


def test_every_check_has_a_stub():
    assert all(find(cell.check) for lesson in LESSONS for cell in lesson.checks)
    assert all(any(map(is_stub, lesson.solved.cells)) for lesson in LESSONS)


TEXT = """---
jupyter:
  kernelspec: {}
---

# One title

Two words, $x + y$ and `three()`: [a link](../there.md).

$$ not\\ read $$

<details><summary>Not read</summary>

Not read.

</details>

```python
not_read = 1
```

<!-- #region nbgrader={} -->
Not read.
<!-- #endregion -->
"""


def test_words_are_those_outside_code_folds_model_answers_and_formulas():
    assert words_to_read(TEXT) == len(["One", "title", "Two", "words", "x", "and", "x", "a", "link"])
