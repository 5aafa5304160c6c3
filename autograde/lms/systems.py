"""Learning management systems: the columns by which each knows a student, and the column that is filled.

Where to click there: docs/export.md.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from autograde.delimited import DelimitedTable, guarded, write_table
from autograde.errors import UsageError
from autograde.lms.formats import Exported, ScoreRow, comments_html, number
from autograde.people.roster_import import (
    BY_A_SPREADSHEET,
    EMAIL_HEADERS,
    LOGIN_HEADERS,
    NUMBER_HEADERS,
    TEST_STUDENT,
    origin_of,
    plain,
)

KeyColumn = tuple[str, str]  # a column's header, and the field of `Person` in that column
SCORES = "{column}"  # the header of the scores in `System.smallest`
HEADERS_NAMED = 6
MOODLE_KEYS = (
    *((header, "id") for header in (*LOGIN_HEADERS, *NUMBER_HEADERS)),  # in every language
    *((header, "lms_user_id") for header in NUMBER_HEADERS),
    *((header, "email") for header in EMAIL_HEADERS),
)


@dataclass(frozen=True)
class System:
    """A system's table. The first key that matches one student counts."""

    keys: Sequence[KeyColumn]
    smallest: dict[str, str] = field(default_factory=dict)
    """Without a template: headers, and the field of `ScoreRow` below each; empty: a template is needed."""
    column: str = ".*"
    """A pattern of the scores' header."""
    otherwise: str = ""
    """An example of such a header, and what the system would do with another."""
    suffix: str = ""
    """What a header ends with."""
    maximum: str = ""
    """A pattern of the maximum points in that header, or the header of their column."""
    points_line: str = ""
    """The beginning of the line with the maximum points, if there is one."""
    final_only: bool = False
    """Whether students without a final score get no line."""
    quote_all: bool = False
    takes_comments: bool = False
    """Whether it reads HTML for the student from another column."""


SYSTEMS = {
    "canvas": System(
        keys=(
            ("ID", "lms_user_id"),
            ("SIS User ID", "lms_user_id"),
            ("SIS User ID", "id"),
            ("SIS Login ID", "id"),
            ("SIS Login ID", "email"),
        ),
        smallest={
            "Student": "name",
            "ID": "person.lms_user_id",
            "SIS User ID": "",
            "SIS Login ID": "student",
            "Section": "",
            SCORES: "final",
        },
        column=r".+ \(\d+\)",
        otherwise='"HW1 (1234)". Without it, Canvas would make a new assignment',
        points_line="Points Possible",
    ),
    "moodle": System(
        keys=MOODLE_KEYS,
        smallest={
            "username": "student",
            "idnumber": "person.lms_user_id",
            "email": "person.email",
            SCORES: "final",
        },
        final_only=True,
    ),
    "moodle-worksheet": System(keys=MOODLE_KEYS, maximum="Maximum Grade", takes_comments=True),
    "blackboard": System(
        keys=(("Username", "id"), ("Student ID", "lms_user_id"), ("Student ID", "id")),
        smallest={
            "Last Name": "person.last_name",
            "First Name": "person.first_name",
            "Username": "student",
            SCORES: "final",
        },
        column=r".+ \|\d+",
        otherwise='"HW1 [Total Pts: 20 Score] |123456". Without it, Blackboard would make a column of text',
        maximum=r"\[Total Pts: ([\d.,]+)",
        quote_all=True,
    ),
    "brightspace": System(
        keys=(("OrgDefinedId", "lms_user_id"), ("OrgDefinedId", "id"), ("Username", "id")),
        smallest={"Username": "student", SCORES: "final", "End-of-Line Indicator": "#"},
        suffix=" Points Grade",
        maximum=r" Points Grade <Numeric MaxPoints:([\d.,]+)",
    ),
}


def fill_or_make(
    form: str,
    rows: Sequence[ScoreRow],
    template: DelimitedTable | None,
    column: str | None,
    comments: str | None = None,
) -> Exported:
    """The system's own table with its scores filled in, or without a template the smallest it imports.

    Args:
        comments: the header of a second column, for what the students read.

    Raises:
        UsageError: no or another template than needed, a column that is missing or would be a new one, or one
            student on two lines.
    """
    system = SYSTEMS[form]
    if comments and not system.takes_comments:
        raise UsageError(
            f"{form} has no column for comments: {', '.join(name for name, one in SYSTEMS.items() if one.takes_comments)} has."
        )
    if not re.fullmatch(system.column, column or ("" if system.otherwise else "–")):
        raise UsageError(
            f"{form} needs the column as its own export names it, with the number: --column {system.otherwise}."
        )
    assignment = rows[0].assignment if rows else "Grade"
    name = column or ("Grade" if template and not system.suffix else assignment)
    if system.suffix and system.suffix not in name:
        name += system.suffix
    if template:
        return _fill(system, template, name, rows, comments)
    if not system.smallest:
        raise UsageError(f"{form} needs --template: the table that the system offers to download.")
    chosen = [row for row in rows if row.final is not None or not system.final_only]
    header = [guarded(name) if title == SCORES else title for title in system.smallest]
    lines = [[_cell(row, source) for source in system.smallest.values()] for row in chosen]
    left_out = [row.student for row in rows if row not in chosen]
    return Exported(write_table([header, *lines], quote_all=system.quote_all), left_out=left_out)


