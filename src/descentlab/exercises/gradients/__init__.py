"""The exercises of lesson 00-gradients: what is asked, what is expected, known mistakes."""
