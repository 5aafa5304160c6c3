"""The course as a static site: Python in the browser checks answers, moves explorers, keeps the work."""

import json
import re
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pyodide_here
import pytest

from autograde.site import reading
from descentlab.rules import SGD
from verdicts.judging import run

pytestmark = [
    pytest.mark.needs("chromium"),
    pytest.mark.skipif(bool(pyodide_here.missing()), reason=f"not run: {pyodide_here.missing()}"),
    pytest.mark.xdist_group("site"),
    pytest.mark.timeout(900),
]
LOADING = re.compile(r"^Python is being loaded into this browser \(\w+\): about 40 MB")
SECONDS = 150_000  # of a busy machine, in milliseconds: Python starts once a tab

RUN = """async (source) => {
    const app = window.jupyterapp;
    const notebook = app.shell.currentWidget.content;
    notebook.activeCellIndex = notebook.widgets.length - 1;
    await app.commands.execute("notebook:insert-cell-below");
    const cell = notebook.activeCell;
    cell.model.sharedModel.setSource(source);
    await app.commands.execute("notebook:run-cell");
    document.getElementById("last")?.removeAttribute("id");
    cell.node.id = "last";
    cell.node.scrollIntoView();
    return cell.model.sharedModel.outputs.map((one) => JSON.stringify(one)).join("\\n");
}"""

# The course is found by its entry point. On a busy machine, too, all changes are tried that a quiet one has time for.
IMPORTS = """from verdicts import check
import verdicts.repair.here as here, verdicts.repair.search as search
here.SECONDS, here.OWN_SECONDS, search.SECONDS = 60, 1, 60"""
IMPORT_SGD = "from descentlab.rules import SGD\n"
UPHILL = """class Uphill:
    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] += self.lr * grads[k]

check("sgd/update", Uphill, points=5)"""
ENDLESS = f"""{IMPORT_SGD}class Endless(SGD):
    def update(self, params, grads):
        while True:
            pass

check("sgd/update", Endless, points=5)"""
WITHOUT_STILL = """from descentlab.explorers.widget import Explorer
Explorer.still = lambda self: ({"text/plain": ""}, {})"""


class Uphill(SGD):
    def update(self, params, grads):
        for k in params:
            params[k] += self.lr * grads[k]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextmanager
