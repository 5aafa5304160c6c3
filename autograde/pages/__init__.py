"""Pages for students and teachers: feedback, class reports, marks pages; and `explain`, for a terminal."""
