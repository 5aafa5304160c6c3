"""A key, notebooks and seeds go in, and what was graded comes out (`Graded`), step by step.

    step       file                      what it does
    read       read_submission.py        files → notebooks, within limits
    restore    restore.py                cells as the teacher has them
    sanitize   `autograde/book/save.py`  what a course adds to nbgrader's steps with this name
    start      run_cells.py              cells into the sandbox
    finish     run_cells.py              outputs and evidence out of the sandbox
    judge      judge.py                  evidence → verdicts, points
    save       `autograde/book/save.py`  grades, files and our row, all at once

`autograde grade`, and nbgrader's own command with it, takes all of them for each submission of a class
(`flow.py`), `autograde grade-one` `restore` and those from `start` to `judge` for one file, a release those from
`start` to `judge` for its solution (`autograde/release/trial.py`), `autograde grade --rejudge` the last two with stored
evidence. None of them knows the gradebook: whoever calls them says who keeps what was graded.
"""
