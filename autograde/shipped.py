"""Where the released lessons lie: the wheel carries them, an editable install has its clone's."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
PLACES = (PACKAGE / "shipped" / "notebooks", PACKAGE.parent / "notebooks")  # of a wheel, of a clone


def released_lessons() -> Path:
    """The folder of the released notebooks, NN-rule/rule.ipynb."""
    return next(filter(Path.is_dir, PLACES), PLACES[0])
