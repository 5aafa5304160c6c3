"""Checks: what is asked, and the recording of what a student's answer does on probes.

    evidence = record("adam/update", Adam, seed=0)   # runs the student's code, knows no reference

`descentlab.judging` compares the evidence with the reference, which no box of the grader's sandbox holds.
"""

from descentlab.checks.courses import arguments, record

__all__ = ["arguments", "record"]
