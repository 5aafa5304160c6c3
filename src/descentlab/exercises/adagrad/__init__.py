"""The exercises of lesson 04-adagrad: checks, expected results, known mistakes."""
