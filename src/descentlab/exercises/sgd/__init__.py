"""The exercises of lesson 01-sgd: what is asked, what is expected, known mistakes."""
