"""Submissions from where students handed them in to where the grader looks: exchange, folders, zips."""
