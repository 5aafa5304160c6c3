"""Filling one column of a table that came from another system."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autograde.delimited import DelimitedTable
from autograde.errors import UsageError
from autograde.export.rows import ScoreRow
from autograde.roster.columns import origin_of, plain
from autograde.roster.read_file import BY_A_SPREADSHEET
from autograde.scores import points

HEADERS_NAMED = 6
Key = tuple[str, str]  # a column's header, and the field of `Person` that stands there


@dataclass
class Exported:
    """What is written, and who is missing on which side."""

    # One file, or files by name: None for one that must not be there.
    content: bytes | dict[str, bytes | None]
    not_in_template: list[str] = field(default_factory=list)
    not_in_gradebook: list[str] = field(default_factory=list)
    other_maxima: list[str] = field(default_factory=list)  # points at most, by the template
    left_out: list[str] = field(default_factory=list)  # who has no line, as there is no score for it
    open_scores: bool = False  # scores that are not final stand in it
    filled: bool = False  # a template: who has no final score keeps what it says


def number(score: float | None) -> str:
    """A score with a decimal point, at most two decimals; nothing where there is none."""
    return "" if score is None else points(score)


def fill(
    template: DelimitedTable,
    column: str,
    keys: Sequence[Key],
    rows: Sequence[ScoreRow],
    skip: Callable[[list[str]], bool] = lambda cells: False,
    most: Callable[[list[str], int], str] = lambda cells, place: "",
) -> Exported:
    """Put final scores into one column of a template; nothing else of it changes.

    `keys` names columns that say who a line is, and the field of our person that stands there; the first
    match counts.
    `most` reads from a line what the other system takes as the most points in column number `place`.

    Raises:
        UsageError: no such column, no column that says who is who, or one student on two lines.
    """
    place = _place_of_scores(template, column)
    known = _places_of_keys(template, keys)
    left = {row.student: row for row in rows}
    strangers: list[str] = []
    stated = {most(cells, place).strip() for cells in template.rows[1:] if any(cells)}
    for line, cells in enumerate(template.rows[1:], 2):
        if not any(cell.strip() for cell in cells) or skip(cells):
            continue
        _refuse_mangled(line, cells, known)
        row = _match(cells, known, rows)
        if row is None:
            strangers.append(next((cells[at] for at, _ in known if at < len(cells) and cells[at]), "?"))
            continue
        if left.pop(row.student, None) is None:
            twice = "the template names {student!r} twice: nothing was written."
            raise UsageError.say(twice, student=row.student)
        cells.extend([""] * (place + 1 - len(cells)))
        if row.final is not None:
            cells[place] = number(row.final)
    return Exported(template.write(), sorted(left), strangers, _other_than_ours(stated, rows), filled=True)


def _place_of_scores(template: DelimitedTable, column: str) -> int:
    place = template.column_index(column)
    if template.rows and [name.strip() for name in template.rows[0]].count(column) > 1:
        raise UsageError.say("the template has two columns {column!r}: remove one.", column=column)
    if place is None:
        headers = ", ".join(map(repr, template.rows[0])) if template.rows else "–"
        raise UsageError.say(
            "the template has no column {column!r}. It has: {headers}.", column=column, headers=headers
        )
    return place


def _places_of_keys(template: DelimitedTable, keys: Sequence[Key]) -> list[tuple[int, str]]:
    names = [plain(name) for name in template.rows[0]]
    known = [(names.index(plain(header)), name) for header, name in keys if plain(header) in names]
    if known:
        return known
    headers = ", ".join(list(dict.fromkeys(repr(header) for header, _ in keys))[:HEADERS_NAMED])
    origin = origin_of(template.rows[0])
    if origin:
        raise UsageError.say(
            "the template looks like {origin}'s: it has none of the columns {headers}. Is --format right?",
            origin=origin,
            headers=headers,
        )
    raise UsageError.say(
        "the template has none of the columns that say who a line is: {headers}.", headers=headers
    )


def _refuse_mangled(line: int, cells: list[str], known: list[tuple[int, str]]) -> None:
    """Refuse ids that a spreadsheet has rounded: they are another student's, or nobody's."""
    for at, _ in known:
        if at < len(cells) and BY_A_SPREADSHEET.fullmatch(cells[at].strip()):
            raise UsageError.say(
                "the template, line {line}: {id!r} is what a spreadsheet made of a long number. Take the "
                "download as it came. Nothing was written.",
                line=line,
                id=cells[at].strip(),
            )


def _other_than_ours(stated: set[str], rows: Sequence[ScoreRow]) -> list[str]:
    ours = {row.result.max_score for row in rows}
    return sorted(text for text in stated if (said := _points(text)) is not None and ours - {said})


def _points(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:  # "(read only)"
        return None


def _match(cells: list[str], known: list[tuple[int, str]], rows: Sequence[ScoreRow]) -> ScoreRow | None:
    for at, name in known:
        said = cells[at].strip().lstrip("#") if at < len(cells) else ""
        matches = [row for row in rows if said and getattr(row.person, name) == said]
        if len(matches) == 1:
            return matches[0]
    return None
