"""Pages for students and teachers: feedback, class reports, lesson plans; and `explain`, for a terminal."""
