"""Comparing an answer's numbers with the reference's, criterion by criterion.

Absent from the grader's sandbox. It knows nothing of mistakes: `descentlab.diagnosis` reads what stands here,
`checks.judging` both.
"""
