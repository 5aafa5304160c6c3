"""A class graded or judged again, and one notebook graded: what opens a course, takes the steps, and says how it went."""
