"""descentlab: what the lessons share.

`check` is the one line under every graded stub, `why` shows an answer's numbers call by call, `claim` puts a
measured number beside the theory's, `predict` keeps a guess until `reveal` says what it is, `progress` lists
which checks pass in this copy of the course.

`hint` helps before a check fails; `borrow` lends a rule to a student who is stuck.

The reference rules are in `descentlab.rules`, the checks in `descentlab.checks`; nothing here imports the
rules before one is lent, so that lessons also run without them.
"""

from descentlab import failed_cells, unanswered
from descentlab.borrowing import borrow
from descentlab.checks import check, why
from descentlab.claims import claim
from descentlab.hints import hint
from descentlab.predictions import predict, reveal
from descentlab.progress import progress

__all__ = ["borrow", "check", "claim", "hint", "predict", "progress", "reveal", "why"]

unanswered.install()
failed_cells.install()
