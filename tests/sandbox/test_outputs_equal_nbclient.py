"""What a cell shows in the sandbox is what nbgrader's own step, nbclient with a real kernel, saves."""

import re
from pathlib import Path

import nbformat
import pytest
from nbgrader.preprocessors import Execute
from support import kernels_in

from autograde.sandbox import CellTask, Pool

# A real kernel reads what other programs print in a thread, on a busy machine after the cell's end.
PAUSE = "\nimport time; time.sleep(1)"
CORPUS = {
    "streams": [
        "print('a')",
        "import sys\nprint('out')\nprint('err', file=sys.stderr)\nprint('out again')",
        "1",
    ],
    "long stream": ["for i in range(300):\n    print(i)"],
    "results": ["1 + 1", "None", "'text'", "[1, 2], {'a': 1}", "x = 3; x", "x;", "_ + 1", "In[1], Out[1]"],
    "several results": [
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.ast_node_interactivity = 'all'",
        "1\n2\n3",
    ],
    "rich results": [
        "from IPython.display import HTML, Markdown, Latex, SVG, JSON, display\nHTML('<b>hi</b>')",
        "display(Markdown('*a*'), Latex('$x$'))\ndisplay({'text/plain': 'raw'}, raw=True)",
        "JSON({'a': [1, 2, {'b': None}]})",
        "class R:\n    def _repr_html_(self): return '<i>r</i>'\n    def __repr__(self): return 'R'\nR()",
        "display(R(), metadata={'text/html': {'isolated': True}})",
        "class B:\n    def _repr_mimebundle_(self, include=None, exclude=None):\n"
        "        return {'text/plain': 'b', 'application/x.b+json': {'k': 1}}, {'m': {'n': 2}}\nB()",
    ],
    "order": [
        "from IPython.display import display\nprint('one')\ndisplay(2)\nprint('three')\n4",
        "import sys\nprint('a')\ndisplay('d')\nprint('b', file=sys.stderr)\ndisplay('e')\nprint('c')",
    ],
    "display updates": [
        "from IPython.display import display, update_display\nh = display('first', display_id='h')",
        "h.update('second')\nupdate_display('third', display_id='h')\nprint('done')",
        "g = display('x', display_id=True)\nfor i in range(3):\n    g.update(i)",
        "display('again', display_id='h')",
    ],
    "clear_output": [
        "from IPython.display import clear_output, display\nprint('gone')\nclear_output()\nprint('kept')",
        "print('gone')\nclear_output(wait=True)\nprint('kept')",
        "print('kept')\nclear_output(wait=True)",
        "for i in range(5):\n    clear_output(wait=True)\n    display(i)",
    ],
    "errors": [
        "1/0",
        "def f(x):\n    return g(x)\ndef g(x):\n    y = [x]\n    return y[5]\nf(1)",
        "f(2)",
        "print('before')\nraise ValueError('told\\nyou')",
        "if True\n    pass",
        "x = (1,",
        "try:\n    1/0\nexcept ZeroDivisionError as e:\n    raise KeyError('k') from e",
        "class Odd(Exception):\n    def __str__(self): return 'odd'\nraise Odd",
        "undefined_name",
        "import nothing_like_this",
        "assert 1 == 2, 'no'",
        "import numpy as np\nnp.linalg.inv(np.zeros((2, 2)))",
        "raise SystemExit(3)",
        "raise KeyboardInterrupt",
        "def r(n): return r(n + 1)\ntry:\n    r(0)\nexcept RecursionError as e:\n    print('deep')",
        "get_ipython().showtraceback = lambda *a, **k: None\n1/0",
    ],
    "errors while showing": ["class C:\n    def __repr__(self): raise ValueError('no repr')\nC()", "C"],
    "warnings": ["import warnings\nwarnings.warn('careful')", "import numpy as np\nnp.array([1.0]) / 0"],
    "input": ["input('name? ')", "import getpass\ngetpass.getpass('word? ')"],
    "magics": [
        "%lsmagic\nNone",
        "%%capture held\nprint('held')",
        "held.stdout",
        "%%python\nprint('other process')",
        "%no_such_magic",
        "%%html\n<b>x</b>",
        "%who",
        "?print",
        "print??",
    ],
    "shell": [
        "!echo hello",
        "x = !echo a b\nx",
        "!exit 3",
        "_exit_code",
        f"import os\n_ = os.system('echo system'){PAUSE}",
    ],
    "child processes": [f"import subprocess\n_ = subprocess.run(['echo', 'child']){PAUSE}"],
    "async": [
        "import asyncio\nasync def a():\n    await asyncio.sleep(0)\n    return 5\nawait a()",
        "async def b():\n    print('b')\nawait asyncio.gather(b(), b())\nNone",
        "await asyncio.sleep(0)\n1/0",
        "asyncio.get_running_loop().is_running()",
    ],
    "async left to be done": [
        "import asyncio\nseen = []\nasync def later():\n    for i in range(5):\n"
        "        await asyncio.sleep(0.001)\n        seen.append(i)\ntask = asyncio.create_task(later())",
        "await asyncio.sleep(0.3)\nseen, task.done()",
        "_ = asyncio.get_running_loop().call_soon(seen.append, 'soon')",
        "seen[-1]",
    ],
    "a state of its own": [
        "shell = get_ipython()\nkernel = shell.kernel\nidle = {'execution_state': 'idle'}\n"
        "_ = kernel.session.send(kernel.iopub_socket, 'status', idle, parent=shell.parent_header)\n"
        "print('too late')",
        "print('in time')",
    ],
    "threads": [
        "import threading\nt = threading.Thread(target=lambda: print('thread'))\nt.start()\nt.join()"
    ],
    "figures": [
        "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2])\nplt.show()",
        "fig, ax = plt.subplots()\nax.plot([1, 2])",
        "fig, ax = plt.subplots()\nprint('between')\nplt.show()\nprint('after')",
        "fig",
        "plt.plot([1]);",
        "%matplotlib inline\n%config InlineBackend.figure_formats = ['svg']\nprint(plt.get_backend())",
        "plt.close('all')\nplt.rcParams['figure.figsize'], plt.rcParams['figure.dpi']",
    ],
    "matplotlib before pyplot": [
        "import matplotlib\nmatplotlib.get_backend()",
        "matplotlib.rcParams['figure.facecolor']",
    ],
    "widgets": [
        "import ipywidgets as w\ns = w.IntSlider(3)\ns",
        "out = w.Output()\nout",
        "with out:\n    print('inside')",
        "len(out.outputs)",
        "w.interact(lambda x: print(x), x=(0, 3));",
        "s.value = 2\ns.value",
    ],
    "history": ["a = 1", "a", "_oh", "In", "%history", "get_ipython().execution_count"],
    "empty": ["", "  \n", "# only a comment", "pass"],
    "empty after an error": ["1/0", "", "# nothing", "1"],
    "unicode": [
        "print('θ ← θ − η·g 🎉')",
        "'\\ud800'.encode('utf-8', 'surrogatepass')",
        "print('\\x1b[31mred\\x1b[0m')",
    ],
    "carriage returns": ["print('a\\rb')", "import sys\nsys.stdout.write('x\\by\\n')\nNone"],
    "odd streams": [
        "import sys\nsys.stdout.write(5)",
        "sys.stdout.isatty(), sys.stdout.encoding, sys.stdout.name, sys.stdout.closed",
        "print('no newline', end='')",
        "print('and on')",
        "sys.stdout.writelines(['a', 'b'])",
    ],
    "stdout replaced": [
        "import io, contextlib as c\nwith c.redirect_stdout(io.StringIO()) as f:\n    print(1)\nf.getvalue()"
    ],
    "logging": ["import logging\nlogging.warning('logged')", "logging.getLogger('a').error('b')"],
    "namespace": ["__name__", "sorted(k for k in globals() if not k.startswith('_'))", "%reset -f", "dir()"],
    "main module": ["import sys\nsys.modules['__main__'].__dict__ is globals()", "__file__"],
    "dataclass and pickle": [
        "import pickle\nclass P:\n    x = 1\npickle.loads(pickle.dumps(P())).x",
        "import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f))",
    ],
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
