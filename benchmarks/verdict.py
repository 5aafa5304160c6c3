"""`python benchmarks/verdict.py [EVERY]`: when a verdict is on the screen, and when the place of a mistake.

Every answer of `tests/answers` (every 10th, or EVERYth) is checked in a kernel, as a front end asks for it, on a quiet machine and
beside four busy loops. Printed: the median and the longest time from asking to the verdict, for right and wrong answers,
the same for the place, and for how many wrong answers one is found: that does not depend on the machine. With EVERY 0: the
medians from Shift+Enter in JupyterLab, in Chromium, of an Adam that is right and one whose ε stands inside the root.
"""

import ast
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from jupyter_client.manager import start_new_kernel

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from browser.harness import browser, server, write
from student_answers import PASSED, answers

from verdicts.notebook.showing import LOOKING

BUSY = [sys.executable, "-c", "while True: pass"]
WAIT = 90
RUNS = 9
RULE = """
class {}:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.m, self.v, self.t = {{}}, {{}}, 0

    def update(self, params, grads):
        self.t += 1
        for k in params:
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * grads[k]
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * grads[k] ** 2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            params[k] -= self.lr * m_hat / {}
"""
RULES = RULE.format("Right", "(np.sqrt(v_hat) + self.eps)") + RULE.format(
    "Wrong", "np.sqrt(v_hat + self.eps)"
)
PRESSED = "addEventListener('keydown', () => { window.pressed = performance.now(); }, true)"
SHOWN = """([cell, text]) => new Promise((resolve) => {
    const look = () => cell.innerText.includes(text) ? resolve(performance.now() - pressed) : requestAnimationFrame(look);
    look();
})"""
"""The milliseconds from the last key to a text in a cell."""


def shown(client: Any, code: str) -> list[tuple[float, str]]:
    """What a cell displays and puts in its place, each with the seconds since it was asked for."""
    begun, found, is_idle = time.monotonic(), [], False
    content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
    request = client.session.msg("execute_request", content, metadata={"cellId": "here"})
    client.shell_channel.send(request)
    while not is_idle or any(LOOKING in text for _, text in found[-1:]):
        message = client.get_iopub_msg(timeout=WAIT)
        kind, said = message["msg_type"], message["content"]
        text = said.get("data", {}).get("text/plain", "")
        if kind in ("display_data", "update_display_data") and text[:1] in ("✓", "✗"):
            found.append((time.monotonic() - begun, text))
        is_idle |= kind == "status" and said["execution_state"] == "idle" and message["parent_header"] != {}
    return found


def measure(every: int) -> None:
    """Print a line for right answers and one for wrong ones."""
    manager, client = start_new_kernel(kernel_name="python3")
    shown(client, "import math\nimport numpy as np\nfrom descentlab import check")
    times: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for one in [*answers().values()][::every]:
        *_, last = [
            node for node in ast.parse(one.code).body if isinstance(node, ast.FunctionDef | ast.ClassDef)
        ] or [None]
        if last is None:
            continue
        shown(client, one.code)
        if several := shown(client, f'check("{one.check}", {last.name})'):
            place = several[-1][0] if "Line " in several[-1][1] else np.nan
            times[one.expect == PASSED].append((several[0][0], place))
    for passed, rows in times.items():
        verdict, place = np.array(rows).T
        said = f"{'right' if passed else 'wrong'}: verdict {np.median(verdict):.2f} s, at most {verdict.max():.2f}"
        if not passed:
            said += f"; place {np.nanmedian(place):.2f} s, at most {np.nanmax(place):.2f}, for {np.isfinite(place).sum()} of {len(place)}"
        print(said)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def measure_in_browser() -> None:
    """Print the medians of a right answer and of a wrong one, and of its place."""
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        root = Path(folder, "course")
        checks = [f'check("adam/update", {name}, points=5)' for name in ("Right", "Wrong")] * RUNS
        write(root / "adam.ipynb", ["import numpy as np\nfrom descentlab import check", RULES, *checks])
        with server(root) as lab:
            page = lab.open(chromium, "adam.ipynb").page
            page.evaluate(PRESSED)
            cells = page.locator(".jp-CodeCell")
            times: dict[str, list[float]] = {"✓": [], "✗": [], "Line ": []}
            for number in range(2 + len(checks)):
                cell = cells.nth(number)
                cell.locator(".cm-content").click()
                page.keyboard.press("Shift+Enter")
                for text in [] if number < 2 else ["✓"] if number % 2 == 0 else ["✗", "Line "]:
                    times[text].append(page.evaluate(SHOWN, [cell.element_handle(), text]) / 1000)
                page.wait_for_timeout(500)
    right, wrong, place = (np.median(seconds) for seconds in times.values())
    print(f"right {right:.2f} s, wrong {wrong:.2f} s, {wrong - right:.2f} later; its place {place:.2f} s")


def main() -> None:
    """Print both tables."""
    every = int(sys.argv[1]) if sys.argv[1:] else 10
    table = (lambda: measure(every)) if every else measure_in_browser
    print("quiet")
    table()
    loops = [subprocess.Popen(BUSY) for _ in range(4)]
    try:
        print("beside four busy loops")
        table()
    finally:
        for loop in loops:
            loop.kill()


if __name__ == "__main__":
    main()
