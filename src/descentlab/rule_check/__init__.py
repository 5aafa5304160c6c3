"""The check of an update rule: what is asked, and what a notebook or a box records of a student's class."""
