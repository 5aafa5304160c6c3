"""Speed, as ratios of one run: this grader beside stock nbgrader, on the same notebooks."""
