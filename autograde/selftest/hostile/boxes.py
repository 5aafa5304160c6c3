"""Cells run in boxes as the grader would run them, under limits of the suite's own."""

from autograde.sandbox import CellTask, Limits, Pool, RunResult
from autograde.selftest.hostile.attack import CHECK

LIMITS = Limits(cell_seconds=15, wall_seconds=60, memory_bytes=1024 * 2**20)
SEED = 1_234_567_890_123_456
CHECK_SEED = 8_765_432_109_876_543


def tasks(cells: tuple[str, ...]) -> list[CellTask]:
    """Cells as the grader would send them: a check's cell with its seed."""
    return [CellTask(cell, CHECK_SEED if cell.endswith(CHECK) else None) for cell in cells]


def printed(result: RunResult) -> str:
    """Everything a run showed as text."""
    words = []
    for cell in result.cells:
        for output in cell.outputs:
            words.append(output.get("text") or output.get("evalue") or str(output.get("data", "")))
    return "\n".join(words)


def run_cells(cells: tuple[str, ...]) -> str:
    """What cells print in a box of their own."""
    with Pool(jobs=1, limits=LIMITS) as pool:
        return printed(pool.submit_run(tasks(cells), SEED).result())
