"""The exercises of lesson 04-adagrad: what is asked, what is expected, known mistakes."""
