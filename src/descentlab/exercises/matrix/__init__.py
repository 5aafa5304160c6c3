"""The exercises of lesson 10-matrix: checks, expected results, known mistakes."""
