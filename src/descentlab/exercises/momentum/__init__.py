"""The exercises of lesson 02-momentum: checks, expected results, known mistakes."""
