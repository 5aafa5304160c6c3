"""What is allowed is listed, in one place each: descentlab's modules, distributions, folders."""

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Mapping
from contextlib import closing
from fnmatch import fnmatch
from importlib.metadata import PathDistribution, distributions
from pathlib import Path, PurePath
from unittest.mock import Mock

import pytest
from packaging.requirements import Requirement
from support import ROOT

from autograde.sandbox import SandboxError, staging
from autograde.sandbox.allowed import (
    MOST_SINGLY,
    SHARED_LIBRARY,
    Allowed,
    _Layout,
    _requirements,
    allowed,
    entries,
    imported,
    needed,
)
from autograde.sandbox.inside.confinement import _entries
from autograde.sandbox.inside.traces import Proof
from autograde.sandbox.program import inside
from autograde.sandbox.staging import Stage, allowed_files, box_files
from descentlab.registry import EARLIER
from verdicts.courses import BoxFiles

PACKAGE, ENGINE = ROOT / "src/descentlab", ROOT / "src/verdicts"
WITHHELD = {
    ENGINE: ("comparing", "judging", "diagnosis", "repair"),
    PACKAGE: ("rule_diagnosis", "explorers", "exercises/*/withheld/*", "exercises/*/c*.*", "rules/*.py"),
}
"""What the box of an assignment without checks lacks; rules are those that a solution is given."""
# Of the package, but nothing that a lesson uses.
NOT_USED = {"py.typed", "models/data/README.md"}
NOTHING = box_files(["sgd/none-of-this-name"])


def listed(package: Path = PACKAGE, given: Mapping[str, BoxFiles] = NOTHING) -> set[str]:
    return {file.as_posix() for file in allowed_files(package, given[package.name])}


@pytest.mark.parametrize("package", WITHHELD)
def test_every_file_of_the_engine_and_the_course_is_allowed_or_withheld(package):
    """What a box holds is a list of folders: a new folder is in none until the course or staging.py names it."""
    files = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    withheld = {
        file
        for file in files
        for pattern in WITHHELD[package]
        if PurePath(file).match(pattern) or file.startswith(f"{pattern}/")
    }
    always = (files - withheld) | (files & {"rules/__init__.py", "rules/inputs.py"})
    given = listed(package) - {f"rules/{name.lower()}.py" for name in EARLIER}
    assert always - NOT_USED == given


def test_the_contract_on_imports_covers_every_module_that_a_box_holds():
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (covered,) = (one["source_modules"] for one in contracts if one["name"].startswith("what a box holds"))
    given = box_files(None)
    modules = {
        ".".join((package.name, *PurePath(file).with_suffix("").parts))
        for package in (ENGINE, PACKAGE)
        for file in listed(package, given)
        if file.endswith(".py") and not file.endswith("__init__.py")  # which would stand for its whole folder
    }
    left = {one for one in modules if not any(fnmatch(f"{one}.", f"{name}.*") for name in covered)}
    assert left == {"descentlab.rules.inputs"}, "of a package that no other may import"


def test_what_is_expected_in_an_exercise_and_what_is_known_to_be_wrong_is_withheld():
    exercises = [path.relative_to(PACKAGE).as_posix() for path in PACKAGE.glob("exercises/*/**/*.[pm]*")]
    assert len(exercises) > 25
    assert "exercises/adam/withheld/mistakes.md" in exercises
    given = listed(given=box_files(None, for_solution=True))
    for file in exercises:
        assert (file in given) == ("/withheld/" not in file), file


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_stage_that_is_not_finished_leaves_nothing(tmp_path, monkeypatch, fault):
    monkeypatch.setattr(staging.tempfile, "gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr(staging, "bare", Mock(side_effect=fault))
    with pytest.raises((SandboxError, KeyboardInterrupt)):
        Stage()
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_staged_only_if_it_is_in_a_folder_that_is_listed(tmp_path, monkeypatch):
    package = tmp_path / "descentlab"
    shutil.copytree(PACKAGE, package)
    for folder in ("new", "rules", "exercises/withheld", "exercises/adam/withheld", "rule_diagnosis/new"):
        (package / folder).mkdir(exist_ok=True)
        (package / folder / "new.py").write_text("SECRET = 1\n")
    installed = staging.package_folder
    monkeypatch.setattr(
        staging, "package_folder", lambda name: package if name == "descentlab" else installed(name)
    )
    with closing(Stage()) as stage:
        staged = stage.folder / "site/descentlab"
        files = {path for path in staged.rglob("*") if path.is_file() and path.suffix != ".pyc"}
        real = {path for path in files if b"stand_ins(" not in path.read_bytes()}
        assert {path.relative_to(staged).as_posix() for path in real} == listed(given=stage.box_files)
        assert all(b"SECRET" not in path.read_bytes() for path in files)


@pytest.mark.parametrize("extras", [(), ("test",), ("all", "dev"), ("socks", "Complete")])
def test_requirements_are_those_that_the_standard_library_and_packaging_find(extras):
    counted = 0
    for dist in distributions():
        lines = [Requirement(text) for text in dist.requires or []]
        wanted = [
            str(line)
            for line in lines
            if line.marker is None or any(line.marker.evaluate({"extra": one}) for one in ("", *extras))
        ]
        assert list(map(str, _requirements(dist, frozenset(extras)))) == wanted, dist.name
        counted += len(wanted)
    assert counted > 100


def test_a_requirement_that_counts_with_an_extra_or_otherwise_is_not_left_out(tmp_path):
    folder = tmp_path / "some-1.0.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: some\nVersion: 1.0\n"
        "Requires-Dist: one ; extra == 'speed' or python_version >= '3'\n"
        "Requires-Dist: two ; extra == 'Speed_Up'\n"
        "Requires-Dist: three ;\n python_version >= '3'\n"
        "\n"
        "Requires-Dist: four\n"
    )
    some = PathDistribution(folder)
    assert [line.name for line in _requirements(some, frozenset())] == ["one", "three"]
    assert [line.name for line in _requirements(some, frozenset({"speed-up"}))] == ["one", "two", "three"]


