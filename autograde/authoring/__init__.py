"""What a lecturer writes and hands out: a new course, assignments and lessons, their notebooks and releases."""
