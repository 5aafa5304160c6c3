"""Values of any kind: how they travel, where they first differ, how they are shown. A file for each kind."""

from verdicts.values import numbers, outcomes, rows, strings, times, unordered  # each makes its kinds known
from verdicts.values.kind import (
    Carried,
    Mismatch,
    Rules,
    carried,
    first,
    is_note,
    is_of,
    kind_of,
    leaves,
    plain,
    same,
)
from verdicts.values.words import brief, called, named, shown, told

__all__ = [
    "Carried",
    "Mismatch",
    "Rules",
    "brief",
    "called",
    "carried",
    "first",
    "is_note",
    "is_of",
    "kind_of",
    "leaves",
    "named",
    "numbers",
    "outcomes",
    "plain",
    "rows",
    "same",
    "shown",
    "strings",
    "times",
    "told",
    "unordered",
]
