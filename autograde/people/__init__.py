"""Who takes a course, what they handed in, and what is due when."""
