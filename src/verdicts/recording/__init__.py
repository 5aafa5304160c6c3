"""Running a student's answer on prescribed probes, and keeping the results as evidence: numbers, no opinions."""
