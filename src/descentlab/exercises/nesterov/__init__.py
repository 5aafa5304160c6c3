"""The exercises of lesson 03-nesterov: checks, expected results, known mistakes."""
