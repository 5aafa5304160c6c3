"""Scores for other systems: `formats/` has one file a format, found by itself."""
