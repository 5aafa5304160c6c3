"""`autograde site`: what it refuses, and that a folder is a whole site or what it was."""

import hashlib
import json
import subprocess
import sys
from zipfile import ZipFile

import pytest
from static_site import pyodide_here
from typer.testing import CliRunner

from autograde.cli import app
from autograde.site.lessons import lessons
from autograde.site.pyodide import in_folder
from autograde.site.wheels import PACKAGES, wheel_of

ENDS = ("descentlab", "numpy", "matplotlib")


def site(*arguments):
    """The exit status of the command, and the line it ends with."""
    ended = CliRunner().invoke(app, ["site", *map(str, arguments)])
    return ended.exit_code, ended.output.strip()


@pytest.fixture
def packages(tmp_path):
    return pyodide_here.empty_packages(tmp_path / "pyodide")


def test_a_folder_of_other_files_is_left_alone(tmp_path, packages):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("mine")
    status, said = site(tmp_path / "thesis", "--pyodide", packages)
    assert (status, "holds files that are no site" in said) == (2, True)
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter.tex"]


def test_a_file_is_no_folder(tmp_path, packages):
    (tmp_path / "site").write_text("")
    assert site(tmp_path / "site", "--pyodide", packages)[0] == 2


@pytest.mark.parametrize("name", ["pyodide.asm.wasm", "numpy-1-py3-none-any.whl"])
def test_a_pyodide_that_is_not_whole_is_refused_by_the_missing_files_name(tmp_path, packages, name):
    (packages / name).unlink()
    status, said = site(tmp_path / "site", "--pyodide", packages)
    assert (status, name in said.replace("\n", ""), (tmp_path / "site").exists()) == (2, True, False)


def test_a_package_that_is_not_the_lock_files_is_refused(tmp_path, packages):
    (packages / "numpy-1-py3-none-any.whl").write_text("another")
    status, said = site(tmp_path / "site", "--pyodide", packages)
    assert (status, "numpy-1-py3-none-any.whl is not the file" in said) == (2, True)


@pytest.mark.parametrize("text", ["", "[]", '{"packages": []}', '{"packages": {}}', "\udcff"])
def test_a_lock_file_that_is_none_is_one_line(tmp_path, packages, text):
    (packages / "pyodide-lock.json").write_text(text, errors="surrogateescape")
    status, said = site(tmp_path / "site", "--pyodide", packages)
    assert (status, len(said.splitlines()), "pyodide-lock.json" in said) == (2, 1, True)


def test_an_address_where_nothing_answers_is_one_line_that_names_the_other_way(tmp_path):
    status, said = site(tmp_path / "site", "--pyodide", "http://127.0.0.1:9/")
    assert (status, "--pyodide FOLDER" in said, (tmp_path / "site").exists()) == (2, True, False)


def test_a_site_takes_an_earlier_ones_place_whole(tmp_path, packages):
    for _ in range(2):
        assert site(tmp_path / "site", "--pyodide", packages)[0] == 0
        (tmp_path / "site" / "left").write_text("of the earlier one")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pyodide", "site"]
    page = (tmp_path / "site" / "index.html").read_text()
    assert all(lesson.path in page for lesson in lessons())


def test_the_sites_lock_file_names_each_wheel_by_its_digest(tmp_path, packages):
    assert site(tmp_path / "site", "--pyodide", packages)[0] == 0
    lock = json.loads((tmp_path / "site" / "pyodide" / "pyodide-lock.json").read_bytes())
    for row in lock["packages"].values():
        data = (tmp_path / "site" / "pyodide" / row["file_name"]).read_bytes()
        assert hashlib.sha256(data).hexdigest() == row["sha256"]
    assert set(ENDS) <= set(lock["packages"])


def test_lessons_ask_for_the_sites_only_kernel():
    assert {lesson.notebook["metadata"]["kernelspec"]["name"] for lesson in lessons()} == {"python"}


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_a_wheel_is_the_same_each_time_and_holds_python_alone(package, tmp_path):
    wheel = wheel_of(package)
    assert wheel.data == wheel_of(package).data
    (tmp_path / wheel.file_name).write_bytes(wheel.data)
    with ZipFile(tmp_path / wheel.file_name) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert not [name for name in names if name.endswith((".so", ".pyd", ".pyc"))]
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == set(package.modules)


def test_only_what_the_lessons_need_is_copied(packages):
    lock = json.loads((packages / "pyodide-lock.json").read_bytes())
    lock["packages"]["scipy"] = {"name": "scipy", "file_name": "s.whl", "sha256": "", "depends": []}
    (packages / "pyodide-lock.json").write_text(json.dumps(lock))
    assert "s.whl" not in [path.name for path in in_folder(packages).files]


def test_the_command_needs_nothing_of_a_teachers(tmp_path, packages):
    """Whoever builds a site installs no nbgrader."""
    blocked = "import sys; sys.modules['nbgrader'] = None\nfrom autograde.site.build import build\n"
    out = str(tmp_path / "site")
    program = f"{blocked}from pathlib import Path; build(Path({out!r}), {str(packages)!r})"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
