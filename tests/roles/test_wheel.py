"""What the two files of a release hold."""

import hashlib
import os
import re
import subprocess
import sys
import tarfile
import zipfile
from email.parser import BytesParser

import pytest
from support import ROOT

from roles.installed import build, clone

pytestmark = pytest.mark.xdist_group("wheel")


def names_in(built) -> set[str]:
    return set(zipfile.ZipFile(built.wheel).namelist())


def test_the_wheel_carries_the_released_notebooks_as_they_are(built):
    wheel = zipfile.ZipFile(built.wheel)
    released = sorted((ROOT / "notebooks").glob("*/*.ipynb"))
    assert len(released) == 11
    for path in released:
        name = f"descentlab/notebooks/{path.parent.name}/{path.name}"
        assert wheel.read(name) == path.read_bytes()


def test_no_solution_is_in_the_wheel(built):
    wheel = zipfile.ZipFile(built.wheel)
    assert [name for name in wheel.namelist() if "solutions/" in name] == []
    notebooks = [name for name in wheel.namelist() if name.endswith((".ipynb", ".md"))]
    marked = [name for name in notebooks if b"BEGIN SOLUTION" in wheel.read(name)]
    assert marked == []


def test_every_module_and_data_file_of_the_packages_is_in_the_wheel(built):
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "src", "autograde"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    wanted = {name.removeprefix("src/") for name in listed if (ROOT / name).is_file()}
    assert wanted - names_in(built) == set()


def test_the_sdist_carries_the_solutions_and_makes_the_same_wheel(built, tmp_path):
    with tarfile.open(built.sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    texts = sorted((ROOT / "solutions").glob("*/*.md"))
    assert len(texts) == 11
    for path in texts:
        assert (source / path.relative_to(ROOT)).read_bytes() == path.read_bytes()
    wheel, _ = build(source, tmp_path / "dist")
    assert wheel.read_bytes() == built.wheel.read_bytes()


def test_what_a_person_works_with_is_in_neither(built, tmp_path):
    """A clone in which a course runs, and whose notebooks were opened."""
    worked_in = clone(tmp_path / "clone")
    for name in ("my-course/mine.ipynb", "gradebook.db", "submitted/a/x.ipynb", ".autograde/secret"):
        (worked_in / name).parent.mkdir(parents=True, exist_ok=True)
        (worked_in / name).write_text("private")
    for folder in ("notebooks", "solutions"):
        opened = worked_in / folder / "01-sgd" / ".ipynb_checkpoints" / "sgd-checkpoint.ipynb"
        opened.parent.mkdir(parents=True)
        opened.write_text("private")
    wheel, sdist = build(worked_in, tmp_path / "dist")
    assert set(zipfile.ZipFile(wheel).namelist()) == names_in(built)
    with tarfile.open(sdist) as made, tarfile.open(built.sdist) as clean:
        assert set(made.getnames()) == set(clean.getnames())


def digests(folder) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_another_clone_on_another_day_gives_the_same_bytes(built, tmp_path):
    """Other dates of the files, other rights to them: the same two digests."""
    again = clone(tmp_path / "clone")
    for path in again.rglob("*"):
        os.utime(path, (1e9, 1e9))
        path.chmod(0o700 if path.is_dir() else 0o600)
    build(again, tmp_path / "dist")
    assert digests(tmp_path / "dist") == digests(built.wheel.parent)


def test_an_index_would_take_both_files(built):
    words = [sys.executable, "-m", "twine", "check", "--strict", built.wheel, built.sdist]
    done = subprocess.run(words, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == 2


def test_what_an_index_shows_has_no_relative_link(built):
    wheel = zipfile.ZipFile(built.wheel)
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    stated = BytesParser().parsebytes(wheel.read(name))
    assert stated["Description-Content-Type"] == "text/markdown"
    assert re.findall(r"\]\((?!https://|#)[^)]*\)", stated.get_payload()) == []
    assert {"Education", "Jupyter"} <= {line.rpartition(" ")[2] for line in stated.get_all("Classifier")}
