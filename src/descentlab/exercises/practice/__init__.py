"""The exercises of lesson 08-practice: checks, expected results, known mistakes."""
