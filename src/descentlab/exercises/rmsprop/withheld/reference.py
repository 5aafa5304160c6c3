"""Expected results of the checks of lesson 05-rmsprop."""

import numpy as np

from verdicts.spec import FunctionProbe, ProbeData, Probes

# The gradients that lesson 05 gives each optimizer: (runs, calls, keys). States are reset at each run.
RUNS = np.array([
    [[1.0, 2.0], [1.0, 2.0]],
    [[-5.0, 4.0], [1.0, 2.0]],
    [[1.0, 9.0], [3.0, 9.0]],
    [[7.0, 2.0], [7.0, -6.0]],
])  # fmt: skip
OPTIMIZERS = {  # its memory: none, every call, or only where gradients change; which keys it mixes
    "a memory, keys apart": ("sum", ""),
    "no memory, keys apart": ("", ""),
    "no memory, from key to key": ("", "next"),
    "a memory that shows where gradients change": ("average", "all"),
    "no memory, all keys": ("", "all"),
    "a memory, from key to key": ("sum", "before"),
}


def decay_for(data: ProbeData) -> float:
    """h − usual shrinks by ρ a call, and has to come down to usual."""
    return (data["usual"] / (data["held"] - data["usual"])) ** (1 / data["calls"])


def variance(data: ProbeData) -> float:
    """v ← ρ (v + (1 − ρ)(g − a)²) with the old mean a: equal to n − a², without cancellation."""
    rho, v, a = data["decay"], 0.0, 0.0
    for g in data["gradients"]:
        v, a = rho * (v + (1 - rho) * (g - a) ** 2), a + (1 - rho) * (g - a)
    return float(v)


def faults(data: ProbeData) -> dict[str, bool]:
    """The settings of the probe's optimizer."""
    return {"remembers": data["remembers"], "mixes": data["mixes"]}


def tested_optimizers(rng: np.random.Generator) -> Probes:
    """The steps of optimizers with and without a memory, whose keys are apart or not, in any order."""
    for name, kind in zip("123456", rng.permutation(list(OPTIMIZERS)), strict=True):
        memory, mixes = OPTIMIZERS[kind]
        steps = _steps(rng.uniform(0.05, 0.2), memory, mixes)
        data = {"remembers": bool(memory), "mixes": bool(mixes)}
        yield FunctionProbe(name, (steps,), data, said=str(kind))


def _steps(lr: float, memory: str, mixes: str) -> np.ndarray:
    """The steps, of the shape of RUNS, of a rule that divides by the root of squares.

    Of which keys' squares: each its own ("" for `mixes`), handed on from W to b ("next"), back ("before"), or all
    ("all"). Of which calls': this one's ("" for `memory`), their sum, or their average.
    """
    squares = np.square(RUNS)
    if mixes == "next":
        squares = np.cumsum(squares, axis=2)
    elif mixes == "before":
        squares = np.cumsum(squares[..., ::-1], axis=2)[..., ::-1]
    elif mixes == "all":
        squares = np.sum(squares, axis=2, keepdims=True)
    if memory:
        squares = np.cumsum(squares, axis=1)
    if memory == "average":
        squares = squares / np.array([[1.0], [2.0]])
    return -lr * RUNS / np.sqrt(squares + 1)
