"""The exercises of lesson 01-sgd: checks, expected results, known mistakes."""