def _cell(row: ScoreRow, source: str) -> str:
    if source == "final":
        return number(row.final)
    return source if source in ("", "#") else guarded(attrgetter(source)(row))


def _fill(
    system: System, template: DelimitedTable, name: str, rows: Sequence[ScoreRow], comments: str | None
) -> Exported:
    """Put final scores into one column of a template, and comments into another; nothing else of it changes."""
    place = _place_of(template, name)
    second = _place_of(template, comments) if comments else place
    keys = _places_of_keys(template, system.keys)
    left = {row.student: row for row in rows}
    strangers: list[str] = []
    for line, cells in enumerate(template.rows[1:], 2):
        texts = [*(cell.strip() for cell in cells), *[""] * len(template.rows[0])]
        if not any(texts) or (system.points_line and _is_nobody(system, texts)):
            continue
        known = [(texts[at], name) for at, name in keys]
        for text, _ in known:
            if BY_A_SPREADSHEET.fullmatch(text):  # another student's id, or nobody's
                raise UsageError(
                    f"the template, line {line}: {text!r} is what a spreadsheet made of a long number. "
                    "Take the download as it came. Nothing was written."
                )
        row = _match(known, rows)
        if row is None:
            strangers.append(next((text for text, _ in known if text), "?"))
            continue
        if left.pop(row.student, None) is None:
            raise UsageError(f"the template names {row.student!r} twice: nothing was written.")
        cells.extend([""] * (max(place, second) + 1 - len(cells)))
        if row.final is not None:
            cells[place] = number(row.final)
            if comments and row.result.cells:
                cells[second] = comments_html(row)
    ours = {row.result.max_score for row in rows}
    other = sorted(text for text in _maxima(system, template, place) if _differs(text, ours))
    return Exported(template.write(), sorted(left), strangers, other, filled=True)


def _place_of(template: DelimitedTable, name: str) -> int:
    """A column, whose header may go on in angle brackets, as Brightspace's does."""
    headers = [header.strip() for header in template.rows[0]] if template.rows else []
    longer = [header for header in headers if header.startswith(f"{name} <")]
    if name not in headers and len(longer) == 1:
        name = longer[0]
    if headers.count(name) > 1:
        raise UsageError(f"the template has two columns {name!r}: remove one.")
    if name not in headers:
        raise UsageError(
            f"the template has no column {name!r}. It has: {', '.join(map(repr, headers)) or '–'}."
        )
    return headers.index(name)


def _places_of_keys(template: DelimitedTable, keys: Sequence[KeyColumn]) -> list[tuple[int, str]]:
    names = list(map(plain, template.rows[0]))
    known = [(names.index(plain(header)), name) for header, name in keys if plain(header) in names]
    if known:
        return known
    headers = ", ".join(list(dict.fromkeys(repr(header) for header, _ in keys))[:HEADERS_NAMED])
    origin = origin_of(template.rows[0])
    hint = f" It looks like {origin}'s: is --format right?" if origin else ""
    raise UsageError(f"the template has none of the columns that identify a student: {headers}.{hint}")


def _is_nobody(system: System, texts: list[str]) -> bool:
    """Whether a line is not a student's: maximum points, how they are posted, Canvas's test student."""
    if not any(texts[:2]):
        return True  # "Manual Posting" below assignments, nothing below Student and ID
    return system.points_line in texts[0] or plain(texts[0]) in TEST_STUDENT


def _match(known: Sequence[tuple[str, str]], rows: Sequence[ScoreRow]) -> ScoreRow | None:
    """The student of a line: the first key that exactly one has."""
    for text, name in known:
        value = text.lstrip("#")
        matches = [row for row in rows if value and getattr(row.person, name) == value]
        if len(matches) == 1:
            return matches[0]
    return None


def _maxima(system: System, template: DelimitedTable, place: int) -> set[str]:
    """What the template says of the maximum points: in the header, in a column, or on a line."""
    header, *lines = template.rows
    found = re.findall(system.maximum, header[place]) if system.maximum else []
    at = template.column_index(system.maximum)
    if at is not None:
        found = [cells[at] for cells in lines if at < len(cells)]
    if system.points_line:
        found = [
            cells[place] for cells in lines if cells and system.points_line in cells[0] and place < len(cells)
        ]
    return {text.strip() for text in found}


def _differs(text: str, ours: set[float]) -> bool:
    try:
        return bool(ours - {float(text.replace(",", "."))})
    except ValueError:  # "(read only)"
        return False
