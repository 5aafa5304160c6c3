"""Pages for students and teachers: feedback and class reports; and `explain`, for a terminal."""
