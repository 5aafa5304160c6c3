"""A small picture of two paths: the answer's and the expected one, on the same gradients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from descentlab.checks.judging.verdict import Paths
from descentlab.checks.recording import wire
from descentlab.checks.recording.probes import RuleProbe

# Paths closer together than this share of the picture look like one.
VISIBLE = 0.01


def paths_of(
    probes: tuple[RuleProbe, ...], actual_runs: Mapping[str, Any], expected_runs: Mapping[str, Any]
) -> Paths | None:
    """The two coordinates of one array in which the paths part, on the first probe where one sees it."""
    for probe in probes:
        for key, start in probe.start.items():
            if start.size < 2:
                continue
            yours = _path(start, actual_runs.get(probe.name), key)
            expected = _path(start, expected_runs[probe.name], key)
            if yours is None or yours.shape != expected.shape or not np.isfinite(yours).all():
                continue
            found = _parting(probe.name, key, yours, expected)
            if found is not None:
                return found
    return None


def _path(start: np.ndarray, run: Any, key: str) -> np.ndarray | None:
    """One array's numbers before the first call and after each: (calls + 1, coordinates)."""
    rows = [start.ravel()]
    for call in wire.calls_of(run):
        params = call.get("params") if isinstance(call, Mapping) else None
        found = params.get(key) if isinstance(params, Mapping) else None
        if not isinstance(found, np.ndarray) or found.shape != start.shape or found.dtype.kind != "f":
            return None
        rows.append(found.ravel())
    return np.array(rows, dtype=float)


def _parting(probe: str, key: str, yours: np.ndarray, expected: np.ndarray) -> Paths | None:
    apart = np.abs(yours - expected).max(axis=0)
    extent = np.ptp(np.concatenate([yours, expected]), axis=0)
    with np.errstate(all="ignore"):
        share = np.where(extent > 0, apart / extent, 0.0)
    first, second = np.argsort(-share, kind="stable")[:2].tolist()
    if share[first] < VISIBLE:
        return None
    columns = [first, second]
    return Paths(
        probe,
        key,
        (first, second),
        tuple(map(tuple, yours[:, columns].tolist())),
        tuple(map(tuple, expected[:, columns].tolist())),
    )


def picture(paths: Paths) -> tuple[bytes, str]:
    """The paths as a PNG, and in words."""
    # Drawing takes longer than judging: only where someone looks.
    from matplotlib.figure import Figure

    from descentlab.figures.png import as_png

    fig = Figure(figsize=(4.2, 2.9), layout="constrained")
    ax = fig.add_subplot()
    expected, yours = np.array(paths.expected), np.array(paths.yours)
    ax.plot(*expected.T, color="#0072B2", marker="o", markersize=4, label="expected")
    ax.plot(*yours.T, color="#D55E00", linestyle=(0, (5, 2)), marker="s", markersize=4, label="yours")
    ax.plot(*expected[0], color="#000000", marker="*", markersize=10, linestyle="", label="start")
    names = [f'"{paths.key}", entry {index + 1}' for index in paths.entries]
    ax.set_xlabel(names[0])
    ax.set_ylabel(names[1])
    where = "the same gradients" if paths.probe == "main" else f"probe “{paths.probe}”"
    ax.set_title(f"{len(yours) - 1} calls, {where}", loc="left", fontsize=10)
    ax.grid(True, color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(fontsize=8, frameon=False)
    return as_png(fig, 100), in_words(paths)


def in_words(paths: Paths) -> str:
    """What the picture shows, for those who cannot see it."""
    end, aim = paths.yours[-1], paths.expected[-1]
    return (
        f"Two paths of two entries of {paths.key!r} over {len(paths.yours) - 1} calls from the same start, "
        f"({paths.yours[0][0]:.3g}, {paths.yours[0][1]:.3g}): yours ends at ({end[0]:.3g}, {end[1]:.3g}), "
        f"the expected one at ({aim[0]:.3g}, {aim[1]:.3g})."
    )
