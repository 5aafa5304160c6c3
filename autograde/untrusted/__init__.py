"""Readers of a submission's data: they trust no text, open no name and run nothing.

    names.py               folders' and files' names       who can be a student; a name as it may be shown
    timestamp.py           timestamp.txt                   UTC, or OddTimestampError      flag `odd-timestamp`
    submitted_notebook.py  a notebook's bytes              cells, or OddNotebookError     flag `malformed`
    outputs.py             what its process says it showed output nodes, or OddOutputError    flag `odd-reply`

Evidence is read where it is written, in `verdicts.recording.evidence_bytes`: flag `odd-evidence`.
Each reader returns a value or raises its one exception, for any input, in time linear in its length.
"""
