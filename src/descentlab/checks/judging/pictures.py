"""A small picture of two paths: the answer's and the expected one, on the same gradients."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from descentlab.checks.comparing.differences import circumstances
from descentlab.checks.judging.verdict import ComparedPaths
from descentlab.checks.recording import evidence_bytes
from descentlab.checks.recording.probes import RuleProbe
from descentlab.sentences import say, say_count

# Paths closer together than this share of the picture look like one.
VISIBLE = 0.01
# An expected path shorter than this share of the picture looks like one point.
A_POINT = 0.1


def paths_of(
    probes: Sequence[RuleProbe], actual_runs: Mapping[str, Any], expected_runs: Mapping[str, Any]
) -> ComparedPaths | None:
    """The two coordinates of one array in which the paths part, on the first probe where one sees it.

    None after an exception: what a path does until then is not the mistake.
    """
    if any(isinstance(run.get("error"), Mapping) for run in actual_runs.values()):
        return None
    for probe in probes:
        for key, start in probe.start.items():
            if start.size < 2:
                continue
            actual = _path(start, actual_runs.get(probe.name), key)
            expected = _path(start, expected_runs[probe.name], key)
            if actual is None or actual.shape != expected.shape or not np.isfinite(actual).all():
                continue
            paths = _parting(probe.name, key, actual, expected)
            if paths is not None:
                return paths
    return None


def _path(start: np.ndarray, run: Any, key: str) -> np.ndarray | None:
    """One array's numbers before the first call and after each: (calls + 1, coordinates)."""
    rows = [start.ravel()]
    for call in evidence_bytes.calls_of(run):
        params = call.get("params") if isinstance(call, Mapping) else None
        array = params.get(key) if isinstance(params, Mapping) else None
        if not isinstance(array, np.ndarray) or array.shape != start.shape or array.dtype.kind != "f":
            return None
        rows.append(array.ravel())
    return np.array(rows, dtype=float)


def _parting(probe: str, key: str, actual: np.ndarray, expected: np.ndarray) -> ComparedPaths | None:
    apart = np.abs(actual - expected).max(axis=0)
    extent = np.ptp(np.concatenate([actual, expected]), axis=0)
    with np.errstate(all="ignore"):
        share = np.where(extent > 0, apart / extent, 0.0)
    first, second = np.argsort(-share, kind="stable")[:2].tolist()
    columns = [first, second]
    own_extent = np.ptp(expected[:, columns], axis=0)
    if share[first] < VISIBLE or not (own_extent >= A_POINT * extent[columns]).all():
        return None
    return ComparedPaths(
        probe,
        key,
        (first, second),
        tuple(map(tuple, actual[:, columns].tolist())),
        tuple(map(tuple, expected[:, columns].tolist())),
    )


def picture(paths: ComparedPaths) -> tuple[bytes, str, str]:
    """The paths as a PNG, in words, and as HTML that holds both."""
    # Drawing takes longer than judging: only where someone looks.
    from matplotlib.figure import Figure

    from descentlab.figures.figure_layout import DENSITY, PIXELS_PER_INCH, as_png, embedded

    fig = Figure(figsize=(4.2, 2.9), layout="constrained")
    ax = fig.add_subplot()
    expected, actual = np.array(paths.expected), np.array(paths.actual)
    ax.plot(*expected.T, color="#0072B2", marker="o", markersize=4, label=say("expected"))
    ax.plot(*actual.T, color="#D55E00", linestyle=(0, (5, 2)), marker="s", markersize=4, label=say("yours"))
    ax.plot(*expected[0], color="#000000", marker="*", markersize=10, linestyle="", label=say("start"))
    names = [say('"{key}", entry {number}', key=paths.key, number=index + 1) for index in paths.entries]
    ax.set_xlabel(names[0])
    ax.set_ylabel(names[1])
    ax.set_title(title(paths), loc="left", fontsize=10)
    ax.grid(True, color="#dddddd", linewidth=0.6)
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(fontsize=8, frameon=False)
    image, words = as_png(fig, DENSITY * PIXELS_PER_INCH), in_words(paths)
    return image, words, embedded(image, words, round(fig.get_figwidth() * PIXELS_PER_INCH))


def title(paths: ComparedPaths) -> str:
    calls = len(paths.actual) - 1
    if paths.probe == "main":
        return say_count("{count} call, the same gradients", "{count} calls, the same gradients", calls)
    return say_count(
        "{count} call {circumstances}",
        "{count} calls {circumstances}",
        calls,
        circumstances=circumstances(paths.probe),
    )


def in_words(paths: ComparedPaths) -> str:
    """What the picture shows, for those who cannot see it."""
    return say(
        "Two paths of two entries of {key} over {calls} calls from the same start, {start}: yours ends at "
        "{actual}, the expected one at {expected}.",
        key=repr(paths.key),
        calls=len(paths.actual) - 1,
        start=_point(paths.actual[0]),
        actual=_point(paths.actual[-1]),
        expected=_point(paths.expected[-1]),
    )


def _point(point: tuple[float, float]) -> str:
    return f"({point[0]:.3g}, {point[1]:.3g})"
