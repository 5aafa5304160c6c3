"""A hub without a shared folder: a link of nbgitpuller hands a lesson out, a downloaded file comes back."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from support import free_port

from roles.hub.browsing import LOADS, Tab
from roles.hub.machine import NOTEBOOK, marks
from roles.hub.page import ADDRESS, LESSON, LINK, REPOSITORY, first_lines, next_lines
from roles.installed import earns_all

pytestmark = [*marks, pytest.mark.needs("chromium")]
FIRST, SECOND = LESSON, "01-sgd"
COURSE = "courses/winter"
STUB, MINE = "adam-class", 'class Adam:\n    """Mine."""\n'


@pytest.fixture(scope="module")
def address(people, built) -> Iterator[str]:
    """A third course, in no exchange; its first lesson pushed to this address by the lines of docs/hub.md."""
    prof, _, _ = people
    sdist = Path(shutil.copy(built.sdist, prof.home / "winter.tar.gz"))
    prof.own(sdist)
    lessons = f"--lesson {FIRST} --lesson {SECOND}"
    prof.good(f"mkdir -p -m 700 courses && autograde new course {COURSE} --solutions {sdist} {lessons}")
    prof.good(f"autograde release {FIRST}", COURSE)
    prof.good("git config --global user.name Prof && git config --global user.email prof@example.org")
    prof.good(f"git init -q --bare -b main git/{REPOSITORY}")
    port = free_port()
    daemon = prof.start(
        "git", "daemon", "--listen=127.0.0.1", f"--port={port}", "--export-all", "--enable=receive-pack",
        f"--base-path={prof.home}/git", folder="git",
    )  # fmt: skip
    address = f"git://127.0.0.1:{port}/{REPOSITORY}"
    try:
        prof.good(f"for i in $(seq 60); do git ls-remote {address} && exit 0; sleep 1; done; exit 1")
        prof.good(first_lines(address), COURSE)
        yield address
    finally:
        daemon.terminate()
        daemon.wait(60)


def opened(tab: Tab, hub, address: str) -> None:
    """The link of docs/hub.md, by somebody who is not signed in yet; waits for the notebook on the screen."""
    tab.page.goto(hub.address + LINK.replace(ADDRESS, address))
    tab.sign_in()
    tab.page.wait_for_url("**/lab/tree/**", timeout=LOADS)
    tab.title()


def edited(path: Path, change: Callable[[NotebookNode], None]) -> None:
    """A notebook changed and saved as JupyterLab saves it."""
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)


def cell_of(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    return next(c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def write_mine(notebook: NotebookNode) -> None:
    cell_of(notebook, STUB).source = MINE
    notebook.cells[0].source = "# My notes"


def test_the_link_brings_the_lesson_and_later_ones_and_keeps_what_the_student_wrote(
    hub, people, address, chromium
):
    prof, ann, _ = people
    notebook = ann.home / REPOSITORY / FIRST / NOTEBOOK
    course = prof.home / COURSE
    with Tab(chromium, hub, ann) as tab:
        opened(tab, hub, address)
        assert notebook.read_bytes() == (course / "notebooks" / FIRST / NOTEBOOK).read_bytes()
    edited(notebook, write_mine)

    # A second lesson, and other words on top of the first, where the student wrote, too.
    text = course / "solutions" / FIRST / "adam.md"
    text.write_text(text.read_text().replace("# Adam: one", "# Adam (mended): one"))
    prof.good(f"autograde release {FIRST} && autograde release {SECOND}", COURSE)
    prof.good(next_lines(SECOND).replace(f"git add {SECOND}", f"git add {SECOND} {FIRST}"), COURSE)
    with Tab(chromium, hub, ann) as tab:
        opened(tab, hub, address)
    now = nbformat.read(notebook, as_version=4)
    assert cell_of(now, STUB).source == MINE
    assert now.cells[0].source == "# My notes"
    assert (ann.home / REPOSITORY / SECOND / "sgd.ipynb").is_file()


def test_a_notebook_downloaded_from_the_hub_is_collected_and_graded(hub, people, address, chromium):
    prof, _, bob = people
    with Tab(chromium, hub, bob) as tab:
        opened(tab, hub, address)
        place = bob.home / REPOSITORY / FIRST / NOTEBOOK
        place.write_bytes((prof.home / COURSE / "solutions" / FIRST / NOTEBOOK).read_bytes())
        bob.own(place)
        tab.page.reload()
        tab.title()
        with tab.page.expect_download() as download:
            tab.menu("File", "Download")
        inbox = prof.home / COURSE / "inbox"
        inbox.mkdir()
        download.value.save_as(inbox / f"{bob.name}.ipynb")
    prof.good(f"autograde roster add {bob.name} && autograde collect {FIRST} inbox", COURSE)
    prof.good(f"autograde grade {FIRST} --json r.json", COURSE)
    (result,) = json.loads((prof.home / COURSE / "r.json").read_text())
    assert result["student"] == bob.name
    assert earns_all(result)
