"""`autograde site`: what it refuses, and that a folder is a whole site or what it was."""

import hashlib
import json
import shutil
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from zipfile import ZipFile

import pyodide_here
import pytest
from typer.testing import CliRunner

from autograde.cli import app
from autograde.site import build
from autograde.site.build import KERNEL_SETTINGS, lessons
from autograde.site.pyodide import PACKAGES, Pyodide, find_pyodide, in_folder, wheel_of

ENDS = ("descentlab", "numpy", "matplotlib")


def site(*arguments):
    """The exit status of the command, and the line it ends with."""
    ended = CliRunner().invoke(app, ["site", "--browser-only", *map(str, arguments)])
    return ended.exit_code, ended.output.strip()


def refused(*arguments):
    """What the command says that refuses."""
    status, said = site(*arguments)
    assert status == 2
    return said


def configuration(folder):
    """What the pages of a site read first."""
    return json.loads((folder / "jupyter-lite.json").read_bytes())["jupyter-config-data"]


class Silent(SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


@contextmanager
def served(folder):
    """The address of a folder on a loopback port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=str(folder))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def packages(tmp_path):
    return pyodide_here.empty_packages(tmp_path / "pyodide")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A site, built once."""
    folder = tmp_path_factory.mktemp("built")
    packages = pyodide_here.empty_packages(folder / "pyodide")
    assert site(folder / "site", "--pyodide", packages)[0] == 0
    return folder / "site"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://[bad", "http://[bad/pyodide-lock.json cannot be read"),
        ("http://exa mple/x", "http://exa mple/x/pyodide-lock.json cannot be read"),
        ("http://127.0.0.1:9/", "--pyodide FOLDER"),
    ],
)
def test_an_address_that_is_none_or_where_nothing_answers_is_one_line_that_names_the_other_way(
    tmp_path, address, reason
):
    assert reason in refused(tmp_path / "out", "--pyodide", address)
    assert not (tmp_path / "out").exists()


def test_a_site_that_is_named_by_a_link_is_built_where_the_link_leads_to(tmp_path, packages, monkeypatch):
    for step in ("_write_project", "_add"):
        monkeypatch.setattr(build, step, lambda *_: None)
    monkeypatch.setattr(build, "_run_jupyterlite", lambda project, fresh: fresh.mkdir())
    served, link = tmp_path / "served/site", tmp_path / "link"
    served.mkdir(parents=True)
    link.symlink_to(served)
    before = served.stat().st_ino
    build.build_browser(link, str(packages))
    assert link.readlink() == served
    assert served.stat().st_ino != before


