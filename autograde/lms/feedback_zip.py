"""Feedback pages in a zip that a learning system hands back, each named as the submission was in its download.

Moodle finds the student by the number in that name, Canvas by two: the user's and the file's.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from autograde.files import put, zip_bytes
from autograde.people.whose import Sent

FOLDERS = "folders"


def write_zip(
    out: Path,
    form: str,
    assignment: str,
    pages: Iterable[tuple[str, Path]],
    sent: Mapping[str, Sent],
    senders: Mapping[str, str],
) -> tuple[int, list[str]]:
    """Write a zip of pages.

    Args:
        form: moodle, canvas, or folders for STUDENT/ASSIGNMENT/NOTEBOOK.html.
        pages: each with its student.
        sent: what was collected, by student.
        senders: Moodle's names for students who sent nothing themselves, as "Ada Byron_2300".

    Returns:
        How many pages are in it, and the students whose pages are not.

    Raises:
        OSError: it cannot be written.
    """
    names = [
        (student, page, _name(form, assignment, student, page, sent.get(student), senders.get(student)))
        for student, page in pages
    ]
    # A submission that was given to two students, one after the other: neither may get the other's page.
    uses = Counter(name for *_, name in names)
    packed = {name: page.read_bytes() for _, page, name in names if name and uses[name] == 1}
    put(out, zip_bytes(packed), 0o600)
    return len(packed), sorted({student for student, _, name in names if name not in packed})


def _name(form: str, assignment: str, student: str, page: Path, sent: Sent | None, sender: str | None) -> str:
    """A page's name in the zip; empty where the system's is not known."""
    if form == FOLDERS:
        return f"{student}/{assignment}/{page.name}"
    if sent is not None and sent.system.casefold() == form:
        for path, notebook in sent.files.items():
            if notebook == f"{page.stem}.ipynb":
                name = str(PurePosixPath(path).with_suffix(".html"))
                return name if name.isprintable() else ""  # a zip takes no other
    elif sent is None and sender and form == "moodle":
        return f"{sender}_assignsubmission_file_/{page.name}"
    return ""
