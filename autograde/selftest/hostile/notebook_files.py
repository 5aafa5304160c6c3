"""B and C. Notebooks and folders that are attacks themselves, handed in among a class."""

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from autograde.selftest.hostile.attack import LEFT_OUT, AnyAttack, AttackSubmission, Elsewhere, NotCovered
from autograde.selftest.hostile.attacked_class import NOTEBOOK, POINTS

MALFORMED = frozenset({"malformed"})
FULL = POINTS


def _bytes(data: bytes) -> Callable[[Path, Path], None]:
    return lambda folder, model: (folder / NOTEBOOK).write_bytes(data) and None


def _text(build: Callable[[], str]) -> Callable[[Path, Path], None]:
    return lambda folder, model: (folder / NOTEBOOK).write_text(build()) and None


def _changed(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path, Path], None]:
    """The honest notebook with something done to its JSON."""

    def make(folder: Path, model: Path) -> None:
        document = json.loads(model.read_text())
        document = change(document) or document
        (folder / NOTEBOOK).write_text(json.dumps(document))

    return make


def _check(document: dict) -> dict:
    return next(
        c for c in document["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "check-sgd"
    )


def _wrong(document: dict) -> None:
    for cell in document["cells"]:
        cell["source"] = "".join(cell["source"]).replace("-=", "+=")


def _all(*changes: Callable[[dict], Any]) -> Callable[[dict], None]:
    def change(document: dict) -> None:
        for step in changes:
            step(document)

    return change


def _in_place_of(make: Callable[[Path], Any]) -> Callable[[Path, Path], None]:
    """Something else than a regular file where the notebook should be."""
    return lambda folder, model: make(folder / NOTEBOOK) and None


def _with_files(make: Callable[[Path], Any]) -> Callable[[Path, Path], None]:
    """The honest notebook, with something next to it."""

    def write(folder: Path, model: Path) -> None:
        (folder / NOTEBOOK).write_bytes(model.read_bytes())
        make(folder)

    return write


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(2**40)


def _socket(path: Path) -> None:
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(f"/proc/self/fd/{folder}/{path.name}")  # which has 107 bytes at most
    finally:
        os.close(folder)


def _deep(folder: Path) -> None:
    at = os.open(folder, os.O_RDONLY)
    for _ in range(300):
        os.mkdir("d", dir_fd=at)
        deeper = os.open("d", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = deeper
    os.close(at)


def _many(folder: Path) -> None:
    for number in range(1500):
        (folder / f"{number}.txt").touch()


def _shadowing(folder: Path) -> None:
    names = "numpy.py random.py json.py nbformat.py sitecustomize.py usercustomize.py conftest.py x.pth"
    for name in f"{names} ipython_config.py nbgrader_config.py".split():
        (folder / name).write_text("raise SystemExit('taken from the submission')\n")
    (folder / ".ipython").mkdir()


def _cell(**fields: Any) -> Callable[[dict], None]:
    return lambda document: document["cells"].append(
        {"cell_type": "code", "metadata": {}, "source": "1"} | fields
    )


def _set(*path: str | int, value: Any) -> Callable[[dict], None]:
    def change(document: dict) -> None:
        at: Any = document
        for key in path[:-1]:
            at = at[key]
        at[path[-1]] = value

    return change


def _b(name: str, make: Callable[[Path, Path], None]) -> AttackSubmission:
    """One that nobody can grade."""
    return AttackSubmission(name, make, flags=MALFORMED)


def _graded(name: str, change: Callable[[dict], Any], score: float, *flags: str) -> AttackSubmission:
    """One that is graded after repair."""
    return AttackSubmission(name, _changed(change), "graded", score, frozenset(flags))


def _named(name: str, file: str) -> AttackSubmission:
    return AttackSubmission(
        name, lambda folder, model: (folder / file).write_bytes(model.read_bytes()) and None,
        flags=frozenset({"missing-notebook"}),
    )  # fmt: skip


def _move_check_first(document: dict) -> None:
    check = _check(document)
    document["cells"].remove(check)
    document["cells"].insert(0, check)


ATTACKS: tuple[AnyAttack, ...] = (
    _graded(
        "a check that prints its own score",
        _all(_wrong, lambda d: _check(d).update(source='check("sgd/update", SGD, points=5)\n5.0')),
        0.0,
        "altered-cells",
    ),
    _b("a file beyond the limit", _in_place_of(lambda path: path.write_bytes(b" " * 21_000_000))),
    _b("a million cells", _text(lambda: '{"nbformat":4,"cells":[' + "{}," * 10**6 + "{}]}")),
    _b("nested a hundred thousand deep", _bytes(b"[" * 10**5)),
    _b("nested metadata", _text(lambda: '{"nbformat":4,"cells":[],"metadata":' + '{"a":' * 9999 + "1" + "}" * 10000)),
    _b("NaN and Infinity", _bytes(b'{"nbformat":4,"cells":[],"a":NaN}')),
    _b("a key twice", _bytes(b'{"nbformat":4,"cells":[],"cells":[1]}')),
    _b("not UTF-8", _bytes(b'{"nbformat":4,"cells":["\xff\xfe"]}')),
    _b("UTF-16", _bytes('{"nbformat":4,"cells":[]}'.encode("utf-16"))),
    _graded("lone surrogates and NUL in a cell", _cell(source="# \ud800 \x00 \u202e"), FULL, "died"),
    *(_b(f"nbformat {value!r}", _changed(_set("nbformat", value=value))) for value in (3, 5, "4", 4.99, None)),
    *(_b(f"top level {text}", _bytes(text.encode())) for text in ("[]", "null", "5", '"x"')),
    _b("cells that are numbers", _changed(_set("cells", value=[1, 2]))),
    _b("a source that is a number", _changed(_set("cells", 0, "source", value=5))),
    _graded("outputs that are a text", _set("cells", 0, "outputs", value="x"), FULL),
    _graded("cell ids: twice, huge, none", _all(
        _set("cells", 0, "id", value="x" * 10**6), _set("cells", 1, "id", value="check"),
        lambda document: document["cells"][3].pop("id"),
    ), FULL),
    AttackSubmission("grade_ids swapped", _changed(_all(
        _set("cells", 1, "metadata", "nbgrader", "grade_id", value="check-sgd"),
        _set("cells", 2, "metadata", "nbgrader", "grade_id", value="sgd"),
    )), flags=frozenset({"duplicate-ids"})),
    *(_graded(f"points {points}", _all(
        _wrong, lambda d, points=points: _check(d)["metadata"]["nbgrader"].update(points=points)), 0.0, "altered-cells")
      for points in (500, -5, 1e308)),
    _graded("a graded cell of one's own", _all(_wrong, _cell(source="5.0", metadata={"nbgrader": {
        "grade": True, "grade_id": "mine", "points": 50, "locked": True, "schema_version": 3, "solution": False}})), 0.0),
    _graded("the check deleted", _all(_wrong, lambda d: d["cells"].remove(_check(d))), 0.0, "altered-cells"),
    _graded("the check before the answer", _move_check_first, 0.0),
    AttackSubmission("the check copied", _changed(lambda d: d["cells"].append(dict(_check(d)))),
               flags=frozenset({"duplicate-ids"})),
    _graded("the check turned into text", _all(_wrong, lambda d: _check(d).update(cell_type="markdown")), 0.0,
            "altered-cells"),
    _graded("the check edited", _all(_wrong, lambda d: _check(d).update(source="5.0")), 0.0, "altered-cells"),
    _graded("the check split in two", _all(_wrong, lambda d: _check(d).update(source="check("), _cell(source="5.0")),
            0.0, "altered-cells"),
    *(_graded(f"a kernel named {name!r}", _set("metadata", "kernelspec", value={"name": name}), FULL)
      for name in ("bash", "no-such-kernel", "../../x", 5)),
    _graded("language and extension", _set("metadata", "language_info", value={
        "name": "sh", "file_extension": "/../../x.sh", "nbconvert_exporter": "os.system"}), FULL),
    _graded("metadata with paths, templates, widgets", _set("metadata", value={
        "title": "{{ 7*7 }}<script>alert(1)</script>", "celltoolbar": "../x", "widgets": {"a": "b" * 10**5}}), FULL),
    _graded("attachments", _set("cells", 3, "attachments", value={"x.png": {"image/png": "A" * 10**6}}), FULL),
    _graded("a forged checksum", _all(_wrong, lambda d: _check(d)["metadata"]["nbgrader"].update(checksum="0")), 0.0),
    _graded("tags and schema versions", _all(
        lambda d: _check(d)["metadata"].update(tags=["remove-cell", "skip-execution"]),
        lambda d: _check(d)["metadata"]["nbgrader"].update(schema_version=99)), FULL),
    _b("a number of ten million digits", _text(lambda: '{"nbformat":4,"cells":[],"a":' + "9" * 10**7 + "}")),
    _b("a number beyond every float", _bytes(b'{"nbformat":4,"cells":[],"a":1e999999}')),
    *(_named(f"a name {name!r}", name) for name in (
        "HW.ipynb", "hw.ipynb ", "hw.ipynb.", "-rf", "hw\n.ipynb", "hw;x.ipynb", "\u202ehw.ipynb", "w" * 240)),
    AttackSubmission("two notebooks of nearly one name", _with_files(
        lambda folder: (folder / "Hw.ipynb").write_bytes(b"{}")), "graded", FULL),
    _b("a link to a file of the machine", _in_place_of(lambda path: path.symlink_to("/etc/passwd"))),
    _b("a link to a classmate's work", _in_place_of(
        lambda path: path.symlink_to(path.parents[2] / "a-honest" / "hw" / NOTEBOOK))),
    NotCovered("a link swapped in while the file is copied",
               "nothing is copied by name: the file is opened once, without following links, and read from there"),
    NotCovered("a hard link to another's file",
               "a collector's matter: such a link needs write access where submissions are kept"),
    _b("a pipe that blocks the reader", _in_place_of(os.mkfifo)),
    _b("a socket", _in_place_of(_socket)),
    _b("a sparse file of a terabyte", _in_place_of(_sparse)),
    AttackSubmission("very many files next to it", _with_files(_many), flags=MALFORMED),
    AttackSubmission("deep folders next to it", _with_files(_deep), "graded", FULL),
    NotCovered("zip and tar files", "the grader opens no archives; what a collector unpacks is its own matter"),
    _b("a folder in place of the notebook, closed", _in_place_of(lambda path: path.mkdir(mode=0))),
    AttackSubmission("names that are options", _with_files(lambda folder: (folder / "--force").touch()), "graded", FULL),
    AttackSubmission("modules and settings that shadow the grader's", _with_files(_shadowing), "graded", FULL),
    AttackSubmission("a page next to it", _with_files(
        lambda folder: (folder / "hw.html").write_text("<script>alert(1)</script>")), "graded", FULL),
    AttackSubmission("a forged time of submission", _with_files(
        lambda folder: (folder / "timestamp.txt").write_text("9" * 500)), "graded", FULL),
    AttackSubmission("a student's id with wildcards", _with_files(lambda folder: None), "graded", FULL,
               student="x OR 1=1 --%_"),
    AttackSubmission("a student's id with an apostrophe", _with_files(lambda folder: None), "graded", FULL,
               student="x' OR 1=1 --"),
    AttackSubmission("a student's id with quotes", _with_files(lambda folder: None), LEFT_OUT, student='x" OR 1=1'),
    AttackSubmission("a student's id with markup", _with_files(lambda folder: None), LEFT_OUT, student="<b>x"),
    AttackSubmission("a student's id that is an option", _with_files(lambda folder: None), LEFT_OUT, student="--force"),
    AttackSubmission("a student's id with a line break", _with_files(lambda folder: None), LEFT_OUT, student="x\ny"),
    Elsewhere("replaced while it is graded",
              "tests/grading/test_grade_class.py::test_a_submission_replaced_while_graded_is_noticed"),
    Elsewhere("two graders at once", "tests/grading/test_grade_class.py::test_beside_a_grader_nobody_grades_or_releases"),
    Elsewhere("the grader ended at any point",
              "tests/grading/test_boundaries.py::"
              "test_a_command_that_was_killed_ends_as_if_undisturbed_when_run_again"),
)  # fmt: skip
