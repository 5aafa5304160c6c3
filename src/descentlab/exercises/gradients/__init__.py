"""The exercises of lesson 00-gradients: checks, expected results, known mistakes."""