def served(folder):
    """A plain web server on a loopback port; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder))
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def pyodide(tmp_path_factory):
    return pyodide_here.unpack(tmp_path_factory.mktemp("packages") / "pyodide")


def built(out, source):
    command = [
        str(Path(sys.executable).with_name("autograde")),
        "site",
        str(out),
        "--browser-only",
        "--pyodide",
        str(source),
    ]
    program = subprocess.run(command, capture_output=True, text=True)
    assert program.returncode == 0, program.stderr
    return out


@pytest.fixture(scope="module")
def site(tmp_path_factory, pyodide):
    """The address of a site with all it needs."""
    with served(built(tmp_path_factory.mktemp("site") / "public", pyodide)) as address:
        yield address


def wait_for_kernel(page):
    page.set_default_timeout(SECONDS)
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.wait_for_function(
        "window.jupyterapp?.shell.currentWidget?.context?.sessionContext.session?.kernel != null"
    )


@pytest.fixture(scope="module")
def lesson(chromium, site):
    """Lesson 01, opened by its link on the first page, in which Python has started; until then the cell said so."""
    page = chromium.new_context(accept_downloads=True).new_page()
    page.goto(site)
    page.get_by_role("listitem").nth(1).get_by_role("link").click()
    wait_for_kernel(page)
    page.evaluate(f"source => {{ window.first = ({RUN})(source); }}", IMPORTS)
    note = page.locator(".jp-CodeCell [role=status]", has_text=LOADING)
    note.wait_for()
    assert page.evaluate("window.first") == ""
    note.wait_for(state="detached")
    yield page
    page.context.close()


def test_a_wrong_answer_is_named_and_a_right_one_passes(lesson):
    said = lesson.evaluate(RUN, UPHILL)
    shown = [json.loads(line).get("data", {}).get("text/plain", "") for line in said.splitlines()]
    assert run("sgd/update", Uphill).cause.partition(":")[0] in "".join(shown)
    assert "One change makes it right. Line 7" in "".join(shown)
    assert "5 of 5" in lesson.evaluate(RUN, f'{IMPORT_SGD}check("sgd/update", SGD, points=5)')


def test_a_loop_without_end_is_stopped_and_the_next_cell_runs(lesson):
    said = lesson.evaluate(RUN, ENDLESS)
    assert "stopped after 5 seconds of computing" in said
    assert "42" in lesson.evaluate(RUN, "6 * 7")


def test_an_explorer_moves(lesson):
    # Its picture for pages without Python is Matplotlib's, which is a stand-in here.
    lesson.evaluate(RUN, WITHOUT_STILL)
    lesson.evaluate(RUN, f"{IMPORT_SGD}from descentlab.explorers import explore\nexplore(SGD, lr=0.2)")
    slider = lesson.locator("#last .explorer-controls input[type=range]").first
    picture = "document.querySelector('#last .explorer-moving').outerHTML"
    slider.wait_for()
    before = lesson.evaluate(picture)
    slider.press("ArrowRight")
    lesson.wait_for_function(f"before => {picture} !== before", arg=before)


def test_a_link_to_another_lesson_opens_that_lesson(lesson):
    lesson.locator(".jp-MarkdownOutput a", has_text="gradients").first.click()
    lesson.wait_for_function(
        "window.jupyterapp.shell.currentWidget.context?.path === '00-gradients/gradients.ipynb'"
    )
    lesson.evaluate(
        "() => { window.jupyterapp.commands.execute('docmanager:open', {path: '01-sgd/sgd.ipynb'}); }"
    )
    lesson.wait_for_function("window.jupyterapp.shell.currentWidget.context?.path === '01-sgd/sgd.ipynb'")


def test_work_goes_out_as_a_file_and_comes_back_in_another_browser(lesson, chromium, site, tmp_path):
    lesson.evaluate(RUN, "'my own thought'")
    lesson.evaluate("window.jupyterapp.commands.execute('docmanager:save')")
    lesson.wait_for_timeout(1000)
    first = lesson.context.new_page()
    first.goto(site)
    first.get_by_text("You have changed lessons since").wait_for()
    with first.expect_download() as download:
        first.get_by_role("button", name="Save my work as a file").click()
    kept = tmp_path / "work.json"
    download.value.save_as(kept)
    assert "01-sgd/sgd.ipynb" in [file["path"] for file in json.loads(kept.read_text())["files"]]
    other = chromium.new_context().new_page()
    other.goto(site)
    other.get_by_label("Bring my work back").set_input_files(kept)
    other.get_by_text("Brought back").wait_for()
    other.get_by_role("listitem").nth(1).get_by_role("link").click()
    other.wait_for_selector(".jp-Notebook .jp-Cell", timeout=SECONDS)
    cells = "window.jupyterapp.shell.currentWidget.context.model.sharedModel.cells"
    # The page shows cells before it has read which work was brought.
    other.wait_for_function(f"() => {cells}.some((cell) => cell.source.includes('my own'))", timeout=SECONDS)


def test_a_file_that_is_no_work_changes_nothing(chromium, site, tmp_path):
    page = chromium.new_context().new_page()
    page.goto(site)
    files = {"empty.json": "", "list.json": "[]", "other.ipynb": '{"cells": []}', "half.json": "{"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
        page.get_by_label("Bring my work back").set_input_files(tmp_path / name)
        page.get_by_text("This file holds no work of this course").wait_for()
        page.evaluate("document.getElementById('said').textContent = ''")
    page.get_by_role("button", name="Save my work as a file").click()
    page.get_by_text("There is no work of yours").wait_for()


def test_work_that_is_there_is_replaced_only_by_who_says_so(chromium, site, tmp_path):
    page = chromium.new_context().new_page()
    page.goto(site)
    (tmp_path / "sgd.ipynb").write_text('{"cells": []}')
    asked, answer = [], "dismiss"
    page.on("dialog", lambda dialog: (asked.append(dialog.message), getattr(dialog, answer)()))
    brought = page.get_by_label("Bring my work back")
    brought.set_input_files(tmp_path / "sgd.ipynb")
    page.get_by_text("Brought back").wait_for()
    assert asked == [], "there was none"
    page.evaluate("document.getElementById('said').textContent = ''")
    brought.set_input_files(tmp_path / "sgd.ipynb")
    page.wait_for_timeout(500)
    assert (len(asked), page.locator("#said").inner_text()) == (1, "")
    answer = "accept"
    brought.set_input_files(tmp_path / "sgd.ipynb")
    page.get_by_text("Brought back").wait_for()
    assert len(asked) == 2


def test_a_search_leads_to_the_section_and_long_lines_of_code_are_whole(chromium, tmp_path):
    reading.start_project(tmp_path / "project")
    code = f"```text\n{'overshoots = ' * 30}\n```"
    words = f"# Site\n\n## Early\n\nA step.\n\n## Late\n\n### Last\n\nA step that overshoots.\n\n{code}\n"
    (tmp_path / "project/index.md").write_text(words)
    reading._run_sphinx(tmp_path / "project", tmp_path / "out")
    with served(tmp_path / "out") as address:
        page = chromium.new_page(viewport={"width": 1280, "height": 800})
        page.goto(f"{address}search.html?q=overshoots+step")
        page.get_by_role("link", name="Site: Last").click()
        page.wait_for_url("**/index.html*#last")
        assert page.locator("pre").evaluate("one => one.scrollWidth <= one.clientWidth")
        page.close()


def test_with_pyodide_at_an_address_the_site_holds_our_wheels_alone(chromium, pyodide, tmp_path):
    class Elsewhere(Quiet):
        def end_headers(self):
            self.send_header("Access-Control-Allow-Origin", "*")
            super().end_headers()

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Elsewhere, directory=pyodide))
    Thread(target=server.serve_forever, daemon=True).start()
    out = built(tmp_path / "public", f"http://127.0.0.1:{server.server_port}")
    assert not list(out.rglob("pyodide.asm.wasm"))
    with served(out) as address:
        page = chromium.new_page()
        page.goto(f"{address}lab/index.html?path=01-sgd/sgd.ipynb")
        wait_for_kernel(page)
        said = page.evaluate(RUN, f"{IMPORTS}\n{IMPORT_SGD}check('sgd/update', SGD, points=5)")
        page.context.close()
    server.shutdown()
    server.server_close()
    assert "5 of 5" in said
