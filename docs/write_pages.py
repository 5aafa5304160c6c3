"""Writes the pages that are made from code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path


def write_pages(made: Mapping[str, str], folder: Path) -> None:
    """Write each text under its name, and remove pages whose subject is gone."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")
