"""Helpers in a student's kernel: predictions, loans, progress, and what a cell that cannot run says."""
