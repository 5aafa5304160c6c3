"""Running a student's answer on prescribed problems, and keeping the results as evidence: numbers, no opinions."""
