"""A real JupyterLab in a real headless Chromium: the one harness of all browser tests and screenshots.

with server(folder) as lab, browser() as chromium:
    notebook = lab.open(chromium, "06-adam/adam.ipynb")
    notebook.run_all()
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import nbformat
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import Browser, Locator, Page, Playwright, expect, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# No sandbox of its own inside a container run as root; and no requests to its vendor's hosts.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECONDS = 60  # for what a page does
WAIT = 500  # milliseconds that a page is given to run what it should not
START_SECONDS = 60
# The second is the extension that builds a site, in the same environment here: a JupyterLab cannot load it.
NOT_OURS = ("net::ERR", "@jupyterlite/pyodide-kernel-extension")
TOKEN = "only-for-tests-on-loopback"
SETTINGS = {
    # All cells are drawn, also those outside the window: a test must see each of them.
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}

# ipywidgets tells the kernel's connection a moment after it is there; a widget that comes before is lost.
WIDGETS_CAN_BE_SHOWN = """() => {
    const session = window.jupyterapp?.shell.currentWidget?.context?.sessionContext.session;
    return 'jupyter.widget' in (session?.kernel?._targetRegistry ?? {});
}"""


_running: list[Playwright] = []


@contextmanager
def browser() -> Iterator[Browser]:
    """The system's Chromium, headless; a busy machine is waited for.

    A process can have one Playwright: a second browser is launched by the one that is running.
    """
    expect.set_options(timeout=SECONDS * 1000)
    with nullcontext(_running[0]) if _running else sync_playwright() as playwright:
        _running.append(playwright)
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield chromium
        finally:
            _running.pop()
            chromium.close()


@contextmanager
def server(root: Path, application: str = "lab", environment: dict[str, str] | None = None) -> Iterator[Lab]:
    """A Jupyter server on a loopback port, its files in `root`; ended on leaving.

    `application` is `lab` or `notebook`. Settings and runtime files live in a folder beside `root`, so that
    neither a person's settings nor another test's are read.
    """
    home = root.parent / f"{root.name}-{application}"
    home.mkdir(exist_ok=True)
    folders = {f"JUPYTER_{kind}_DIR": str(home / kind.lower()) for kind in ("CONFIG", "RUNTIME", "DATA")}
    folders["JUPYTERLAB_SETTINGS_DIR"] = _settings(home / "settings")
    own = os.environ | folders | {"IPYTHONDIR": str(home / "ipython")} | (environment or {})
    own["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), own["PATH"]])
    arguments = [
        f"--ServerApp.root_dir={root}",
        f"--IdentityProvider.token={TOKEN}",
        "--ServerApp.port=0",
        "--ServerApp.allow_root=True",
        "--no-browser",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        "--LabApp.expose_app_in_browser=True",
        "--JupyterNotebookApp.expose_app_in_browser=True",
    ]
    log = (home / "server.log").open("wb")
    command = [sys.executable, "-m", f"jupyter{application}" if application == "lab" else application]
    process = subprocess.Popen(command + arguments, cwd=root, env=own, stdout=log, stderr=log)
    try:
        yield Lab(_address(process, home), application, home / "server.log")
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _settings(folder: Path) -> str:
    for name, values in SETTINGS.items():
        path = folder / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    return str(folder)


def _address(process: subprocess.Popen, home: Path) -> str:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        for found in (home / "runtime").glob("jpserver-*.json"):
            try:
                return json.loads(found.read_text())["url"].replace("localhost", "127.0.0.1")
            except (ValueError, KeyError):
                continue  # half written
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("Jupyter did not start: " + (home / "server.log").read_text()[-2000:])


@dataclass
class Lab:
    """A running server."""

    url: str
    application: str
    log: Path

    def trust(self, notebook: Path) -> None:
        """As `jupyter trust` does, for this server."""
        NotebookNotary(data_dir=str(self.log.parent / "data")).sign(nbformat.read(notebook, as_version=4))

    def open(
        self,
        chromium: Browser,
        path: str,
        width: int = 1100,
        height: int = 1400,
        prepare: Callable[[Page], None] = lambda page: None,
    ) -> Notebook:
        """The notebook at `path` (from the server's root) in a page of its own, its kernel idle."""
        page = chromium.new_context(viewport={"width": width, "height": height}).new_page()
        prepare(page)
        notebook = Notebook(page)
        page.on("console", lambda message: notebook.console.append((message.type, message.text)))
        page.on("pageerror", lambda error: notebook.console.append(("error", str(error))))
        accept_the_kernel(page)
        # A workspace of its own: the tabs of earlier pages stay away.
        tree = f"lab/workspaces/{uuid4().hex}/tree" if self.application == "lab" else "notebooks"
        page.goto(f"{self.url}{tree}/{path}?token={TOKEN}")
        page.locator(".jp-Notebook .jp-Cell").first.wait_for(timeout=60_000)
        notebook.wait_until_idle()
        return notebook


@dataclass
class Notebook:
    """One notebook's page."""

    page: Page
    console: list[tuple[str, str]] = field(default_factory=list)

    def command(self, name: str) -> None:
        """Run one of the application's own commands from its menu."""
        menu, item = name.split(" > ")
        self.page.get_by_role("menuitem", name=menu, exact=True).click()
        self.page.get_by_role("menuitem", name=re.compile(f"^{re.escape(item)}")).first.click()

    def run_all(self, timeout: float = 180.0) -> None:
        """Run every cell, and again where the request came before the kernel was ready."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            self.command("Run > Run All Cells")
            self.page.wait_for_timeout(500)
            self.wait_until_idle(timeout)
            if self.all_ran():
                return
        raise TimeoutError("cells were left without a number")

    def restart_and_run_all(self, timeout: float = 180.0) -> None:
        """A fresh kernel, then every cell."""
        self.command("Kernel > Restart Kernel…")
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()
        self.page.wait_for_timeout(1000)
        self.wait_until_idle()
        self.run_all(timeout)

    def wait_until_idle(self, timeout: float = 120.0) -> None:
        """Until the kernel has nothing to do, no cell waits, and a widget can be shown."""
        if self.page.locator("#jp-main-statusbar").count():
            connected = self.page.locator("#jp-main-statusbar", has_text="| Idle")
            expect(connected).to_have_count(1, timeout=timeout * 1000)
        status = self.page.locator(".jp-Notebook-ExecutionIndicator, .jp-Toolbar-kernelStatus").first
        expect(status).to_have_attribute("data-status", "idle", timeout=timeout * 1000)
        waiting = self.page.locator(".jp-InputPrompt", has_text="[*]")
        expect(waiting).to_have_count(0, timeout=timeout * 1000)
        self.page.wait_for_function(WIDGETS_CAN_BE_SHOWN, timeout=timeout * 1000)

    def all_ran(self) -> bool:
        """Whether every code cell that holds something has a number."""
        prompts = self.code_prompts()
        return bool(prompts) and all(prompt not in ("[ ]:", "[*]:") for prompt in prompts)

    def code_prompts(self) -> list[str]:
        """The numbers beside the code cells that hold something."""
        return self.page.evaluate(
            """() => [...document.querySelectorAll('.jp-CodeCell')]
                 .filter(cell => cell.querySelector('.cm-content')?.textContent.trim() !== '')
                 .map(cell => cell.querySelector('.jp-InputPrompt')?.textContent.trim() ?? '')"""
        )

    def errors(self) -> list[str]:
        """The texts of cells' error outputs."""
        found = self.page.locator(".jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']")
        return found.all_inner_texts()

    def console_errors(self) -> list[str]:
        """What the page complained about, beside what the browser's closed network cannot fetch."""
        return [text for kind, text in self.console if kind == "error" and not any(map(text.count, NOT_OURS))]

    def leave(self) -> None:
        """Save the notebook, end its kernel, and close the page, as on the evening of a day."""
        self.command("File > Save Notebook")
        expect(self.page.locator(".jp-mod-current.jp-mod-dirty")).to_have_count(0, timeout=10_000)
        self.command("Kernel > Shut Down Kernel")
        self.page.wait_for_timeout(1000)
        self.close()

    def close(self) -> None:
        """Close the page and its context."""
        self.page.context.close()


def write(path: Path, cells: Iterable[str]) -> None:
    """A notebook of these cells of code."""
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)


