"""What a cell shows in the sandbox is what nbgrader's own step, nbclient with a real kernel, saves."""

import re
from pathlib import Path

import nbformat
import pytest
from nbgrader.preprocessors import Execute
from support import kernels_in

from autograde.sandbox import CellTask, Pool

CELL = re.compile(r"^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)
KINDS = Path(__file__).with_name("cells.md").read_text(encoding="utf-8").split("\n## ")[1:]
CORPUS = {
    kind.partition("\n")[0]: [source.removesuffix("\n") for source in CELL.findall(kind)] for kind in KINDS
}

# Kinds that leave the shell as it was: one kernel for all of them, as starting one takes seconds.
TOGETHER = (
    *("streams", "long stream", "results", "rich results", "order", "clear_output", "errors while showing"),
    *("warnings", "input", "unicode", "carriage returns", "stdout replaced", "main module", "empty"),
    *("dataclass and pickle", "threads", "shell", "child processes", "display updates"),
)
NOTEBOOKS = {kind: sources for kind, sources in CORPUS.items() if kind not in TOGETHER}
NOTEBOOKS["what leaves the shell as it was"] = [source for kind in TOGETHER for source in CORPUS[kind]]

WIDGET = "application/vnd.jupyter.widget-view+json"


def normal(outputs: list) -> list:
    """Outputs without what differs between any two runs: ids of widgets, addresses, places on the disk."""
    merged: list = []
    for output in outputs:
        output = {key: value for key, value in dict(output).items() if key != "transient"}
        if "data" in output:
            data = dict(output["data"])
            if WIDGET in data:
                data[WIDGET] = {**data[WIDGET], "model_id": "?"}
            output["data"] = data
        before = merged[-1] if merged else None
        if output["output_type"] == "stream" and before and before.get("name") == output["name"]:
            before["text"] += output["text"]
        else:
            merged.append(output)
    return [scrubbed(output) for output in merged]


def scrubbed(value):
    if isinstance(value, dict):
        return {key: scrubbed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [scrubbed(item) for item in value]
    if not isinstance(value, str):
        return value
    value = re.sub(r"0x[0-9a-f]{6,}", "0x?", value)
    value = re.sub(r"\b[0-9a-f]{32}\b", "?", value)
    value = re.sub(r"\x1b\[[0-9;]*m", "", value)
    value = re.sub(r"ipykernel_\d+[/_]\d+", "ipykernel", value)
    return re.sub(r"(/outside)?/tmp/[^\s]*?\.py", "cell.py", value)


def nbclient_outputs(sources: list[str], folder: Path) -> list:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "", "language": "python"}
    Execute(timeout=60, startup_timeout=300, config=kernels_in(folder)).preprocess(notebook, {})
    return [(normal(cell.outputs), cell.execution_count) for cell in notebook.cells]


@pytest.mark.parametrize("kind", NOTEBOOKS)
def test_outputs_equal_those_of_nbclient(kind: str, run, tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # ipykernel leaves descriptors alone where it sees this
    sources = NOTEBOOKS[kind]
    result = run(*sources)
    assert result.flags == ()
    ours = [(normal(cell.outputs), cell.execution_count) for cell in result.cells]
    stock = nbclient_outputs(sources, tmp_path)
    for source, mine, theirs in zip(sources, ours, stock, strict=True):
        assert mine == theirs, f"in the cell {source!r}"


@pytest.mark.needs("bubblewrap")
def test_figures_and_widgets_are_the_same_where_nothing_was_loaded_for_them(run):
    sources = [*CORPUS["matplotlib before pyplot"], *CORPUS["figures"], *CORPUS["widgets"]]
    probe = "import sys\nprint({'matplotlib', 'ipywidgets', 'descentlab.figures'} & set(sys.modules))"
    with Pool(jobs=1, figures=False) as bare:
        for _ in range(2):
            tasks = [CellTask(source) for source in (probe, *sources)]
            nothing, *cells = bare.submit_run(tasks, 1).result(timeout=120).cells
            assert nothing.outputs[0]["text"] == "set()\n"
            for source, one, other in zip(sources, cells, run("1", *sources).cells[1:], strict=True):
                assert normal(one.outputs) == normal(other.outputs), f"in the cell {source!r}"
