"""Records the paths of the rules in the valley, which lessons show: src/descentlab/models/data/valley.npz.

python tools/record_valley.py
"""

import numpy as np

from descentlab import rules as reference
from descentlab.models.data import FOLDER
from descentlab.objectives import bowl, descend
from descentlab.registry import RULES


def main() -> None:
    """Write thirty steps of each lesson's rule, in the order of the lessons."""
    rows = sorted((row for row in RULES.values() if "01" <= row.lesson <= "07"), key=lambda row: row.lesson)
    rules = {row.name: getattr(reference, row.name)(**row.example) for row in rows}
    paths = {name: descend(rule, bowl, 30) for name, rule in rules.items() if name != "RMSpropGraves"}
    np.savez_compressed(FOLDER / "valley.npz", **paths)


if __name__ == "__main__":
    main()
