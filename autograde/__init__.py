"""The grader: what teachers run. One room a task; `cli.py` finds the commands."""
