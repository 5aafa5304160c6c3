"""Frameworks' variants of the rules, with which an answer is compared where their package is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from descentlab_variants.table import Variant


def variants_of(rule: str) -> list[Variant]:
    """Those of a rule that give other numbers while the learning rate stays; without their package none."""
    try:
        from descentlab_variants.table import VARIANTS
    except ModuleNotFoundError as missing:
        if missing.name != "descentlab_variants":
            raise
        return []
    return [variant for variant in VARIANTS if variant.rule == rule and not variant.same_at_constant_rate]
