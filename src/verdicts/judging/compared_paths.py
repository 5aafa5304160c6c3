"""Two paths to draw: an answer's and the reference's."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ComparedPaths:
    """Two coordinates of one array on one probe, before the first call and after each."""

    probe: str
    key: str
    entries: tuple[int, int]
    """The places of the two coordinates in the flattened array."""
    actual: tuple[tuple[float, float], ...]
    expected: tuple[tuple[float, float], ...]
    title: str
