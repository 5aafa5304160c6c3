"""What no box of the grader holds of all lessons: the catalogue of mistakes, and equal forms of the rules."""
