"""From wrong numbers to the mistake that makes exactly these numbers.

`explain.explain_rule`, `functions.explain_function` and `functions.explain_value` give an `Explanation`, or None
where nothing can honestly be said. A name is given only where all probes match to rounding; facts come without a
name, with an empty id.
"""

from descentlab.diagnosis.explanation import Explanation

__all__ = ["Explanation"]
