"""Expected results of the checks of lesson 05-rmsprop."""

from descentlab.checks.spec import ProbeData


def decay_for(data: ProbeData) -> float:
    """h − usual shrinks by ρ a call, and has to come down to usual."""
    return float((data["usual"] / (data["held"] - data["usual"])) ** (1 / data["calls"]))


def variance(data: ProbeData) -> float:
    """v ← ρ (v + (1 − ρ)(g − a)²) with the old mean a: equal to n − a², without cancellation."""
    rho, v, a = data["decay"], 0.0, 0.0
    for g in data["gradients"]:
        v, a = rho * (v + (1 - rho) * (g - a) ** 2), a + (1 - rho) * (g - a)
    return float(v)


def faults(data: ProbeData) -> dict[str, bool]:
    """The settings of the probe's optimizer."""
    return {"remembers": data["remembers"], "mixes": data["mixes"]}