def test_distributions_are_what_runs_cells_and_what_descentlab_requires():
    names = {found.name.lower().replace("_", "-") for found in needed(())}
    assert {"ipykernel", "ipython", "nbclient", "nbformat", "numpy", "matplotlib", "pillow"} <= names
    assert {"ipywidgets", "anywidget", "traitlets", "pyzmq"} <= names
    assert not names & {"descentlab", "nbgrader", "sqlalchemy", "pip", "pytest", "jupyterlab", "distributed"}


def test_what_a_solution_imports_is_found_by_its_name_and_nothing_of_this_project_is():
    assert imported({"numpy", "os", "descentlab", "autograde", "a_helper_beside_the_notebook"}) == []
    assert imported({"yaml", "numpy"}) == ["pyyaml"]


@pytest.mark.parametrize(
    ("name", "said"), [("not-there-1", "is not installed"), ("descentlab", "a part of descentlab")]
)
def test_an_odd_name_on_the_course_s_list_is_refused_in_one_line(name, said):
    with pytest.raises(SandboxError, match=said) as refused:
        allowed((name,))
    assert "\n" not in str(refused.value)
    assert "Sandbox.packages" in str(refused.value)


def about(site: Path, name: str, **files: str) -> PathDistribution:
    folder = site / f"{name}-1.dist-info"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
    for file, text in files.items():
        (folder / file.replace("_txt", ".txt")).write_text(text)
    return PathDistribution(folder)


def test_of_a_distribution_its_own_files_are_taken_and_of_shared_folders_only_those(tmp_path):
    tmp_path /= "site"
    record = (
        'one/__init__.py,,\n"one/a,b.py",,\none/deep/data.bin,,\nshared/mine/__init__.py,,\n'
        "shared/mine/x.py,,\nlone.py,,\n__pycache__/lone.cpython-311.pyc,,\none.libs/libx.so.1,,\n"
        "../one-script,,\n/etc/one,,\none.pth,,\n__editable___one.py,,\ngone.py,,\none-1.dist-info/RECORD,,\n"
    )
    for file in (
        "one/__init__.py",
        "shared/mine/__init__.py",
        "shared/theirs.py",
        "lone.py",
        "one.libs/libx.so.1",
        "../one-script",
    ):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    site, names = entries(about(tmp_path, "one", RECORD=record))
    assert (site, names) == (tmp_path, ["lone.py", "one", "one-1.dist-info", "one.libs", "shared/mine"])


@pytest.mark.parametrize("said", [{}, {"top_level_txt": "two\n"}, {"RECORD": "two-1.dist-info/RECORD,,\n"}])
def test_without_a_record_the_import_package_is_taken(tmp_path, said):
    (tmp_path / "two").mkdir()
    (tmp_path / "two/__init__.py").touch()
    assert entries(about(tmp_path, "two", **said)) == (tmp_path, ["two"])


def test_a_distribution_of_which_nothing_is_known_is_refused_in_one_line(tmp_path):
    with pytest.raises(SandboxError, match=r"which files three has is not said.*again with pip"):
        entries(about(tmp_path, "three"))


