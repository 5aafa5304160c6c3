"""Students' ids in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from autograde.untrusted.names import printable
from descentlab.sentences import say_count

MOST_IDS = 10


def named(students: Sequence[str], most: int = MOST_IDS) -> str:
    """Ids in a sentence, the first ones only where there are many."""
    listed = ", ".join(map(printable, students[:most]))
    more = len(students) - most
    if more > 0:
        return say_count("{names} and {count} more", "{names} and {count} more", more, names=listed)
    return listed
