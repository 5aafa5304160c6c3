"""Learning management systems: the columns by which each knows a student, and the column that is filled.

Each has a file in `autograde/people/systems/`. Where to click there: docs/export.md.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from autograde.delimited import DelimitedTable, guarded
from autograde.entries.entry import Entry
from autograde.entries.matching import Matcher, Matches, said_in
from autograde.errors import UsageError
from autograde.lms.formats import OF_A_TERM, TABLES, Exported, comments_html, number
from autograde.people import people_table
from autograde.people.people_table import (
    BY_A_SPREADSHEET,
    HEADERS,
    NUMBER,
    PeopleTable,
    is_no_student,
    people_in,
    plain,
)

Keys = Mapping[str, Sequence[str]]  # by a column's header, the fields of `Person` that its cells can be
SCORES = "{column}"  # the header of the scores in `System.smallest`
HEADERS_NAMED = 6
MOODLE_KEYS: Keys = {  # in every language
    **dict.fromkeys(HEADERS["username"], ("id", "login")),
    **dict.fromkeys(HEADERS["id_number"], ("id_number", "id")),
    **dict.fromkeys(HEADERS["email"], ("email",)),
}
POINTS = re.compile(r"\d+(?:[.,]\d+)?")
OURS = re.compile(r"[\d\s.,%–-]*")  # a cell without words: what a person wrote there (EX, "excused") stays


@dataclass(frozen=True)
class System:
    """A system's table of scores."""

    name: str
    keys: Keys = field(default_factory=lambda: MOODLE_KEYS)
    smallest: dict[str, str] = field(default_factory=dict)
    """Without a template: headers, and the field of `Entry` below each; empty: a template is needed."""
    column: str = ".*"
    """A pattern of the scores' header."""
    otherwise: str = ""
    """An example of such a header, and what the system would do with another."""
    suffix: str = ""
    """What a header ends with."""
    maximum: str = ""
    """A pattern of the maximum points in that header."""
    points_line: str = ""
    """The beginning of the line with the maximum points, if there is one."""
    final_only: bool = False
    """Whether students without a final score get no line."""
    quote_all: bool = False
    takes_comments: bool = False
    """Whether it reads HTML for the student from another column."""
    is_numbered: bool = False
    """Whether the first cell has the number that is in the names of files, too."""


SYSTEMS = {
    format: System(one["name"], **fields)
    for one in people_table.SYSTEMS.values()
    for format, fields in one.get("scores", {}).items()
}


def export_as(
    format: str,
    rows: Sequence[Entry],
    template: DelimitedTable | None,
    column: str | None,
    comments: str | None = None,
    kept: Matches | None = None,
    scale: bool = False,
) -> Exported:
    """The rows in a format of ours; or a system's own table with its scores filled in, without a template the smallest
    that it imports.

    Args:
        comments: the header of a second column, for what the students read.
        scale: write each score as a part of the column's maximum, whatever its own is.

    Raises:
        UsageError: no or another template than needed, a column that is missing or would be a new one, no maximum
            to scale to, one student on two lines, or a line whose keys name two.
    """
    if special := TABLES.get(format):
        if template or comments or scale or (column and format in OF_A_TERM):
            raise UsageError(
                f"{format} takes no --template, --column, --comments and --scale: it is a table of its own."
            )
        return special(rows)
    system = SYSTEMS[format]
    if comments and not system.takes_comments:
        raise UsageError(
            f"{format} has no column for comments: {', '.join(name for name, one in SYSTEMS.items() if one.takes_comments)} has."
        )
    if not re.fullmatch(system.column, column or ("" if system.otherwise else "–")):
        raise UsageError(
            f"{format} needs the column as its own export names it, with the number: --column {system.otherwise}."
        )
    assignment = rows[0].assignment if rows else "Grade"
    name = column or ("Grade" if template and not system.suffix else assignment)
    if system.suffix not in name:
        name += system.suffix
    if template:
        matcher = Matcher({row.student: row.person for row in rows}, kept=kept or {})
        return _fill(system, template, name, rows, comments, matcher, scale)
    if not system.smallest:
        raise UsageError(f"{format} needs --template: the table that the system offers to download.")
    most = _only_maximum(re.findall(system.maximum, name), name) if scale else None
    chosen = [row for row in rows if row.final is not None or not system.final_only]
    header = [guarded(name) if title == SCORES else title for title in system.smallest]
    lines = [[_cell(row, source, most) for source in system.smallest.values()] for row in chosen]
    left_out = [row.student for row in rows if row not in chosen]
    table = DelimitedTable([header, *lines], quote_all=system.quote_all)
    return Exported(table.write(), left_out=left_out, fate=", left empty")


def _cell(row: Entry, source: str, most: float | None) -> str:
    if source == "final":
        return _score(row, most)
    return source if source in ("", "#") else guarded(attrgetter(source)(row))


def _score(row: Entry, most: float | None) -> str:
    """The final score, of another maximum as that part of it."""
    score, most_here = row.final, row.max_score
    return number(score * most / most_here if score and most and most_here else score)


