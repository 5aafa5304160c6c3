"""How learning management systems name the columns of their lists of students."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograde.errors import UsageError

# What a roster's column can be. `name` is a whole name in one cell.
KINDS = ("id", "name", "first_name", "last_name", "email", "lms_user_id", "section", "extension")
Headers = tuple[str, ...]  # the first that is there counts

# Moodle writes its headers in the language of the site.
EMAIL = (
    "email address", "email", "e-mail", "e-mail address", "mail",
    "e-mail-adresse", "adresse de courriel", "dirección de correo", "indirizzo email", "e-mailadres",
)  # fmt: skip
FIRST = (
    "first name", "firstname", "first_name", "given name", "vorname", "prénom", "nombre", "nome", "voornaam"
)  # fmt: skip
LAST = (
    "last name", "lastname", "last_name", "surname", "family name", "nachname", "nom de famille", "nom",
    "apellido(s)", "apellidos", "cognome", "achternaam",
)  # fmt: skip
WHOLE = (
    "full name", "name", "student name", "vollständiger name", "nom complet", "nombre completo",
    "nome completo", "volledige naam",
)  # fmt: skip
NUMBER = (
    "id number", "idnumber", "id-nummer", "numéro d'identification", "numéro d’identification",
    "número de id", "codice identificativo",
)  # fmt: skip
LOGIN = (
    "username", "user name", "login", "login id", "anmeldename", "nom d'utilisateur", "nom d’utilisateur",
    "nombre de usuario", "gebruikersnaam",
)  # fmt: skip
SECTION = ("section", "sections", "group", "groups", "gruppen", "gruppe", "groupes", "grupos", "class")
EXTENSION = ("extension", "extension days")


@dataclass(frozen=True)
class Origin:
    """A system whose file it is, known by headers that stand in it; by kind, the headers to look for."""

    name: str
    known_by: tuple[Headers, ...]  # of each, one has to be there
    columns: Mapping[str, Headers]


def _with_names(**columns: Headers) -> dict[str, Headers]:
    usual = {
        "name": WHOLE,
        "first_name": FIRST,
        "last_name": LAST,
        "email": EMAIL,
        "section": SECTION,
        "extension": EXTENSION,
    }
    return usual | columns


ORIGINS = (
    Origin(
        "Canvas",
        (("student",), ("id",), ("section", "sis login id", "sis user id")),
        _with_names(
            id=("sis login id", "sis user id", "integration id", "id"), name=("student",), lms_user_id=("id",)
        ),
    ),
    Origin(
        "Blackboard",
        (("username",), ("student id",), LAST),
        _with_names(id=("username",), lms_user_id=("student id",)),
    ),
    Origin(
        "Brightspace",
        (("orgdefinedid",),),
        _with_names(id=("username", "orgdefinedid"), lms_user_id=("orgdefinedid",)),
    ),
    Origin(
        "Gradescope",
        (("sid",), ("email", *FIRST, *WHOLE)),
        _with_names(id=("sid", "email"), lms_user_id=("sid",)),
    ),
    Origin(
        "Moodle",
        (EMAIL, (*FIRST, *WHOLE), (*NUMBER, *LOGIN, *FIRST, "identifier")),
        _with_names(id=(*LOGIN, *NUMBER, *EMAIL), lms_user_id=NUMBER),
    ),
    Origin(
        "",
        (("id", "student", "student id", "student_id", *LOGIN, *NUMBER, *EMAIL),),
        _with_names(
            id=("id", "student_id", "student id", "student", *LOGIN, *NUMBER, *EMAIL),
            lms_user_id=("lms_user_id", "lms user id", "lms id"),
        ),
    ),
)
# nbgrader's own file has these headers: its `id` is the student's, whatever else stands there.
NBGRADERS = ("id", "first_name", "last_name", "email")


@dataclass(frozen=True)
class Columns:
    """Where each kind of column stands: its places by kind, and whose file it is."""

    origin: str
    places: dict[str, int]
    extensions: dict[str, int]  # by assignment; "" is all of them


def find_columns(header: Sequence[str], filled: Sequence[bool], headers: Mapping[str, str]) -> Columns:
    """The columns of a roster.

    Args:
        header: the file's first line.
        filled: which of its columns are not empty throughout.
        headers: by kind, the header that the user names.

    Raises:
        UsageError: no column of ids, two columns of one name, or a named one that is not there.
    """
    names = [plain(name) for name in header]
    by_name = {name: column for column, name in reversed(list(enumerate(names))) if name}
    origin = _origin(by_name)
    places: dict[str, int] = {}
    for kind in KINDS:
        if kind in headers:
            places[kind] = _asked_place(kind, headers[kind], names, header)
            continue
        there = [name for name in (origin.columns.get(kind, ()) if origin else ()) if name in by_name]
        best = next((name for name in there if filled[by_name[name]]), there[0] if there else None)
        if best is not None:
            _require_single(best, names, header)
            places[kind] = by_name[best]
    if "id" not in places:
        raise UsageError.say(
            "no column says who is who. It has: {headers}. Name the one of the ids: --column id=HEADER",
            headers=_quoted_headers(header),
        )
    extensions = {"": places.pop("extension")} if "extension" in places else {}
    for column, name in enumerate(names):
        kind, _, assignment = name.partition(" ")
        if kind == "extension" and assignment and name not in EXTENSION:
            extensions[" ".join(header[column].split()).partition(" ")[2]] = column
    return Columns(origin.name if origin else "", places, extensions)


def origin_of(header: Sequence[str]) -> str:
    """Whose file has this first line; empty where it is nobody's."""
    origin = _origin({plain(name): column for column, name in enumerate(header)})
    return origin.name if origin else ""


def _origin(by_name: Mapping[str, int]) -> Origin | None:
    if all(name in by_name for name in NBGRADERS):
        return ORIGINS[-1]
    for origin in ORIGINS:
        if all(any(name in by_name for name in names) for names in origin.known_by):
            return origin
    return None


def _asked_place(kind: str, named: str, names: Sequence[str], header: Sequence[str]) -> int:
    if plain(named) not in names:
        raise UsageError.say(
            "--column {kind}={named}: there is no such column. It has: {headers}.",
            kind=kind,
            named=named,
            headers=_quoted_headers(header),
        )
    _require_single(plain(named), names, header)
    return names.index(plain(named))


def _require_single(name: str, names: Sequence[str], header: Sequence[str]) -> None:
    if names.count(name) > 1:
        raise UsageError.say(
            "two columns are named {header!r}: remove one.", header=header[names.index(name)].strip()
        )


def _quoted_headers(header: Sequence[str]) -> str:
    return ", ".join(repr(name.strip()) for name in header if name.strip()) or "–"


def plain(name: str) -> str:
    """A header as headers are compared: in small letters, without blanks around it."""
    return " ".join(name.split()).casefold()
