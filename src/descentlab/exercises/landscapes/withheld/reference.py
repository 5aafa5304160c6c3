"""Expected results of lesson 09-landscapes."""

import math

import numpy as np

from verdicts.spec import ProbeData


def leave(data: ProbeData) -> int:
    """The first n with |δ| (1 + ηc)ⁿ ≥ edge, for ηc > 0."""
    calls = math.log(data["edge"] / abs(data["delta"])) / math.log1p(data["lr"] * data["curvature"])
    return max(0, math.ceil(calls))


def growth(data: ProbeData) -> float:
    """The larger root of s² − (1 + μ + ηc) s + μ."""
    half = (1 + data["momentum"] + data["lr"] * data["curvature"]) / 2
    return half + math.sqrt(half**2 - data["momentum"])


def noisy_step(data: ProbeData) -> np.ndarray:
    """θ − ηg + √(2ηT) ξ: noise of σ in the gradient is a temperature of ½ησ²."""
    length = math.sqrt(2 * data["lr"] * data["temperature"])
    return data["theta"] - data["lr"] * data["g"] + length * data["noise"]


def shares(data: ProbeData) -> np.ndarray:
    """∫ exp(−(b + ½λu²)/T) du = e^(−b/T) √(2πT/λ), over the sum of all."""
    logs = -data["bottoms"] / data["temperature"] - np.log(data["curvatures"]) / 2
    weights = np.exp(logs - logs.max())
    return weights / weights.sum()


def balance(data: ProbeData) -> float:
    """e^(−0.3/T) / √1 = 1 / √16."""
    return 0.3 / math.log(4)


def slope(data: ProbeData) -> float:
    """Each call lowers f by η (1 − Lη/2) ‖g‖² − ½Lη²σ², all calls together by no more than the gap."""
    bend = data["L"] * data["lr"] / 2
    return math.sqrt((data["gap"] / (data["calls"] * data["lr"]) + bend * data["sigma"] ** 2) / (1 - bend))
