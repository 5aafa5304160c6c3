"""Running a student's answer on prescribed problems, and keeping what it did as evidence: numbers, no opinions."""
