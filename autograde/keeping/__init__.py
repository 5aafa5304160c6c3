"""What is kept of a course: a copy of all of it, and one student's part, given out or erased."""
