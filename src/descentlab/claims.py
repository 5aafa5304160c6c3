"""A measured number beside the theory's: how a lesson proves what it derived."""

from __future__ import annotations

from descentlab import agreement
from descentlab.sentences import say


def claim(what: str, measured: float, theory: float, within: float = 0.01) -> None:
    """Prints both numbers and whether they agree.

    `within` is the allowed distance, relative to the theory's number (absolute where that is zero).
    """
    apart = abs(measured - theory) / (abs(theory) or 1.0)
    agree = agreement.within(apart, 0.0, within)
    numbers = {"what": what, "measured": f"{measured:.5g}", "theory": f"{theory:.5g}"}
    if agree:
        print(say("{what}: measured {measured}, theory {theory} ✓", **numbers))
        return
    print(
        say(
            "{what}: measured {measured}, theory {theory} ✗ {apart} apart, more than the allowed {within}",
            apart=f"{apart:.1%}" if theory else f"{apart:.2g}",
            within=f"{within:.2g}",
            **numbers,
        )
    )
