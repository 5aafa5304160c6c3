"""A course: configuration, gradebook and its rows, answer keys, locks and copies."""
