"""From evidence to a verdict, and its display. Absent from the grader's sandbox."""
