"""How late, in words."""

from __future__ import annotations

import math

from descentlab.sentences import say

MINUTES, HOURS = 60, 24


def in_words(seconds: float) -> str:
    """Days and hours, hours and minutes, or minutes: `2 d 3 h`, `3 h 20 min`, `5 min`; rounded up."""
    minutes = math.ceil(seconds / 60)
    hours, left = divmod(minutes, MINUTES)
    if hours >= HOURS:
        days, hours = divmod(hours, HOURS)
        return say("{days} d {hours} h", days=days, hours=hours) if hours else say("{days} d", days=days)
    if hours:
        return say("{hours} h {minutes} min", hours=hours, minutes=left)
    return say("{minutes} min", minutes=left)
