"""The exercises of lesson 07-comparison: checks, expected results, known mistakes."""
