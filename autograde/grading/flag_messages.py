"""What flags mean, in words: once for the instructor's table, once for the student's page."""

from __future__ import annotations

WORDS = {
    "timeout": "ran too long and was stopped",
    "memory": "used more memory than allowed",
    "processes": "started more processes than allowed",
    "disk": "wrote more than allowed",
    "output-limit": "printed more than allowed",
    "died": "its process ended in the middle",
    "no-evidence": "a check got no answer",
    "odd-evidence": "a check got an answer that cannot be judged",
    "altered-cells": "locked cells were changed or deleted, and put back",
    "odd-score": "a test cell's score was no number of points",
    "not-run": "a graded cell was not reached",
    "odd-reply": "its sandbox sent an odd reply",
    "malformed": "cannot be read as a notebook",
    "missing-notebook": "its notebook is missing",
    "duplicate-ids": "a cell stands there twice",
    "odd-timestamp": "its timestamp cannot be read",
}

SENTENCES = {
    "timeout": "A cell ran too long and was stopped.",
    "memory": "Your notebook used more memory than allowed and was stopped.",
    "processes": "Your notebook started more processes than allowed and was stopped.",
    "disk": "Your notebook wrote more to the disk than allowed.",
    "output-limit": "Your notebook printed more than allowed; the rest was cut off.",
    "died": "The process that ran your notebook ended in the middle: what came after it was not run.",
    "altered-cells": "Graded cells were changed or missing. They were put back as they had been handed out.",
}
