"""A page on which a person marks all answers to one question, by keys alone and without a server.

It holds a code for each answer in place of a name: `autograde marks import` knows whose it is. Equal answers are one
row, whose points each of them gets; like ones are neighbors.
"""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Iterable
from hashlib import sha256

from markupsafe import Markup

from autograde.course.course import Course, course_secret
from autograde.delimited import FORMULA_STARTS
from autograde.entries import answer_key, mark, wording
from autograde.entries.entry import GRADED, WholeClass
from autograde.errors import CourseError, UsageError
from autograde.pages import clean, feedback, formgrader, render, student_page
from autograde.untrusted.names import shell_word

Answers = list[tuple[str, float | None]]
"""Equal ones: CODE:DIGEST of each, and the points that the gradebook has."""


def answer_in_words(key: answer_key.AnswerKey, word: str | None) -> str:
    """The "notebook/grade_id" of an answer that a person reads, by its id; without one, of the only one.

    Raises:
        UsageError: there is no such answer.
    """
    in_words = [name for name, cell in key.graded_cells.items() if cell.manual]
    name = answer_key.answer_named(key, word) if word or len(in_words) != 1 else in_words[0]
    if name not in in_words:
        names = ", ".join(in_words) or "none"
        raise UsageError(f"{word!r} is no answer in words of {key.assignment}. It has: {names}.")
    return name


def marks_page(
    course: Course, whole: WholeClass, name: str, chosen: set[str] | None
) -> tuple[str, int, list[str]]:
    """The page of an answer in words, how many answers are on it, and why others are not.

    `chosen`: under whose names the asked-for submissions are; None for all.

    Raises:
        UsageError: nobody answered.
    """
    key = whole.key
    rows, left_out = _rows(whole, name, chosen)
    if not rows:
        raise UsageError(
            f"no answer to {name!r} is graded there: autograde grade {shell_word(key.assignment)}"
        )
    every = sorted(answer for answers in rows.values() for answer, _ in answers)
    digest = sha256(" ".join(every).encode()).hexdigest()
    notebook, _, grade_id = name.partition("/")
    model = formgrader.model_answers(course.source(key.assignment).parent, key.assignment, notebook).get(
        grade_id
    )
    script = render.text_of("pages/marks_page.js")
    page = render.render_page(
        "pages/marks_page.html.j2",
        student_page.FORMATTER.get_style_defs(".code") + render.text_of("pages/marks_page.css"),
        assignment=key.assignment,
        answer=name,
        title=key.graded_cells[name].title,
        most=wording.points(key.points[name]),
        digest=digest,
        key=sha256(course_secret(course, graded_before=True) + digest.encode()).hexdigest(),
        back=mark.TAKEN_BACK,
        grade_id=grade_id,
        columns=[*mark.HEADER, "rubric", mark.BEGINS],
        formulas=FORMULA_STARTS,
        question=Markup("").join(Markup(clean.clean_markdown(cell.source, cell)) for cell in model.question)
        if model
        else "",
        model=Markup(clean.clean_markdown(model.words, model.cell)) if model else "",
        rows=[(text, *_attributes(rows[text])) for text in _with_like_ones_as_neighbors(rows)],
        script=Markup(script),
        script_digest=b64encode(sha256(script.encode()).digest()).decode(),
    )
    return page, len(every), left_out


def _rows(whole: WholeClass, name: str, chosen: set[str] | None) -> tuple[dict[Markup, Answers], list[str]]:
    notebook, _, grade_id = name.partition("/")
    asked, rows, left_out = whole.key.notebooks[notebook], defaultdict[Markup, Answers](list), []
    for student, entry in whole.every_graded.items():
        cell = next((one for one in entry.cells if one.name == name and one.code), None)
        is_asked = student == entry.submitter and (chosen is None or student in chosen)
        if not is_asked or cell is None or entry.status != GRADED or entry.self_reported:
            continue
        try:
            ran = feedback.graded_notebook(entry, asked)
        except CourseError as error:
            left_out.append(str(error))
            continue
        rows[student_page.answer_of(ran, grade_id, asked)].append((f"{cell.code}:{cell.digest}", cell.score))
    return rows, left_out


def _attributes(answers: Answers) -> tuple[str, str]:
    """The codes with their digests, and the points that stand, if each answer has any."""
    scores = {score for _, score in answers}
    stands = "" if None in scores else ", ".join(map(wording.points, sorted(scores)))
    return " ".join(answer for answer, _ in answers), stands


def _with_like_ones_as_neighbors(texts: Iterable[Markup]) -> list[Markup]:
    """The answers from the shortest on, each followed by the one that shares most words with it."""
    words = {text: set(text.lower().split()) for text in texts}
    rest = sorted(words, key=lambda text: (-len(text), text))
    ordered = [rest.pop()]
    while rest:
        last = words[ordered[-1]]
        ordered.append(max(rest, key=lambda text: len(last & words[text]) / len(last | words[text] | {""})))
        rest.remove(ordered[-1])
    return ordered
