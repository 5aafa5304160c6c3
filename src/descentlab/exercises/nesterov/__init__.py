"""The exercises of lesson 03-nesterov: what is asked, what is expected, known mistakes."""