def test_a_distribution_in_an_archive_is_refused_in_one_line(tmp_path):
    archive = tmp_path / "four.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("four-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: four\nVersion: 1\n")
    with pytest.raises(SandboxError, match=r"four lies in .*four.zip, which is not a folder"):
        entries(PathDistribution(zipfile.Path(archive, "four-1.dist-info/")))


def allowed_with(*added: Path | tuple[Path, tuple[str, ...]]) -> Allowed:
    """What is allowed where these are added: paths, or a path and the names in it."""
    layout = _Layout()
    for one in added:
        layout.add(*one) if isinstance(one, tuple) else layout.add(one)
    return layout.as_allowed(())


def test_a_link_is_made_again_and_its_folder_shown_once(tmp_path):
    (tmp_path / "lib/numpy").mkdir(parents=True)
    (tmp_path / "lib64").symlink_to("lib")
    found = allowed_with(tmp_path / "lib64/numpy", tmp_path / "lib/numpy")
    assert list(found.readable) == [tmp_path / "lib/numpy"]
    assert found.links[tmp_path / "lib64"] == "lib"


def test_a_link_that_climbs_to_the_root_leads_to_the_same_folder(tmp_path):
    (tmp_path / "numpy").mkdir()
    above = "../" * (len(tmp_path.parts) - 1)
    (tmp_path / "up").symlink_to(f"{above}{str(tmp_path).lstrip('/')}/numpy")
    found = allowed_with(tmp_path / "numpy", tmp_path / "up")
    assert [str(path) for path in found.readable] == [str(tmp_path / "numpy")]
    assert list(found.links) == [tmp_path / "up"]


def test_what_is_hidden_stays_hidden_though_the_folder_above_is_shown(tmp_path):
    for name in ("python/site-packages/numpy", "python/site-packages/theirs", "python/json"):
        (tmp_path / name).mkdir(parents=True)
    python = tmp_path / "python"
    found = allowed_with(
        tmp_path, (python, ("site-packages", "dist-packages")), python / "site-packages/numpy"
    )
    assert found.readable[python] == ("site-packages",)
    assert found.holds(python / "json") == python
    assert found.holds(python / "site-packages/theirs") is None
    assert found.holds(python / "site-packages/numpy/x") == python / "site-packages/numpy"


def test_under_landlock_a_link_beside_what_is_hidden_opens_nothing(tmp_path):
    (tmp_path / "python3.11").mkdir()
    (tmp_path / "libx.so").touch()
    (tmp_path / "python3").symlink_to("python3.11")
    assert _entries(str(tmp_path), {"python3.11"}) == [f"{tmp_path}/libx.so"]


def test_no_box_shows_a_default_exchange_or_other_people_s_folders():
    from nbgrader.exchange.default.exchange import Exchange

    for path in ("/usr/local/share/x", "/usr/share/x", "/home/x", "/srv/x", "/root/x", "/opt/x", "/var/x"):
        assert allowed().holds(Path(path)) is None
    for path in (Exchange.root.default_value, sys.prefix, f"{sys.prefix}/share", f"{sys.base_prefix}/lib/x"):
        assert allowed().holds(Path(path)) is None


def search(tmp_path: Path, **wanted) -> list[tuple[str, str]]:
    nothing = {"digests": {}, "folders": [], "paths": {}}
    return list(Proof(nothing | wanted).exposed([str(tmp_path)]))


def test_the_search_finds_a_folder_by_its_identity_and_a_file_by_its_content_in_archives_too(tmp_path):
    shown, course, copy = tmp_path / "shown", tmp_path / "shown/course", tmp_path / "copy"
    course.mkdir(parents=True)
    copy.mkdir()
    shutil.copy(PACKAGE / "rules/adam.py", copy / "x.txt")
    shutil.copy(PACKAGE / "rules/adam.py", shown / "x.txt")
    for kind in ("zip", "gztar"):
        shutil.make_archive(str(shown / "y"), kind, copy)
    for name in ("descentlab-1-py3-none-any.whl", "descentlab-1.tar.gz"):  # names say nothing
        (shown / name).write_text("no archive")
    (shown / "autograde/descentlab/rules").mkdir(parents=True)
    looked_for = json.loads(staging.search_list([PACKAGE], tmp_path / "none", {"the course": course}))
    found = course.stat()
    assert looked_for["folders"] == [[found.st_dev, found.st_ino, "the course"]]
    looked_for["paths"] = {}
    adam = "descentlab/rules/adam.py"
    assert {os.path.relpath(path, shown): what for path, what in search(shown, **looked_for)} == {
        "course": "the course",
        "x.txt": adam,
        "y.zip": adam,
        "y.tar.gz": adam,
    }


