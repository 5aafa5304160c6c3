"""Two coordinates in which an answer's path and the reference's part, for a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from descentlab.rule_check.definition import RuleProbe
from descentlab.rule_diagnosis.comparison import circumstances
from verdicts.agreement import is_array
from verdicts.recording import evidence_bytes

# Paths closer together than this share of the picture look like one.
MIN_SHARE_APART = 0.01
# An expected path shorter than this share of the picture looks like one point.
MIN_SHARE_OF_EXPECTED = 0.1


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

    def drawn(self) -> tuple[bytes, str, str]:
        """The paths as a PNG, in words, and as HTML that holds both."""
        # Drawing takes longer than judging, so draw only if the picture is shown.
        from verdicts.canvas import canvas, drawn

        x, y = [f'"{self.key}", entry {index + 1}' for index in self.entries]
        fig, ax = canvas(xlabel=x, ylabel=y, title=self.title, size=(4.2, 2.9))
        expected, actual = np.array(self.expected), np.array(self.actual)
        ax.plot(*expected.T, color="#0072B2", marker="o", markersize=4, label="expected")
        ax.plot(*actual.T, color="#D55E00", linestyle=(0, (5, 2)), marker="s", markersize=4, label="yours")
        ax.plot(*expected[0], color="#000000", marker="*", markersize=10, linestyle="", label="start")
        ax.legend(fontsize=8, frameon=False)
        words = self.in_words()
        image, page, _ = drawn(fig, words)
        return image, words, page

    def in_words(self) -> str:
        """A text alternative of the picture."""
        return (
            f"Two paths of two entries of {self.key!r} over {len(self.actual) - 1} calls from the same start, "
            f"{_point(self.actual[0])}: yours ends at "
            f"{_point(self.actual[-1])}, the expected one at {_point(self.expected[-1])}."
        )


def _point(point: tuple[float, float]) -> str:
    return f"({point[0]:.3g}, {point[1]:.3g})"


def paths_of(
    probes: Sequence[RuleProbe], actual_runs: Mapping[str, Any], expected_runs: Mapping[str, Any]
) -> ComparedPaths | None:
    """Two coordinates of one array in which the paths part, on the first probe where that is visible.

    None after an exception or where a path ends in NaN or infinity: that is the mistake, and no path shows it.
    """
    if any("error" in run for run in actual_runs.values()):
        return None
    for probe in probes:
        for key, start in probe.start.items():
            if start.size < 2:
                continue
            actual = _path(start, actual_runs.get(probe.name), key)
            expected = _path(start, expected_runs[probe.name], key)
            if actual is None or actual.shape != expected.shape:
                continue
            if not np.isfinite(actual).all():
                return None
            paths = _parting(probe.name, key, actual, expected)
            if paths is not None:
                return paths
    return None


def _path(start: np.ndarray, run: Any, key: str) -> np.ndarray | None:
    """One array's numbers before the first call and after each: (calls + 1, coordinates)."""
    rows = [start.ravel()]
    for call in evidence_bytes.calls_of(run):
        array = (evidence_bytes.inner(call, "params") or {}).get(key)
        if not is_array(array, "f") or array.shape != start.shape:
            return None
        rows.append(array.ravel())
    return np.array(rows, dtype=float)


def _parting(probe: str, key: str, actual: np.ndarray, expected: np.ndarray) -> ComparedPaths | None:
    apart = np.abs(actual - expected).max(axis=0)
    extent = np.ptp(np.concatenate([actual, expected]), axis=0)
    with np.errstate(all="ignore"):
        share = np.where(extent > 0, apart / extent, 0.0)
    columns = np.argsort(-share, kind="stable")[:2].tolist()
    expected_extent = np.ptp(expected[:, columns], axis=0)
    visible = expected_extent >= MIN_SHARE_OF_EXPECTED * extent[columns]
    if share[columns[0]] < MIN_SHARE_APART or not visible.all():
        return None
    calls = len(actual) - 1
    where = ", the same gradients" if probe == "main" else f" {circumstances(probe)}"
    return ComparedPaths(
        probe,
        key,
        tuple(columns),
        tuple(map(tuple, actual[:, columns].tolist())),
        tuple(map(tuple, expected[:, columns].tolist())),
        f"{calls} call{'s' * (calls != 1)}{where}",
    )
