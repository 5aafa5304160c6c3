"""How learning management systems name the columns of their lists of students."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograde.errors import UsageError

# What a roster's column can be. `name` is a whole name in one cell.
KINDS = ("id", "name", "first_name", "last_name", "email", "lms_user_id", "login", "section", "extension")
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
    """A system: the headers that give its files away, and the headers to look for by kind."""

    name: str
    known_by: tuple[Headers, ...]  # one of each
    columns: Mapping[str, Headers]


def _with_names(**columns: Headers) -> dict[str, Headers]:
    usual = {
        "name": WHOLE,
        "first_name": FIRST,
        "last_name": LAST,
        "email": EMAIL,
        "login": ("sis login id", *LOGIN),
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
    """A file's system, and the places of its columns by kind."""

    origin: str
    places: dict[str, int]
    extensions: dict[str, int]  # by assignment; "" is all of them


def columns_asked(words: Sequence[str]) -> dict[str, str]:
    """The headers in `--column KIND=HEADER`, by kind.

    Raises:
        UsageError: another form, or no such kind.
    """
    headers = {}
    for word in words:
        kind, equals, header = word.partition("=")
        if not equals or not header.strip() or kind not in KINDS:
            raise UsageError(f"--column {word}: write KIND=HEADER; KIND is one of {', '.join(KINDS)}.")
        headers[kind] = header
    return headers


def find_columns(header: Sequence[str], filled: Sequence[bool], headers: Mapping[str, str]) -> Columns:
    """The columns of a roster.

    Args:
        header: the file's first line.
        filled: which of its columns are not empty.
        headers: by kind, the header that the user names.

    Raises:
        UsageError: no column of ids, two columns of one name, or a missing one.
    """
    names = [plain(name) for name in header]
    by_name = {name: column for column, name in reversed(list(enumerate(names))) if name}
    origin = _origin(by_name)
    places: dict[str, int] = {}
    for kind in KINDS:
        if kind in headers:
            if plain(headers[kind]) not in names:
                columns = _quoted_headers(header)
                raise UsageError(f"--column {kind}={headers[kind]}: no such column. Columns: {columns}.")
            places[kind] = _place(plain(headers[kind]), names, header)
            continue
        there = [name for name in (origin.columns.get(kind, ()) if origin else ()) if name in by_name]
        best = next((name for name in there if filled[by_name[name]]), there[0] if there else None)
        if best is not None:
            places[kind] = _place(best, names, header)
    if "id" not in places:
        raise UsageError(
            f"no column of ids. Columns: {_quoted_headers(header)}. Name the one with the ids: "
            "--column id=HEADER"
        )
    extensions = {"": places.pop("extension")} if "extension" in places else {}
    for column, name in enumerate(names):
        kind, _, assignment = name.partition(" ")
        if kind == "extension" and assignment and name not in EXTENSION:
            extensions[" ".join(header[column].split()).partition(" ")[2]] = column
    return Columns(origin.name if origin else "", places, extensions)


def origin_of(header: Sequence[str]) -> str:
    """The system whose file has this first line; empty where it is unknown."""
    origin = _origin({plain(name): column for column, name in enumerate(header)})
    return origin.name if origin else ""


def _origin(by_name: Mapping[str, int]) -> Origin | None:
    if all(name in by_name for name in NBGRADERS):
        return ORIGINS[-1]
    for origin in ORIGINS:
        if all(any(name in by_name for name in names) for names in origin.known_by):
            return origin
    return None


def _place(name: str, names: Sequence[str], header: Sequence[str]) -> int:
    if names.count(name) > 1:
        raise UsageError(f"two columns are named {header[names.index(name)].strip()!r}: remove one.")
    return names.index(name)


def _quoted_headers(header: Sequence[str]) -> str:
    return ", ".join(repr(name.strip()) for name in header if name.strip()) or "–"


def plain(name: str) -> str:
    """A header in small letters and single blanks, for comparing."""
    return " ".join(name.split()).casefold()
