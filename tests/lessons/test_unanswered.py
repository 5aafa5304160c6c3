"""A stub that is not filled in says so in one sentence."""

import tempfile
from pathlib import Path

import nbformat.v4 as v4
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from support import kernels_in

STUB = (
    "class Adam:\n    def update(self, params, grads):\n        raise NotImplementedError  # your code here"
)
USE = "def helper():\n    Adam().update({}, {})\npath = helper()"


def run(*sources, allow_errors=True):
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    with tempfile.TemporaryDirectory() as folder:
        kernels = kernels_in(Path(folder))
        NotebookClient(notebook, kernel_name="python3", allow_errors=allow_errors, config=kernels).execute()
    return [cell.outputs for cell in notebook.cells]


@pytest.fixture(scope="module")
def outputs():
    return run(
        "import descentlab",
        STUB,
        USE,
        "loss = path[-1]",
        "loss",
        "raise NotImplementedError('of my own')",
        "int.to_bytes('x')",
        "misspelt",
        "In = 3",
        USE,
        "loss = path[-1]",
        "path",
    )


@pytest.mark.parametrize("cell", [2, 3, 4, 9, 10, 11])
def test_an_experiment_before_its_stub_is_filled_ends_in_one_sentence(outputs, cell):
    (error,) = outputs[cell]
    assert error.output_type == "error"
    (sentence,) = error.traceback
    assert sentence.startswith("Adam.update is not answered yet")
    assert "\n" not in sentence


@pytest.mark.parametrize(("cell", "text"), [(5, "of my own"), (6, "TypeError"), (7, "misspelt")])
def test_other_errors_keep_their_stack(outputs, cell, text):
    (error,) = outputs[cell]
    assert len(error.traceback) > 1
    assert text in "".join(error.traceback)


def test_the_cell_still_counts_as_failed():
    with pytest.raises(CellExecutionError):
        run("import descentlab", STUB, USE, allow_errors=False)


def test_a_stub_whose_text_was_edited_is_still_a_stub():
    edited = [
        "raise NotImplementedError",
        "raise NotImplementedError()  # TODO",
        'raise NotImplementedError("Ihr Code hier")',
        "raise NotImplementedError  # your code here: I tried m and v",
    ]
    stubs = [STUB.replace("raise NotImplementedError  # your code here", line) for line in edited]
    outputs = run("import descentlab", *(cell for stub in stubs for cell in (stub, USE)))
    for (error,) in outputs[2::2]:
        (sentence,) = error.traceback
        assert sentence.startswith("Adam.update is not answered yet")


FRONT_END = """import verdicts.notebook.cells
verdicts.notebook.cells._cell_id = lambda: "here"
shown = []
get_ipython().display_pub.publish = lambda data, *rest, **named: shown.append(data)
"""


def test_in_a_front_end_the_sentence_links_to_the_stub_and_nothing_is_red(tmp_path, monkeypatch):
    path = tmp_path / "adam.ipynb"
    stub = v4.new_code_cell(STUB, id="stub", metadata={"nbgrader": {"solution": True}})
    path.write_text(v4.writes_json(v4.new_notebook(cells=[stub])))
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    *_, used, shown = run(FRONT_END, STUB, USE, 'print(shown[0]["text/html"])')
    assert used == []
    assert 'adam.ipynb#cell-id=stub">Adam.update is not answered yet' in shown[0]["text"]


def test_a_name_that_another_cell_makes_is_not_there_yet_and_no_other_is_offered(tmp_path, monkeypatch):
    path = tmp_path / "adam.ipynb"
    path.write_text(v4.writes_json(v4.new_notebook(cells=[v4.new_code_cell("import numpy as np")])))
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    answer = "def weight_sum(p, t):\n    return 1 - np.power(p, t)"
    mine = 'def mine(beta, t):\n    raise NameError("of my own")\ncheck("adam/weight-sum", mine)'
    check = f'from descentlab import check\n{mine}\ncheck("adam/weight-sum", weight_sum)'
    *_, used, shown = run(
        FRONT_END, answer, check, "np.ones(2)", "print([one['text/plain'] for one in shown])"
    )
    assert used == []
    assert shown[0]["text"].count("np is not there yet: run the cells above") == 2
    assert "nearest" not in shown[0]["text"]


SGD = "class SGD:\n    def __init__(self, lr):\n        self.lr = lr\n    def update(self, params, grads):\n        {}\n"
CHECK = 'check("sgd/update", SGD, points=3)'
WRONG, BROKEN = SGD.format("params[0] = 0"), SGD.format("for k in params\n            pass")
LATE, UNMADE = WRONG + "print(missing)", "print(missing)\n" + WRONG
VALUE = ("best_lr = 0.1", "best_lr = 1 / 0", 'check("sgd/best-lr", best_lr, points=1)')


@pytest.fixture(scope="module")
def checked():
    """What is shown by a check after each of these cells."""
    cells = ["from descentlab import check", WRONG, CHECK, BROKEN, CHECK, UNMADE, CHECK, LATE, CHECK]
    cells += [WRONG, CHECK, *VALUE, "In = 3", CHECK]
    return [str(outputs) for outputs in run(*cells)]


@pytest.mark.parametrize(
    ("cell", "error"), [(4, "SyntaxError, line 5"), (6, "NameError"), (13, "ZeroDivisionError")]
)
def test_a_check_says_first_that_the_cell_of_its_answer_did_not_run(checked, cell, error):
    name = "best_lr" if cell == 13 else "SGD"
    said = f"The cell that makes {name} did not run ({error}): what is checked here is the version before."
    assert said in checked[cell]
    assert checked[cell].index(said) < checked[cell].index("✗")


@pytest.mark.parametrize("cell", [2, 8, 10, 15])
def test_a_check_of_an_answer_whose_cell_made_it_says_nothing_of_the_kind(checked, cell):
    assert "✗" in checked[cell]
    assert "did not run" not in checked[cell]
