"""A class to look at: every kind of submission, built from the course's own lessons and graded."""
