"""Forms of the course's rules in frameworks, for verdicts: an answer with their numbers is no mistake.

One file a rule (`adam.py`, …): the plain rule with the choices in which frameworks differ; all defaults are the
plain rule's own. `table` lists those that give other numbers. People read docs/frameworks.md. A submission's
sandbox holds none of this.
"""
