"""The exercises of lesson 08-practice: what is asked, what is expected, known mistakes."""
