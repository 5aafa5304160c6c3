"""From wrong numbers to the mistake that makes exactly these numbers.

    explain(check, actual, expected, seed)    an `Explanation`, or None where no name can honestly be given

Order: what was seen while recording (behaviour), the catalogue of known mistakes, frameworks' variants,
one edit of the rule's own formula, two edits. A name is given only where all probes match to rounding.
"""

from descentlab.diagnosis.explain import explain
from descentlab.diagnosis.explanation import Explanation

__all__ = ["Explanation", "explain"]
