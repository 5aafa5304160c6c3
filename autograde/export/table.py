"""Tables as other systems write and read them: encodings, separators, formulas, and filling one column."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograde.errors import UsageError
from autograde.export.rows import Row
from autograde.grading.terminal import points

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")
LARGEST = 50_000_000
Key = tuple[str, str]  # a column's header, and the field of `Row` that stands there


@dataclass
class Exported:
    """What is written, and who is missing on which side."""

    content: bytes | dict[str, bytes]  # one file, or files by name
    not_in_template: list[str] = field(default_factory=list)
    not_in_gradebook: list[str] = field(default_factory=list)
    other_maxima: list[str] = field(default_factory=list)  # points at most, by the template


@dataclass
class Template:
    """A file that came from the other system: rows of cells and how it was written."""

    rows: list[list[str]]
    delimiter: str
    encoding: str
    newline: str
    quote_all: bool

    @classmethod
    def read(cls, path: Path) -> Template:
        """Read a template.

        Raises:
            UsageError: it is not there, too large, or no table.
        """
        try:
            data = path.read_bytes()
        except OSError as error:
            raise UsageError.say(
                "{file}: {reason}. Give the file that the other system exported.",
                file=path,
                reason=error.strerror,
            ) from error
        if len(data) > LARGEST:
            raise UsageError.say(
                "{file}: larger than {megabytes} MB, no export of a gradebook.",
                file=path,
                megabytes=LARGEST // 1_000_000,
            )
        encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
        try:
            text = data.decode(encoding)
            first = text.split("\n", 1)[0]
            delimiter = max(",;\t", key=first.count)
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except (UnicodeError, csv.Error) as error:
            raise UsageError.say(
                "{file}: cannot be read as a table: {reason}.", file=path, reason=error
            ) from error
        if encoding == "utf-8-sig" and not data.startswith(b"\xef\xbb\xbf"):
            encoding = "utf-8"
        newline = "\r\n" if "\r\n" in text else "\n"
        return cls(rows, delimiter, encoding, newline, first.startswith('"'))

    def write(self) -> bytes:
        """The table in the template's own form."""
        return write_table(self.rows, self.delimiter, self.encoding, self.newline, self.quote_all)

    def place(self, header: str, at: int = 0) -> int | None:
        """The column with that header in row `at`."""
        names = [name.strip() for name in self.rows[at]] if len(self.rows) > at else []
        return names.index(header) if header in names else None


def write_table(
    rows: Sequence[Sequence[str]],
    delimiter: str = ",",
    encoding: str = "utf-8",
    newline: str = "\n",
    quote_all: bool = False,
) -> bytes:
    """A delimited table; the csv module does the quoting."""
    text = io.StringIO(newline="")
    quoting = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
    csv.writer(text, delimiter=delimiter, lineterminator=newline, quoting=quoting).writerows(rows)
    return text.getvalue().encode(encoding, "replace")


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula, on one line."""
    line = " ".join(text.split()) if any(char in text for char in "\r\n\t") else text
    line = "".join(char for char in line if char.isprintable())
    return f"'{line}" if line.startswith(FORMULA_STARTS) else line


def number(score: float | None) -> str:
    """A score with a decimal point, at most two decimals; nothing where there is none."""
    return "" if score is None else points(score)


def fill(
    template: Template,
    column: str,
    keys: Sequence[Key],
    rows: Sequence[Row],
    skip: Callable[[list[str]], bool] = lambda cells: False,
    most: Callable[[list[str], int], str] = lambda cells, place: "",
) -> Exported:
    """Put final scores into one column of a template; nothing else of it changes.

    `keys` names columns that say who a line is, and the field of a row of ours that stands there; the first
    match counts.
    `most` reads from a line what the other system takes as the most points in column number `place`.

    Raises:
        UsageError: no such column, no column that says who is who, or one student on two lines.
    """
    place = _place_of_scores(template, column)
    known = _places_of_keys(template, keys)
    left = {row.student: row for row in rows}
    strangers: list[str] = []
    taken: set[str] = set()
    stated = {most(cells, place).strip() for cells in template.rows[1:] if any(cells)}
    for cells in template.rows[1:]:
        if not any(cell.strip() for cell in cells) or skip(cells):
            continue
        row = _match(cells, known, rows)
        if row is None:
            strangers.append(next((cells[at] for at, _ in known if at < len(cells) and cells[at]), "?"))
            continue
        if row.student in taken:
            raise UsageError.say(
                "the template names {student!r} twice: nothing was written.", student=row.student
            )
        taken.add(row.student)
        left.pop(row.student, None)
        cells.extend([""] * (place + 1 - len(cells)))
        if row.final is not None:
            cells[place] = number(row.final)
    return Exported(template.write(), sorted(left), strangers, _other_than_ours(stated, rows))


def _place_of_scores(template: Template, column: str) -> int:
    place = template.place(column)
    if place is None:
        headers = ", ".join(map(repr, template.rows[0])) if template.rows else "–"
        raise UsageError.say(
            "the template has no column {column!r}. It has: {headers}.", column=column, headers=headers
        )
    return place


def _places_of_keys(template: Template, keys: Sequence[Key]) -> list[tuple[int, str]]:
    known = [(template.place(header), name) for header, name in keys]
    if all(at is None for at, _ in known):
        headers = ", ".join(repr(header) for header, _ in keys)
        raise UsageError.say(
            "the template has none of the columns that say who a line is: {headers}.", headers=headers
        )
    return [(at, name) for at, name in known if at is not None]


def _other_than_ours(stated: set[str], rows: Sequence[Row]) -> list[str]:
    ours = {row.result.max_score for row in rows}
    return sorted(text for text in stated if (said := _points(text)) is not None and ours - {said})


def _points(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:  # "(read only)"
        return None


def _match(cells: list[str], known: list[tuple[int, str]], rows: Sequence[Row]) -> Row | None:
    for at, name in known:
        said = cells[at].strip().lstrip("#") if at < len(cells) else ""
        matches = [row for row in rows if said and getattr(row, name) == said]
        if len(matches) == 1:
            return matches[0]
    return None
