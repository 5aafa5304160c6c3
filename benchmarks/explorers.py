"""`python benchmarks/explorers.py`: how fast the explorers answer, in a real JupyterLab and a real Chromium.

For each explorer: milliseconds from a key press to the first painted frame with another picture (median and
95 %), how long after the release of a two-second drag the last picture changes, how long opening takes, and
the kernel's CPU time for a move, the student's code included. Goals: 40, 80, 150, 1000 and 10 ms on an idle
machine of two cores; the load of the machine is printed beside them.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from browser.harness import browser, server  # noqa: E402

MOVES = 40
DRAG_SECONDS = 2.0
# What is written in the cell, and the control that is moved: each of its places has a picture of its own.
EXPLORERS = {
    "paths": ("explore([SGD, Momentum], bowl, steps=200)", "Momentum: μ"),
    "stability": ("explore_stability(Momentum, radius, (0.1, 2.0), lr=1.0, steps=200)", "η and μ"),
    "moving averages": ("explore_bias(Adam, '1*60')", "decay β₂"),
    "noise": ("explore_noise(SGD, theory=floor, steps=200)", "learning rate η"),
    "rotation": ("explore_rotation([SGD, AdaGrad], angle=45, steps=200)", "angle in degrees"),
    "distance h": ("explore_gradient_check(slopes, unkind, unkind_slope)", "the point θ"),
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


def main() -> None:
    rules = (ROOT / "tests" / "explorers" / "explorer_rules.py").read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "root"
        root.mkdir()
        for number, (call, _) in enumerate(EXPLORERS.values()):
            pid = f"open({str(root / f'{number}.pid')!r}, 'w').write(str(os.getpid()))"
            notebook = new_notebook(cells=[new_code_cell(cell) for cell in (SET_UP, rules, pid, call)])
            notebook.metadata.kernelspec = {
                "name": "python3",
                "display_name": "Python 3",
                "language": "python",
            }
            nbformat.write(notebook, root / f"{number}.ipynb")
        print(
            f"{'explorer':14} {'median':>8} {'95 %':>8} {'drag':>8} {'opening':>8} {'CPU a move':>11}   load"
        )
        with server(root) as lab, browser() as chromium:
            for number, (name, (_, control)) in enumerate(EXPLORERS.items()):
                measured = measure(lab, chromium, root, number, control)
                print(f"{name:14} {measured}   {os.getloadavg()[0]:.1f}", flush=True)


def measure(lab, chromium, root: Path, number: int, control: str) -> str:
    """One line of numbers for the explorer in notebook `number`."""
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
    return (
        f"{statistics.median(waits):5.0f} ms {late:5.0f} ms {lag:5.0f} ms {1000 * opening:5.0f} ms"
        f" {1000 * cpu / MOVES:8.1f} ms"
    )


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
    main()
