"""Helpers in a student's kernel: predictions, loans, progress, and messages for cells that cannot run."""
