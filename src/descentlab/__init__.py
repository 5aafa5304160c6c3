"""descentlab: what the lessons share.

`check` is the one line under every graded stub. The reference rules are in `descentlab.rules`, the checks in
`descentlab.checks`; nothing here imports the rules, so that lessons also run where they are not installed.
"""

from descentlab import unanswered
from descentlab.checks import check

__all__ = ["check"]

unanswered.install()
