"""`python benchmarks/explorers.py [NAME ...]`: how fast the explorers answer, in JupyterLab and Chromium.

First an empty widget: a slider whose place goes to Python and comes back, and one painted frame. Machines
differ, and one machine's speed varies; so of each explorer its ratio to the empty widget of the same run is
what counts. From a key press to the first painted frame with another picture: at most 2 at the median and 4
at 95 %; the same for the last picture after the release of a two-second drag, against the empty widget's.
Opening takes at most 250 ms on an idle machine. Beside them the kernel's CPU time for a move, the student's
code included, and the machine's load.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser.harness import browser, server

MOVES = 40
DRAG_SECONDS = 2.0
# What is written in the cell, and the control that is moved: each of its places has a picture of its own.
EMPTY = """import anywidget, traitlets
class Empty(anywidget.AnyWidget):
    asked = traitlets.Int(50).tag(sync=True)
    answer = traitlets.Int(50).tag(sync=True)
    _esm = '''export default { render({ model, el }) {
        el.innerHTML = '<div class="explorer">' +
            '<input type="range" max="100" aria-label="empty" data-lm-suppress-shortcuts>' +
            '<div class="explorer-pictures"></div></div>';
        const [input, shown] = el.firstChild.children;
        input.oninput = () => { model.set('asked', Number(input.value)); model.save_changes(); };
        model.on('change:answer', () => (shown.textContent = model.get('answer')));
    } };'''
empty = Empty()
empty.observe(lambda change: setattr(empty, 'answer', change['new']), 'asked')
display(empty)"""
EXPLORERS = {
    "empty widget": (EMPTY, "empty"),
    "paths": ("explore(Momentum, bowl, steps=200)", "momentum μ"),
    "moving averages": ("explore_bias(Adam, 60 * [1])", "decay β₂"),
}
SET_UP = "import os\nfrom descentlab.explorers import *\nfrom descentlab.objectives import bowl\n"
WATCH = """explorer => {
    const OBSERVED = { subtree: true, childList: true, attributes: true };
    const found = window.watched = { pressed: 0, waits: [], changed: 0 };
    addEventListener('keydown', () => (found.pressed = performance.now()), true);
    new MutationObserver(() => {
        found.changed = performance.now();
        const pressed = found.pressed;
        found.pressed = 0;
        // A message posted in a frame is delivered once that frame has been painted.
        const channel = new MessageChannel();
        channel.port1.onmessage = () => found.waits.push(performance.now() - pressed);
        if (pressed) requestAnimationFrame(() => channel.port2.postMessage(0));
    }).observe(explorer.querySelector('.explorer-pictures'), OBSERVED);
}"""


def main(names: list[str]) -> None:
    chosen = [name for name in EXPLORERS if not names or name in [*names, "empty widget"]]
    rules = (ROOT / "tests" / "explorers" / "explorer_rules.py").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        root.mkdir()
        for number, name in enumerate(chosen):
            call, _ = EXPLORERS[name]
            pid = f"open({str(root / f'{number}.pid')!r}, 'w').write(str(os.getpid()))"
            notebook = new_notebook(cells=[new_code_cell(cell) for cell in (SET_UP, rules, pid, call)])
            notebook.metadata.kernelspec = {
                "name": "python3",
                "display_name": "Python 3",
                "language": "python",
            }
            nbformat.write(notebook, root / f"{number}.ipynb")
        heads = "".join(f"{head:>16}" for head in ("key, median", "key, 95 %", "drag"))
        print(f"{'explorer':16}{heads} {'opening':>8} {'CPU':>8}   load")
        with server(root) as lab, browser() as chromium:
            empty = None
            for number, name in enumerate(chosen):
                measured = measure(lab, chromium, root, number, EXPLORERS[name][1])
                empty = empty or measured
                print(f"{name:16} {measured.relative_to(empty)}   {os.getloadavg()[0]:.1f}", flush=True)


@dataclass
class Measured:
    """Milliseconds of one explorer."""

    median: float
    late: float
    lag: float
    opening: float
    cpu: float

    def relative_to(self, empty: Measured) -> str:
        """One line, with the ratios to the empty widget."""
        pairs = ((self.median, empty.median), (self.late, empty.median), (self.lag, empty.lag))
        ratios = " ".join(f"{ms:5.0f} ms {ms / max(base, 1):5.2f}×" for ms, base in pairs)
        return f"{ratios} {self.opening:5.0f} ms {self.cpu:5.1f} ms"


def measure(lab, chromium, root: Path, number: int, control: str) -> Measured:
    """The explorer in notebook `number`."""
    notebook = lab.open(chromium, f"{number}.ipynb")
    notebook.run_all()
    page = notebook.page
    page.locator(".explorer").wait_for()
    page.locator(".jp-Cell").last.click(position={"x": 300, "y": 12})
    before = page.locator(".explorer").element_handle()
    began = time.perf_counter()
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(
        "old => { const e = document.querySelector('.explorer'); return e && e !== old; }", arg=before
    )
    opening = time.perf_counter() - began
    explorer = page.locator(".explorer")
    slider = explorer.get_by_label(control)
    explorer.evaluate(WATCH)
    slider.focus()
    kernel = int((root / f"{number}.pid").read_text())
    cpu = cpu_seconds(kernel)
    for move in range(MOVES):
        page.keyboard.press("ArrowLeft" if move % 20 < 10 else "ArrowRight")
        page.wait_for_timeout(150)
    cpu = cpu_seconds(kernel) - cpu
    waits = page.evaluate("window.watched.waits")
    lag = drag(page, slider)
    notebook.close()
    late = statistics.quantiles(waits, n=20)[-1]
    return Measured(statistics.median(waits), late, lag, 1000 * opening, 1000 * cpu / MOVES)


def drag(page, slider) -> float:
    """Milliseconds from the release to the last change of the picture."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    y, left, width = box["y"] + box["height"] / 2, box["x"] + 0.2 * box["width"], 0.6 * box["width"]
    page.mouse.move(left, y)
    page.mouse.down()
    began = time.perf_counter()
    while (passed := time.perf_counter() - began) < DRAG_SECONDS:
        page.mouse.move(left + width * abs(1 - passed % 2), y)
    page.evaluate("window.released = performance.now()")
    page.mouse.up()
    page.wait_for_timeout(1500)
    return page.evaluate("Math.max(0, window.watched.changed - window.released)")


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far (Linux)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main(sys.argv[1:])
