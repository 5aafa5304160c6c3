"""Cells that measure the cells between them, in whatever process runs a notebook."""

import json
import mmap
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell

# With a limit on processor time, as in a box, `time.process_time` stands still between ticks of 4 ms.
FIRST = """
from resource import RUSAGE_SELF as _SELF, getrusage as _use

_used, _inside = {"seconds": [], "showing": [], "faults": []}, []

def _now():
    use = _use(_SELF)
    return use.ru_utime + use.ru_stime, use.ru_minflt

def _measured(step, name):
    def measured(*given, **named):
        if name in _inside:
            return step(*given, **named)
        _inside.append(name)
        began, faults = _now()
        try:
            return step(*given, **named)
        finally:
            _inside.remove(name)
            ended, faults_then = _now()
            _used[name].append(ended - began)
            if name == "seconds":
                _used["faults"].append(faults_then - faults)
    return measured

_shell = get_ipython()
for _step in ("transform_cell", "should_run_async", "run_cell"):  # a kernel calls the first two itself
    setattr(_shell, _step, _measured(getattr(_shell, _step), "seconds"))
_shell.display_pub.publish = _measured(_shell.display_pub.publish, "showing")
"""
LAST = "import json\nprint('used', json.dumps(_used))"
ROOM = 64 * 2**20


@dataclass(frozen=True)
class Used:
    """What a notebook's own cells used: processor seconds, those of sending what they show, pages touched."""

    seconds: float
    showing: float
    faults: int


def with_meter(lesson: Path, folder: Path) -> Path:
    """A copy of a lesson below `folder` that measures its cells."""
    copy = folder / lesson.name
    shutil.copytree(lesson, copy)
    (path,) = copy.glob("*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    first = next(place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    notebook.cells.insert(first, new_code_cell(FIRST, id="meter-first"))
    notebook.cells.append(new_code_cell(LAST, id="meter-last"))
    nbformat.write(notebook, path)
    return copy


def read(printed: str, after: int = 0) -> Used:
    """What the last cell said, without the first `after` cells."""
    used = json.loads(printed.removeprefix("used "))
    return Used(sum(used["seconds"][after:]), sum(used["showing"]), sum(used["faults"][after:]))


def seconds_a_copied_page() -> float:
    """Processor seconds that a forked process pays for writing to a page that it shares."""
    room = mmap.mmap(-1, ROOM, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    room.madvise(mmap.MADV_NOHUGEPAGE)
    pages = np.frombuffer(room, np.uint8)[:: mmap.PAGESIZE]
    pages[:] = 1
    child = os.fork()
    if child == 0:
        pages[:] = 2
        os._exit(0)
    used = os.wait4(child, 0)[2]
    return (used.ru_utime + used.ru_stime) / len(pages)
