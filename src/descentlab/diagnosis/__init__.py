"""From wrong numbers to the mistake that makes exactly these numbers.

    explain(check, actual, expected, seed)    an `Explanation`, or None where nothing can honestly be said

`explain.py` holds the order: what was seen while recording, the catalogue of known mistakes, errors,
frameworks' variants, the student's own numbers, edits of the rule's formula, and at last facts. A name is
given only where all probes match to rounding; facts come without a name, with an empty id.
"""

from descentlab.diagnosis.explain import explain
from descentlab.diagnosis.explanation import Explanation

__all__ = ["Explanation", "explain"]
