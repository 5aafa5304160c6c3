"""Helpers in a student's kernel: guesses, loans, progress, and what a cell that cannot run says."""
