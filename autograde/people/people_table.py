"""A table with a line for each person, of whatever system: what each of its columns is, by its header.

`people_table.toml` has the headers in several languages, `systems/` a file for each learning system.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograde.delimited import DelimitedTable, one_line, unguarded
from autograde.errors import UsageError

BY_A_SPREADSHEET = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)  # what it makes of a long number
POINTS_POSSIBLE = "points possible"  # Canvas: a line of the table that is not a student
TEST_STUDENT = ("student, test", "test student")  # Canvas: its teacher's own view
NUMBER = re.compile(r"\D+(\d+)")  # "Participant 2300"
Headers = tuple[str, ...]  # the first that is there counts


def plain(name: str) -> str:
    """A header in small letters and single blanks, for comparing."""
    return " ".join(name.split()).casefold()


def _names(text: str) -> Headers:
    """The headers in a text with commas between them; a kind's name with a $ stands for all of the kind's."""
    words = map(str.strip, text.split(","))
    return tuple(name for word in words for name in (HEADERS[word[1:]] if word[0] == "$" else (plain(word),)))


@dataclass(frozen=True)
class Origin:
    """A system: the headers that give its files away, and the columns that have other headers there than `HEADERS`."""

    name: str
    known_by: tuple[Headers, ...]  # one of each
    columns: dict[str, Headers]
    """By kind."""


_KNOWN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
KINDS = _names(_KNOWN["kinds"])
"""What a roster's column can be. `name` is a whole name in one cell."""
HEADERS: dict[str, Headers] = {}
"""What the systems call each kind of column, and some of its cells, in several languages."""
for _kind, _text in _KNOWN["headers"].items():
    HEADERS[_kind] = _names(_text)
SYSTEMS = {
    path.stem: tomllib.loads(path.read_text("utf-8"))
    for path in sorted(Path(__file__).with_name("systems").glob("*.toml"))
}
"""The learning systems: `name` as they write themselves, `packs` where submissions come from them, `pages` where they
hand pages back, `lists` as `Origin` says, `scores` as `autograde.lms.systems.System` does.
"""
PACKING = [one["name"] for one in SYSTEMS.values() if one.get("packs")]
_LISTED = [(one["name"], of) for one in SYSTEMS.values() for of in one["lists"]]
ORIGINS = [
    Origin("", tuple(map(_names, _KNOWN["own"])), {}),
    *(
        Origin(
            name,
            tuple(map(_names, of["known_by"])),
            {kind: _names(text) for kind, text in of["columns"].items()},
        )
        for name, of in sorted(_LISTED, key=lambda one: one[1].get("is_last", False))
    ),
    Origin("", (), {}),
]


def _find_columns(
    rows: Sequence[Sequence[str]], origin: Origin, headers: Mapping[str, str]
) -> dict[str, int]:
    """The column of each kind, of several the first that is not empty.

    Raises:
        UsageError: two columns of one name, or a missing one.
    """
    names = list(map(plain, rows[0]))
    every = ", ".join(repr(name.strip()) for name in rows[0] if name.strip())
    asked = {kind: (plain(header),) for kind, header in headers.items()}
    usual = {**HEADERS, **origin.columns, **asked}
    columns = {}
    for kind in (*KINDS, "group", "maximum"):
        there = [name for name in usual[kind] if name in names]
        if kind in headers and not there:
            raise UsageError(f"--column {kind}={headers[kind]}: no such column. Columns: {every}.")
        if not there:
            continue
        filled = (name for name in there if any(cells[names.index(name)].strip() for cells in rows[1:]))
        best = next(filled, there[0])
        if names.count(best) > 1:
            raise UsageError(f"two columns are named {rows[0][names.index(best)].strip()!r}: remove one.")
        columns[kind] = names.index(best)
    return columns


@dataclass(frozen=True)
class PeopleTable:
    """A table with a line for each person, of whatever system."""

    origin: Origin
    header: Sequence[str]
    columns: dict[str, int]
    """By kind."""
    lines: list[tuple[int, Sequence[str], dict[str, str]]]
    """The number of each line, its cells, and those of a kind by kind: empty where there is none."""

    @property
    def left_by_addresses(self) -> list[str]:
        """Where addresses are the ids, the headers of columns that are nothing here."""
        if self.columns["id"] != self.columns.get("email"):
            return []
        return [
            name for at, name in enumerate(self.header) if at not in self.columns.values() and name.strip()
        ]


def read_people_table(
    path: Path, headers: Mapping[str, str] | None = None, encoding: str | None = None
) -> PeopleTable:
    """A table, and what each of its columns is by its header.

    Raises:
        UsageError: no table, two columns of one name, or a missing one.
    """
    rows = DelimitedTable.read(path, encoding).rows
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise UsageError(f"{path} is empty: its first line has to name the columns.")
    return people_in(rows, headers)


def people_in(rows: Sequence[Sequence[str]], headers: Mapping[str, str] | None = None) -> PeopleTable:
    """The people in a table with this first line; each line has as many cells as the first, or more.

    Raises:
        UsageError: two columns of one name, or a missing one.
    """
    rows = [[*cells, *[""] * (len(rows[0]) - len(cells))] for cells in rows]
    names = set(map(plain, rows[0]))
    origin = next(one for one in ORIGINS if all(names.intersection(group) for group in one.known_by))
    columns = _find_columns(rows, origin, headers or {})
    lines = []
    for line, cells in enumerate(rows[1:], 2):
        fields = dict.fromkeys(KINDS, "")
        fields |= {kind: unguarded(one_line(cells[column])).strip() for kind, column in columns.items()}
        if not (fields["first_name"] or fields["last_name"]):  # a whole name without a comma is not split
            last, _, first = fields["name"].partition(",")
            fields |= {"last_name": last.strip(), "first_name": first.strip()}
        lines.append((line, cells, fields))
    return PeopleTable(origin, rows[0], columns, lines)


def is_no_student(system: str, cells: Sequence[str], fields: Mapping[str, str]) -> bool:
    """Whether a line is empty or one of the system's own: how assignments are posted, points, a teacher's test student."""
    names = {plain(fields["name"]), plain(cells[0])}
    return (
        not any(cell.strip() for cell in cells)
        or (system == "Blackboard" and fields["id"].endswith("_previewuser"))
        or POINTS_POSSIBLE in names
        or (system == "Canvas" and (not names.isdisjoint(TEST_STUDENT) or not any(fields.values())))
    )
