"""The exercises of lesson 05-rmsprop: what is asked, what is expected, known mistakes."""
