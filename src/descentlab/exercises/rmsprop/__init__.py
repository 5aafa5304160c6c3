"""The exercises of lesson 05-rmsprop: checks, expected results, known mistakes."""
