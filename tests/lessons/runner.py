"""Runs a notebook's code cells in IPython's own shell, in a process of its own.

`python runner.py NOTEBOOK OUT [START]` writes a JSON list, an object a code cell: source, grade_id, cpu (s), value (text),
printed, warned, displays (data), error (what was shown, a list of strings). The code cells before number START run last.
"""

import json
import sys
import time
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output


class Shell(InteractiveShell):
    """A shell that keeps what it would show of an error."""

    shown: list[str] | None = None

    def _showtraceback(self, etype, evalue, stb):
        self.shown = [str(line) for line in stb]

    def init_display_formatter(self):
        super().init_display_formatter()
        self.display_formatter.active_types = ["text/plain", "text/html", "image/png"]


def main(notebook: str, out: str, start: str = "0") -> None:
    shell = Shell.instance()
    results, first = [], int(start)
    cells = json.loads(Path(notebook).read_bytes())["cells"]  # nbformat would take a second to import
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    for cell in code[first:] + code[:first]:
        source, metadata = "".join(cell["source"]), cell["metadata"].get("nbgrader", {})
        shell.shown = None
        began = time.process_time()
        with capture_output() as captured:
            result = shell.run_cell(source, store_history=True)
        results.append(
            {
                "source": source,
                "grade_id": metadata.get("grade_id"),
                "cpu": time.process_time() - began,
                "value": None if result.result is None else repr(result.result),
                "printed": captured.stdout,
                "warned": captured.stderr,
                "displays": [_plain(shown.data) for shown in captured.outputs],
                "error": shell.shown,
            }
        )
    with open(out, "w", encoding="utf-8") as file:
        json.dump(results[len(code) - first :] + results[: len(code) - first], file)


def _plain(data: dict) -> dict:
    return {kind: value if isinstance(value, str) else "binary" for kind, value in data.items()}


if __name__ == "__main__":
    main(*sys.argv[1:])
