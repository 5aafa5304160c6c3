"""Comparing an answer's numbers with the reference's: where it first differs. Absent from the grader's sandbox."""
