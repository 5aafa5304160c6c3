"""Every lesson shows in the sandbox what nbgrader's own step, with a real kernel, saves, and earns all points.

Check cells aside: there the sandbox only records, and the grader puts the verdict instead of the outputs. Explorers are
not drawn in it.
"""

import re

import nbformat
import pytest
from nbgrader.preprocessors import Execute
from support import ROOT, kernels_in

from autograde.course.release_steps import check_cells
from autograde.sandbox import CellTask, Limits, Pool
from verdicts.judging import judge

from .test_outputs_equal_nbclient import normal

LESSONS = sorted((ROOT / "solutions").glob("*/*.ipynb"))
SEED = 20260117
NOT_ALIKE = re.compile(r"\bcheck\(|\bexplore")


@pytest.fixture(scope="module")
def pool():
    with Pool(
        jobs=1, for_solution=True, limits=Limits(cell_seconds=300, wall_seconds=900, cpu_seconds=900)
    ) as made:
        yield made


@pytest.mark.needs("bubblewrap")
@pytest.mark.parametrize(
    "lesson",
    [
        pytest.param(path, id=path.stem, marks=[pytest.mark.slow] * (path.stem not in ("adam", "practice")))
        for path in LESSONS
    ],
)
def test_a_lesson_shows_the_same_in_the_sandbox_and_earns_full_points(lesson, pool, tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    monkeypatch.setenv("PYTHONHASHSEED", "0")
    monkeypatch.delenv("PYTEST_CURRENT_TEST")
    for name in ("OMP", "OPENBLAS", "MKL"):
        monkeypatch.setenv(f"{name}_NUM_THREADS", "1")
    notebook = nbformat.read(lesson, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    checks = {cell.metadata.nbgrader.grade_id: name for cell, name in check_cells(notebook)}
    asked = [checks.get(cell.metadata.get("nbgrader", {}).get("grade_id"), "") for cell in cells]
    tasks = [
        CellTask(cell.source, SEED if check else None, check)
        for cell, check in zip(cells, asked, strict=True)
    ]
    run = pool.submit_run(tasks, seed=0)
    stock = Execute(timeout=300, startup_timeout=300, config=kernels_in(tmp_path))
    stock.preprocess(notebook, {"metadata": {"path": str(tmp_path)}})
    result = run.result()
    assert result.flags == ()
    differing = [
        cell.source.splitlines()[0]
        for cell, ours in zip(cells, result.cells, strict=True)
        if not NOT_ALIKE.search(cell.source) and normal(ours.outputs) != normal(cell.outputs)
    ]
    assert differing == []
    for check, cell in zip(asked, result.cells, strict=True):
        if check:
            verdict = judge(check, cell.evidence, SEED)
            assert verdict.passed, verdict