def _fill(
    system: System,
    template: DelimitedTable,
    name: str,
    rows: Sequence[Entry],
    comments: str | None,
    matcher: Matcher,
    scale: bool,
) -> Exported:
    """Put final scores into one column of a template, and comments into another; nothing else of it changes."""
    column = _column_of(template, name)
    second = _column_of(template, comments) if comments else column
    people = people_in(template.rows)
    maxima = _maxima(system, people, column)
    most = _only_maximum(maxima, name) if scale else None
    other = sorted(text for text in maxima if _number(text) not in (most or points_now(rows), None))
    left = {row.student: row for row in rows}
    strangers, words = [], []
    for cells, student, said in _students_in(template, people, system, matcher):
        if not student:
            strangers.append(said)
            continue
        if (row := left.pop(student, None)) is None:
            raise UsageError(f"the template names {student!r} twice: nothing was written.")
        cells.extend([""] * (max(column, second) + 1 - len(cells)))
        if not OURS.fullmatch(cells[column]):
            words.append(student)
        elif row.final is not None:
            cells[column] = _score(row, most)
            if comments and row.cells:
                cells[second] = comments_html(row)
    missing = sorted(student for student, row in left.items() if row.person.is_of(system.name))
    return Exported(
        template.write(), missing, strangers, other, words=words, fate=", left as the template has it"
    )


def _students_in(
    template: DelimitedTable, people: PeopleTable, system: System, matcher: Matcher
) -> Iterator[tuple[list[str], str, str]]:
    """Yield the cells of each line, whose it is (empty: nobody's here), and its first key."""
    keys = _key_columns(people, system)
    for cells, (line, padded, fields) in zip(template.rows[1:], people.lines, strict=True):
        if is_no_student(system.name, padded, fields):
            continue
        where = f"the template, line {line}:"
        known = [(text, of_person) for at, of_person in keys if (text := padded[at].strip().lstrip("#"))]
        for text, _ in known:
            if BY_A_SPREADSHEET.fullmatch(text):  # another student's id, or nobody's
                raise UsageError(
                    f"{where} {text!r} is what a spreadsheet made of a long number. "
                    "Take the download as it came. Nothing was written."
                )
        participant = NUMBER.fullmatch(padded[0].strip()) if system.is_numbered else None
        names = {kind: text for kind, text in fields.items() if "name" in kind}
        numbers = [text for text, of_person in known if of_person[0] == "lms_user_id"]
        number = participant[1] if participant else "".join(numbers)
        said = replace(said_in(names, system.name, number), keys=tuple(known))
        yield cells, matcher.in_line(said, where), known[0][0] if known else "?"


def _column_of(template: DelimitedTable, name: str) -> int:
    """A column, whose header may go on in angle brackets, as Brightspace's does."""
    headers = [header.strip() for header in template.rows[0]] if template.rows else []
    longer = [header for header in headers if header.startswith(f"{name} <")]
    named = [at for at, header in enumerate(headers) if header in ([name] if name in headers else longer)]
    if not named:
        raise UsageError(
            f"the template has no column {name!r}. It has: {', '.join(map(repr, headers)) or '–'}."
        )
    if len(named) > 1:
        raise UsageError(f"the template has two columns {name!r}: remove one.")
    return named[0]


def _key_columns(people: PeopleTable, system: System) -> list[tuple[int, Sequence[str]]]:
    names = list(map(plain, people.header))
    known = [
        (names.index(plain(header)), fields)
        for header, fields in system.keys.items()
        if plain(header) in names
    ]
    if known or system.is_numbered:
        return known
    headers = ", ".join(list(map(repr, system.keys))[:HEADERS_NAMED])
    origin = people.origin.name
    hint = f" It looks like {origin}'s: is --format right?" if origin else ""
    raise UsageError(f"the template has none of the columns that identify a student: {headers}.{hint}")


def _maxima(system: System, people: PeopleTable, column: int) -> set[str]:
    """What the template says of the maximum points: on a line, on each student's, or in the header."""
    if system.points_line:
        found = [cells[column] for _, cells, _ in people.lines if system.points_line in cells[0]]
    elif system.is_numbered:
        found = [fields.get("maximum", "") for _, _, fields in people.lines]
    else:
        found = re.findall(system.maximum, people.header[column])
    return {text.strip() for text in found}


def _only_maximum(maxima: Iterable[str], column: str) -> float:
    said = sorted(filter(None, maxima))
    numbers = set(map(_number, said))
    if len(numbers) != 1 or not (most := numbers.pop()):
        raise UsageError(
            f"--scale needs to know how many points {column!r} has at most there. The file says: "
            f"{', '.join(said) or 'nothing'}. Nothing was written. Without --scale, scores are written as they are."
        )
    return most


def _number(text: str) -> float | None:
    return float(text.replace(",", ".")) if POINTS.fullmatch(text) else None  # "(read only)"


def points_now(rows: Sequence[Entry]) -> float:
    """What the assignment is worth now: an earlier version may have been worth less."""
    return max((row.points_now or row.max_score for row in rows), default=0.0)
