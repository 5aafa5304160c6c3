"""The grader: what instructors run. One room a task; `cli.py` finds the commands."""