def accept_the_kernel(page: Page) -> None:
    """A request that comes while the kernel still connects is answered with this question, at any time."""
    page.add_locator_handler(
        page.locator(".jp-Dialog", has_text="Select Kernel"),
        lambda dialog: dialog.locator("button.jp-mod-accept").first.click(),
        no_wait_after=True,
    )


def picture(explorer: Locator) -> str:
    """What an explorer shows now."""
    return explorer.locator(".explorer-pictures").inner_html()


@contextmanager
def moves(explorer: Locator) -> Iterator[None]:
    """Fails unless what is done here is answered, the last of it, with another picture."""
    before = picture(explorer)
    yield
    explorer.page.wait_for_function(
        """([explorer, before]) => explorer.dataset.asked === explorer.dataset.answered
             && explorer.querySelector('.explorer-pictures').innerHTML !== before""",
        arg=[explorer.element_handle(), before],
        timeout=20_000,
    )


def moves_by_key_and_by_mouse(explorer: Locator) -> None:
    """Tries the first slider, or the picture where there is none."""
    control = explorer.locator(".explorer-controls input[type=range], .explorer-pointing").first
    with moves(explorer):
        for key in ("ArrowLeft", "ArrowLeft", "ArrowUp"):
            control.press(key)
    with moves(explorer):
        control.click(position={"x": 0.9 * control.bounding_box()["width"], "y": 8})


@dataclass
class Reader:
    """A page in a browser, and what hostile content did there."""

    page: Page
    acted: list[str] = field(default_factory=list)

    @classmethod
    def new(cls, chromium: Browser) -> Reader:
        return cls.of(chromium.new_context().new_page())

    @classmethod
    def of(cls, page: Page) -> Reader:
        reader = cls(page)
        page.on("dialog", reader._dialog)
        page.context.route(re.compile(r"^(?!file:|data:|http://127\.0\.0\.1)"), reader._elsewhere)
        return reader

    def _dialog(self, dialog: Any) -> None:
        self.acted.append(f"{self.page.url}: a script opened a dialog")
        dialog.dismiss()

    def _elsewhere(self, route: Any) -> None:
        if "example.org" in route.request.url:  # nbgrader's own pages ask for MathJax
            self.acted.append(f"{self.page.url}: asked {route.request.url}")
        route.abort()

    def visit(self, url: str) -> None:
        """Open a page, give it time to act, and look where its frames and links lead."""
        self.page.goto(url)
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(WAIT)
        if len(self.page.frames) > 1:
            self.acted.append(f"{url}: holds a frame")
        self.acted += [f"{url}: links to {link}" for link in self.links() if not harmless(link)]

    def links(self) -> list[str]:
        return self.page.evaluate(
            "() => [...document.querySelectorAll('a[href], area[href], [*|href]')]"
            ".map(a => a.getAttribute('href') ?? a.getAttribute('xlink:href') ?? '')"
        )


def harmless(link: str):
    """Neither a script nor a file that the student handed in."""
    scheme = re.match(r"([a-z-]+):", re.sub(r"[\x00-\x20]", "", link).lower())
    return scheme[1] in ("http", "https", "mailto") if scheme else "page.html" not in link
