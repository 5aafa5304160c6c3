"""A measured number beside the theory's: how a lesson proves what it derived."""

from __future__ import annotations

import math


def claim(what: str, measured: float, theory: float, within: float = 0.01) -> None:
    """Prints both numbers and whether they agree.

    `within` is the allowed distance, relative to the theory's number (absolute where that is zero).
    """
    apart = abs(measured - theory) / (abs(theory) or 1.0)
    agree = math.isfinite(apart) and apart <= within
    size = f"{apart:.1%} apart" if theory else f"{apart:.2g} apart"
    verdict = "✓" if agree else f"✗ {size}, more than the allowed {within:.2g}"
    print(f"{what}: measured {measured:.5g}, theory {theory:.5g} {verdict}")
