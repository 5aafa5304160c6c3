"""The exercises of lesson 07-comparison: what is asked, what is expected, known mistakes."""
