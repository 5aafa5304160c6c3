"""Tables as other systems write and read them: encodings, separators, formulas."""

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograde.errors import UsageError

FORMULA_STARTS = "-=+@|%＝＋－＠\t\r\n"
# At the start, and after a semicolon, where spreadsheets of many languages split.
FORMULA = re.compile(rf"(^|;\s*)(?=[{FORMULA_STARTS}])")
GUARDED = re.compile(rf"(^|;\s*)'(?=[{FORMULA_STARTS}])")
MOST_BYTES = 50_000_000
BYTE_ORDER_MARK = "\ufeff"  # before the first header, where --encoding names an encoding that keeps it
SPREADSHEET = "it is a spreadsheet's own file: save it there as CSV UTF-8"
# What a file begins with that is not a table.
OTHER_KINDS = {
    b"PK\x03\x04": SPREADSHEET,
    b"\xd0\xcf\x11\xe0": SPREADSHEET,
    b"%PDF": "it is a PDF: export the list as CSV",
    b"<!": "it is a web page: log in there and download the file again",
    b"<html": "it is a web page: log in there and download the file again",
}


@dataclass
class DelimitedTable:
    """A table's rows of cells, and how another system wrote it, or will read it."""

    rows: Sequence[list[str]]
    delimiter: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"
    quote_all: bool = False

    @classmethod
    def read(cls, path: Path, encoding: str | None = None) -> "DelimitedTable":
        """Read a table, in UTF-8 or UTF-16 where no other encoding is named.

        Raises:
            UsageError: it is not there, too large, or no table.
        """
        data = _read(path)
        for beginning, reason in OTHER_KINDS.items():
            if data[:16].removeprefix(codecs.BOM_UTF8).lstrip().lower().startswith(beginning.lower()):
                raise _no_table(path, reason)
        known = encoding or ("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
        text = _text(path, data, known)
        delimiter = max(",;\t", key=lambda mark: _cells(text, mark))
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error as error:
            raise _no_table(path, str(error)) from error
        if known == "utf-8-sig" and not data.startswith(codecs.BOM_UTF8):
            known = "utf-8"
        newline = "\r\n" if "\r\n" in text else "\n"
        return cls(rows, delimiter, known, newline, text.startswith('"'))

    def write(self) -> bytes:
        """The table in its own form; the csv module does the quoting."""
        text = io.StringIO(newline="")
        csv.writer(
            text,
            delimiter=self.delimiter,
            lineterminator=self.newline,
            quoting=csv.QUOTE_ALL if self.quote_all else csv.QUOTE_MINIMAL,
        ).writerows(self.rows)
        return text.getvalue().encode(self.encoding, "replace")

    def column_index(self, header: str) -> int | None:
        """The column with that header in the first row."""
        names = [name.strip() for name in self.rows[0]] if self.rows else []
        return names.index(header) if header in names else None


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula, on one line."""
    return FORMULA.sub(r"\1'", one_line(text))


def one_line(text: str) -> str:
    """Text without line breaks and what cannot be printed; a space of another kind is a plain one."""
    if text.isprintable():  # nearly every text; a break is not printable
        return text
    return "".join(char for char in " ".join(text.split()) if char.isprintable())


def unguarded(text: str) -> str:
    """Text as it was before `guarded`."""
    return GUARDED.sub(r"\1", text)


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"{path}: {error.strerror}. Give the file that the other system exported."
        ) from error
    if len(data) > MOST_BYTES:
        raise UsageError(f"{path}: larger than {MOST_BYTES // 1_000_000} MB, no export of a gradebook.")
    return data


def _text(path: Path, data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except LookupError as error:
        raise UsageError(f"--encoding {encoding}: unknown. Try cp1252 or utf-8.") from error
    except UnicodeError as error:
        name = encoding.removesuffix("-sig").upper()
        raise UsageError(
            f"{path}: cannot be read as a table in {name}: was it saved by a spreadsheet? Save it as CSV UTF-8, "
            "take the download as it came, or name the encoding of your own list, mostly --encoding cp1252."
        ) from error
    if "\0" in text:
        raise _no_table(path, "it holds zero bytes")
    return text.removeprefix(BYTE_ORDER_MARK)


def _cells(text: str, delimiter: str) -> int:
    """How many cells the header has with that mark between them; none where it cannot be read so."""
    try:
        return len(next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), []))
    except csv.Error:
        return 0


def _no_table(path: Path, reason: str) -> UsageError:
    return UsageError(f"{path}: cannot be read as a table: {reason}.")
