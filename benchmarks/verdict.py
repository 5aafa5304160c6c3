"""`python benchmarks/verdict.py [EVERY]`: when a verdict is on the screen, and when the place of a mistake.

Every answer of `tests/answers` (every 10th, or EVERYth) is checked in a kernel, as a front end asks for it, on a quiet machine and
beside four busy loops. Printed: the median and the longest time from asking to the verdict, for right and wrong answers,
the same for the place, and for how many wrong answers one is found: that does not depend on the machine.
"""

import ast
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from jupyter_client.manager import start_new_kernel

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from student_answers import PASSED, answers

from verdicts.notebook.showing import LOOKING

BUSY = [sys.executable, "-c", "while True: pass"]
WAIT = 90


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


def main() -> None:
    """Print both tables."""
    every = int(sys.argv[1]) if sys.argv[1:] else 10
    print("quiet")
    measure(every)
    loops = [subprocess.Popen(BUSY) for _ in range(4)]
    try:
        print("beside four busy loops")
        measure(every)
    finally:
        for loop in loops:
            loop.kill()


if __name__ == "__main__":
    main()