def test_the_search_looks_for_every_withheld_module_and_for_all_of_the_grader(tmp_path):
    with closing(Stage()) as stage:
        looked_for = json.loads(staging.search_list(WITHHELD, stage.folder / "site", {}))
    names = {name for known in looked_for["digests"].values() for name in known.values()}
    rooms = [PACKAGE / "rules", PACKAGE / "rule_diagnosis", PACKAGE / "explorers"]
    for room in (*rooms, *(ENGINE / name for name in WITHHELD[ENGINE])):
        large = [path for path in room.rglob("*.py") if path.stat().st_size >= staging.LEAST_BYTES]
        assert large
        assert {path.relative_to(PACKAGE.parent).as_posix() for path in large} <= names
    texts = list((PACKAGE / "exercises").rglob("*.md"))
    assert {f"descentlab/{path.relative_to(PACKAGE).as_posix()}" for path in texts} <= names
    assert len(texts) >= 20
    assert {"autograde/pipeline/judge.py", "autograde/sandbox/box.py"} <= names
    assert not {name for name in names if name.startswith("autograde/sandbox/inside")}


def test_the_search_tries_each_withheld_path_itself_and_a_folder_counts_only_if_it_is_the_one(tmp_path):
    """Where nothing can be listed a path that is known may open all the same."""
    empty, course = tmp_path / "empty", tmp_path / "course"
    course.mkdir()
    found = course.stat()
    paths = {str(PACKAGE / "rules/adam.py"): "a rule", str(course): "the course", str(tmp_path): "another"}
    folders = [[found.st_dev, found.st_ino, "the course"]]
    assert search(empty, paths=paths, folders=folders) == [
        (str(PACKAGE / "rules/adam.py"), "a rule"),
        (str(course), "the course"),
    ]


def test_packages_that_lie_where_students_write_are_refused_and_an_environment_in_the_course_is_not(tmp_path):
    shown = Allowed({tmp_path / "course/environment/numpy": ()})
    staging.require_apart(shown, {"the course": tmp_path / "course"})
    with pytest.raises(
        SandboxError, match=r"the submissions, .*, holds .*numpy, which every submission is given"
    ):
        staging.require_apart(shown, {"the submissions": tmp_path / "course"})


LAY_OUT = """
import sys; from pathlib import Path; from autograde.sandbox.allowed import _Layout
layout = _Layout(); [layout.add(Path(name)) for name in sys.argv[1:]]
found = layout.as_allowed(())
print(*found.readable, dict(found.links))
"""


@pytest.mark.needs("bubblewrap")
def test_a_folder_that_is_mounted_at_two_places_is_shown_once(tmp_path):
    for name in ("first/numpy", "second"):
        (tmp_path / name).mkdir(parents=True)
    both = [str(tmp_path / "first"), str(tmp_path / "second")]
    words = ["bwrap", "--dev-bind", "/", "/", "--bind", *both, sys.executable, "-c", LAY_OUT, *both]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True)
    first, second = both
    assert done.stdout == f"{first} {{{Path(second)!r}: {first!r}}}\n", done.stderr


def test_the_search_gives_up_with_a_finding_where_there_is_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr("autograde.sandbox.inside.traces.MOST_SECONDS", -1)
    assert search(tmp_path)[0][1] == "not looked through in time"


def test_of_a_folder_with_hundreds_of_libraries_the_other_folders_are_hidden(tmp_path):
    for number in range(MOST_SINGLY + 1):
        (tmp_path / f"lib{number}.so.1").touch()
    (tmp_path / "python3.11").mkdir()
    (tmp_path / "python3").symlink_to("python3.11")

    def libraries() -> Allowed:
        layout = _Layout()
        layout.add_some(tmp_path, SHARED_LIBRARY)
        return layout.as_allowed(())

    assert libraries().readable == {tmp_path: ("python3.11",)}
    (tmp_path / "lib0.so.1").unlink()
    singly = libraries().readable
    assert len(singly) == MOST_SINGLY
    assert all(path.name.startswith("lib") for path in singly)


@pytest.mark.parametrize(
    ("path", "seen"),
    [("/home/teacher/.venv", "/home/teacher/.venv"), ("/tmp/clone/.venv", "/outside/tmp/clone/.venv")],
)
def test_an_environment_below_tmp_stays_clear_of_the_boxs_own_tmp(path, seen):
    assert inside(path) == seen
