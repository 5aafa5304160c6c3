"""A notebook that came from somebody else, opened and saved in a real browser: nothing of it acts, one file changes.

It tries what JupyterLab, Jupytext and a kernel's start do with a notebook that they open. A script that runs would
open a dialog or ask another host; Python that runs would leave a file.
"""

import json
from contextlib import ExitStack

import anywidget
import pytest
from nbformat import writes
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from support import changed, contents

from autograde.selftest.hostile.readers import HTML, MIMES
from browser.harness import TOKEN, Reader, server

pytestmark = pytest.mark.needs("chromium")
ID = "a" * 32
VERSION = f"~{anywidget.__version__.rpartition('.')[0]}.*"
ANYWIDGET = {"model_name": "AnyModel", "model_module": "anywidget", "model_module_version": VERSION}
ACTS = "alert(1); export default { initialize() { alert(2) }, render() {} };"
STATE = {
    **{f"_{key}": value for key, value in ANYWIDGET.items()},
    **{"_view_module": "anywidget", "_view_module_version": VERSION, "_view_name": "AnyView", "layout": None},
    **{"_esm": ACTS, "_anywidget_id": "eve.W"},
}
SAVED_WIDGET = {"version_major": 2, "version_minor": 0, "state": {ID: {**ANYWIDGET, "state": STATE}}}
PICTURE = "https://example.org/stolen.png"
VEGA = {
    "$schema": "https://vega.github.io/schema/vega/v5.json",
    "width": 9,
    "height": 9,
    "marks": [{"type": "image", "encode": {"enter": {"url": {"value": PICTURE}}}}],
}
# What a picture from another host shows, a cell of text may show, too: `docs/sandbox.md` says so.
MERMAID = '```mermaid\nflowchart LR\n  a["<img src=x onerror=alert(1)>"] --> b\n  click a call alert(1)\n```'
COMMAND = "filebrowser:create-new-file"
BUTTON = f"<button id=b data-commandlinker-command='{COMMAND}'>press</button>"
LINKS = "[x](javascript:alert(1)) <a href='javascript:alert(1)'>x</a> <a href='data:text/html,<script>alert(1)</script>'>x</a>"
LAUNCHER = "open('python-ran', 'w').close()"
PLACES = ("submitted/eve/hw1", "autograded/eve/hw1", "solutions/hw1")


def hostile(folder):
    """A notebook that tries all of it, to lie in this folder."""
    shown = {
        **MIMES,
        "application/vnd.vega.v5+json": VEGA,
        "text/vnd.mermaid": MERMAID.strip("`").removeprefix("mermaid\n"),
    }
    shown["application/vnd.jupyter.widget-view+json"] = {
        "model_id": ID,
        "version_major": 2,
        "version_minor": 0,
    }
    outputs = [
        new_output("display_data", {kind: value, "text/plain": "plain"}) for kind, value in shown.items()
    ]
    scripts = [html for html in HTML if "example.org" not in html]
    cells = [
        new_markdown_cell("# these words are kept", id="words"),
        new_markdown_cell(f"{BUTTON} {LINKS} {' '.join(scripts)}"),
        new_markdown_cell(MERMAID),
        new_code_cell("1", outputs=outputs),
    ]
    others = "submitted/eve//hw1/ipynb,submitted/bob//hw1/ipynb"
    formats = others if folder.startswith("submitted") else "ipynb,py:percent"
    return new_notebook(
        cells=cells,
        metadata={
            "jupytext": {"formats": formats},
            "widgets": {"application/vnd.jupyter.widget-state+json": SAVED_WIDGET},
            "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        },
    )


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    made = tmp_path_factory.mktemp("opening") / "course"
    for place in PLACES:
        folder = made / place
        folder.mkdir(parents=True)
        (folder / "hw1.ipynb").write_text(writes(hostile(place)))
        if place != "solutions/hw1":  # there it is the teacher's own folder that a kernel starts in
            (folder / "ipykernel_launcher.py").write_text(LAUNCHER)
            (folder / "jupytext.toml").write_text('formats = "ipynb,md"\n')
    (made / "submitted/bob/hw1").mkdir(parents=True)
    (made / "submitted/bob/hw1/hw1.ipynb").write_text(writes(new_notebook()))
    (made / "submitted/eve/link.ipynb").symlink_to("../bob/hw1/hw1.ipynb")
    return made


@pytest.fixture(scope="module")
def running(root):
    """The servers, each started when it is asked for first."""
    with ExitStack() as stack:
        started = {}

        def of(application):
            if application not in started:
                started[application] = stack.enter_context(server(root, application))
            return started[application]

        yield of


def opened(lab, chromium, path):
    """The notebook's page, and what acted there until its kernel was idle and widgets could be shown."""
    readers = []
    notebook = lab.open(chromium, path, prepare=lambda page: readers.append(Reader.of(page)))
    notebook.page.wait_for_timeout(2000)
    return notebook, readers[0].acted


@pytest.mark.parametrize("application", ["lab", "notebook"])
@pytest.mark.parametrize("place", PLACES)
def test_nothing_acts_in_jupyter_and_saving_changes_one_file(running, root, chromium, application, place):
    path, before = f"{place}/hw1.ipynb", contents(root)
    notebook, acted = opened(running(application), chromium, path)
    page = notebook.page
    assert "these words are kept" in page.inner_text(".jp-Notebook")
    assert page.locator("#b, button", has_text="press").count() == 1
    page.get_by_text("press", exact=True).click()
    page.locator(".jp-CodeCell .cm-content").first.click()
    page.keyboard.type("# ")
    with page.expect_response(lambda got: got.request.method == "PUT" and path in got.url):
        page.keyboard.press("Control+s")
    page.wait_for_timeout(1000)
    assert acted == []
    assert page.locator(".jp-Dialog").count() == 0
    assert changed(root, before) == [path]
    assert "widgets" not in json.loads((root / path).read_text())["metadata"]


def test_without_the_extension_all_that_acts(root, chromium, tmp_path):
    """So that the tests above can fail."""
    settings = {"ServerApp": {"jpserver_extensions": {"autograde.lab.extension": False}}}
    (tmp_path / "jupyter_server_config.json").write_text(json.dumps(settings))
    course = root.parent / "unguarded"
    place = course / "submitted/eve/hw1"
    place.mkdir(parents=True)
    (place / "hw1.ipynb").write_text(writes(hostile("elsewhere")))
    with server(course, environment={"JUPYTER_CONFIG_PATH": str(tmp_path)}) as lab:
        reader = Reader.of(chromium.new_context().new_page())
        reader.page.goto(f"{lab.url}lab/tree/submitted/eve/hw1/hw1.ipynb?token={TOKEN}")
        reader.page.get_by_text("press", exact=True).click()
        reader.page.locator(".jp-Dialog").first.wait_for()
        reader.page.wait_for_timeout(10_000)
    dialogs = [one for one in reader.acted if "dialog" in one]
    assert len(dialogs) >= 2, "the module ran, and what it gives"
    assert any(PICTURE in one for one in reader.acted), "Vega asked for its picture"


def test_a_submission_that_is_a_link_is_not_opened(running, chromium):
    page = chromium.new_context().new_page()
    lab = running("lab")
    answer = page.request.get(f"{lab.url}api/contents/submitted/eve/link.ipynb?token={TOKEN}")
    assert answer.status == 403
    assert "is a link" in answer.json()["message"]
