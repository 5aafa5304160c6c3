"""The exercises of lesson 02-momentum: what is asked, what is expected, known mistakes."""
