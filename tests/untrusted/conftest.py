"""What is opened while strangers' text is read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_watching: list[list[str]] = []


def _note(event: str, arguments: tuple) -> None:
    if event == "open" and _watching:
        _watching[-1].append(str(arguments[0]))


sys.addaudithook(_note)  # for good: a hook cannot be taken away


@pytest.fixture
def opened() -> Iterator[list[str]]:
    """The paths that this process opened since the test began, apart from its own code and data."""
    _watching.append([])
    yield _watching[-1]
    _watching.pop()


def of_strangers(paths: list[str]) -> list[str]:
    """Those paths that are no part of an installed program or of the system's time zones."""
    ours = (sys.prefix, sys.base_prefix, "/usr/share/zoneinfo", "/usr/lib", str(Path(__file__).parents[2]))
    return [path for path in paths if not path.startswith(ours)]