@pytest.mark.parametrize("ends_with", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_where_the_new_site_cannot_be_placed_the_old_one_is_back(tmp_path, monkeypatch, ends_with):
    old, fresh, scratch = (tmp_path / name for name in ("site", "fresh", "scratch"))
    for folder in (old, fresh, scratch):
        folder.mkdir()
    (old / "page").write_text("of the earlier one")
    rename = Path.rename

    def renamed(path, target):
        if path == fresh:
            raise ends_with
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", renamed)
    with pytest.raises(type(ends_with)):
        build._take_place(fresh, old, scratch)
    assert (old / "page").read_text() == "of the earlier one"


@pytest.mark.parametrize("folder", [".", ".."])
def test_a_folder_is_not_replaced_under_the_feet_of_who_is_in_it(tmp_path, packages, monkeypatch, folder):
    here = tmp_path / "site/lab" if folder == ".." else tmp_path / "site"
    here.mkdir(parents=True)
    (tmp_path / "site" / build.SITE_FILE).write_text("{}")
    monkeypatch.chdir(here)
    assert f"cd {tmp_path} && autograde site site" in refused(folder, "--pyodide", packages)
    assert (tmp_path / "site" / build.SITE_FILE).exists()


def test_a_folder_of_other_files_is_left_alone(tmp_path, packages):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/chapter.tex").write_text("mine")
    assert "holds files that are not a site" in refused(tmp_path / "thesis", "--pyodide", packages)
    assert [path.name for path in (tmp_path / "thesis").iterdir()] == ["chapter.tex"]


def test_a_file_is_no_folder(tmp_path, packages):
    (tmp_path / "site").write_text("")
    refused(tmp_path / "site", "--pyodide", packages)


@pytest.mark.parametrize("name", ["pyodide.asm.wasm", "numpy-1-py3-none-any.whl"])
def test_a_pyodide_that_is_not_whole_is_refused_by_the_missing_files_name(tmp_path, packages, name):
    (packages / name).unlink()
    assert name in refused(tmp_path / "site", "--pyodide", packages)
    assert not (tmp_path / "site").exists()


def test_a_package_that_is_not_the_lock_files_is_refused(tmp_path, packages):
    (packages / "numpy-1-py3-none-any.whl").write_text("another")
    said = refused(tmp_path / "site", "--pyodide", packages)
    assert "numpy-1-py3-none-any.whl is not the file" in said


@pytest.mark.parametrize("text", ["", "[]", '{"packages": []}', '{"packages": {}}', "\udcff"])
def test_a_lock_file_that_is_none_is_one_line(tmp_path, packages, text):
    (packages / "pyodide-lock.json").write_text(text, errors="surrogateescape")
    (line,) = refused(tmp_path / "site", "--pyodide", packages).splitlines()
    assert "pyodide-lock.json" in line


@pytest.mark.slow
def test_a_site_takes_an_earlier_ones_place_whole(built, tmp_path, packages):
    shutil.copytree(built, tmp_path / "site")
    (tmp_path / "site/left").write_text("of the earlier one")
    assert site(tmp_path / "site", "--pyodide", packages)[0] == 0
    assert not (tmp_path / "site/left").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["pyodide", "site"]
    page = (tmp_path / "site/index.html").read_text()
    assert all(lesson.path in page for lesson in lessons())


def test_next_to_the_pages_to_read_each_lesson_is_linked_back_to_its_page(built):
    assert "../lessons/" not in (built / "index.html").read_text()
    page = build._first_page(lessons(), pages=True)
    assert all(f'href="../lessons/{Path(lesson.path).parent}.html"' in page for lesson in lessons())


def test_the_work_is_kept_under_names_that_no_version_changes(built):
    """Another name, and a browser would no longer find what a student wrote."""
    settings = configuration(built)
    names = {name: kept for name, kept in settings.items() if name.endswith("StorageName")}
    assert names == {
        "contentsStorageName": "descentlab contents",
        "settingsStorageName": "descentlab settings",
        "workspacesStorageName": "descentlab workspaces",
    }
    assert "descentlab contents" in (built / "index.html").read_text()


def test_what_the_kernel_is_told_to_load_lies_in_the_site(built):
    kernel = configuration(built)["litePluginSettings"][KERNEL_SETTINGS]
    assert kernel["pyodideUrl"] == "./pyodide/loading.js"
    assert kernel["loadPyodideOptions"]["indexURL"] == "./pyodide/"
    assert kernel["loadPyodideOptions"]["lockFileURL"] == "./pyodide/pyodide-lock.json"
    assert (built / "pyodide/pyodide.js").is_file()
    assert (built / "pyodide/pyodide-lock.json").is_file()


def test_from_an_address_pyodide_stays_there_and_our_wheels_are_the_sites(tmp_path, packages):
    with served(tmp_path) as address:
        assert find_pyodide(f"{address}/pyodide/").address == f"{address}/pyodide/"
        assert site(tmp_path / "site", "--pyodide", f"{address}/pyodide")[0] == 0
    kernel = configuration(tmp_path / "site")["litePluginSettings"][KERNEL_SETTINGS]
    assert kernel["loadPyodideOptions"]["indexURL"] == f"{address}/pyodide/"
    rows = json.loads((tmp_path / "site/pyodide/pyodide-lock.json").read_bytes())["packages"]
    assert rows["numpy"]["file_name"] == f"{address}/pyodide/numpy-1-py3-none-any.whl"
    ours = {package.name: rows[package.name]["file_name"] for package in PACKAGES}
    assert not [name for name in ours.values() if "/" in name]
    there = {path.name for path in (tmp_path / "site/pyodide").iterdir()}
    assert there == {"loading.js", "pyodide-lock.json", *ours.values()}


def test_our_wheel_wins_over_one_of_the_same_name_in_pyodide(packages):
    lock = json.loads((packages / "pyodide-lock.json").read_bytes())
    lock["packages"]["psygnal"] = {"name": "psygnal", "file_name": "older.whl", "sha256": "", "depends": []}
    wheels = [wheel_of(package) for package in PACKAGES]
    made = Pyodide("", lock).lock_with(wheels)["packages"]["psygnal"]
    assert made["file_name"] == next(one.file_name for one in wheels if one.package.name == "psygnal")


def test_the_sites_lock_file_names_each_wheel_by_its_digest(built):
    lock = json.loads((built / "pyodide/pyodide-lock.json").read_bytes())
    for row in lock["packages"].values():
        data = (built / "pyodide" / row["file_name"]).read_bytes()
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
