"""What lessons use, imported and tried once, so that no submission pays for the first time."""

from __future__ import annotations

import gc
import importlib
import pkgutil
import sys
from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .notebook import Notebook

# What others import where they find it, and nobody uses here: a debugger, what asyncio would encrypt
# connections with, and what jsonschema would check addresses, colours, dates and pointers by.
NEEDLESS = (
    "debugpy",
    "fqdn",
    "idna",
    "isoduration",
    "jsonpointer",
    "rfc3339_validator",
    "rfc3986_validator",
    "rfc3987_syntax",
    "ssl",
    "uri_template",
    "webcolors",
)
DRAWING = ("descentlab.figures", "descentlab.explorers")  # rooms that load Matplotlib and widgets


def warmed(figures: bool, withheld: list[str]) -> tuple[Notebook, list[str]]:
    """A notebook with all that lessons use imported, and the modules that did not load."""
    gc.disable()  # hardly anything of an import is garbage: looking for it is a third of the time
    notebook = _notebook()
    import numpy as np

    np.linalg.solve(np.eye(2), np.ones(2))
    np.random.seed(0)  # NumPy loads its generators at the first use
    missing: list[str] = []
    if figures:
        _draw()
    left_out = (*withheld, *(() if figures else DRAWING))
    _load("descentlab", left_out, missing)
    if not missing:
        _record()
    gc.freeze()
    gc.enable()
    _warm_shell(notebook)
    notebook.use_console()
    return notebook, missing


def _notebook() -> Notebook:
    left_out = [name for name in NEEDLESS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(left_out))  # None: it cannot be imported
    from .notebook import Notebook

    notebook = Notebook()
    for name in left_out:
        del sys.modules[name]
    return notebook


def _load(name: str, left_out: Collection[str], missing: list[str]) -> None:
    """Import a room and the rooms in it but `left_out`; those that do not load are added to `missing`."""
    if name in left_out:
        return
    try:
        room = importlib.import_module(name)
    except Exception as error:
        missing.append(f"{name}: {type(error).__name__}: {error}")
        return
    for inner in pkgutil.iter_modules(getattr(room, "__path__", ()), f"{name}."):
        _load(inner.name, left_out, missing)


def _warm_shell(notebook: Notebook) -> None:
    """Run a cell and show an error, so that a submission does not pay for the first time."""
    notebook.warm("1 + 1", "def f(x):\n    return x / 0\nf(1)")
    for name in ("last_type", "last_value", "last_traceback"):
        if hasattr(sys, name):
            delattr(sys, name)


def _draw() -> None:
    """One figure, as the first of each process would be: Matplotlib loads much of itself while it draws."""
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([0, 1], label="$x^2$")
    axes.set_title("warm")
    axes.legend()
    from IPython.core.pylabtools import print_figure

    print_figure(figure)
    plt.close(figure)


def _record() -> None:
    """Every check's problems, as for a missing answer: what is loaded or made at the first use is then there."""
    from descentlab.checks.recorder import record
    from descentlab.exercises import all_checks

    for name in all_checks():
        record(name, None, seed=0)
