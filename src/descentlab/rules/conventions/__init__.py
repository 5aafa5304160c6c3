"""The course's rules with the choices in which frameworks differ, one file a rule.

A class here is the plain rule with named choices; all defaults are the plain rule's own. `formula` gives the
lines of the update as chosen, `departures` what separates it from the paper. `NAMED` lists the conventions
that give other numbers; `frameworks/` says which framework chooses what.
"""

from .named import NAMED, Named

__all__ = ["NAMED", "Named"]
