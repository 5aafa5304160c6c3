"""Who takes a course, what they submitted, and what is due when."""
