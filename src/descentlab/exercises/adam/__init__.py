"""The exercises of lesson 06-adam: checks, expected results, known mistakes."""
