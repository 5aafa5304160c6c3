"""The exercises of lesson 06-adam: what is asked, what is expected, known mistakes."""
