"""The exercises of lesson 09-landscapes: checks, expected results, known mistakes."""
