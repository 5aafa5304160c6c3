"""Expected results of function and value checks, one file a lesson.

A module has REFERENCES: the check's name → a function of one mapping, the probe's `data` (for a value check
an empty one). Their signature is not the one asked of students, so that none of them is an answer.
"""
