"""Strange answers for lesson 07."""

import numpy as np
from blind_collection import wrong

_memory = {}


@wrong(
    "comparison/six-rules",
    "The memories live in a global dict by the rule's name and are never cleared: a second path starts with the first's.",
)
def path_of_07_a(name, hyper, gradient, start, steps):
    global _memory
    theta = np.array(start, dtype=float)
    if name not in _memory:
        _memory[name] = {"t": 0, "m": np.zeros(theta.shape), "v": np.zeros(theta.shape)}
    state = _memory[name]
    lr = hyper.get("lr", 0.001 if name in ("RMSprop", "Adam") else 0.01)
    mu, rho = hyper.get("momentum", 0.9), hyper.get("decay", 0.9)
    b1, b2, eps = hyper.get("beta1", 0.9), hyper.get("beta2", 0.999), hyper.get("eps", 1e-8)
    path = [theta.copy()]
    for _ in range(steps):
        g = gradient(theta.copy())
        state["t"] += 1
        if name == "SGD":
            theta = theta - lr * g
        elif name == "Momentum":
            state["v"] = mu * state["v"] - lr * g
            theta = theta + state["v"]
        elif name == "Nesterov":
            v0 = state["v"]
            state["v"] = mu * v0 - lr * g
            theta = theta - mu * v0 + (1 + mu) * state["v"]
        elif name == "AdaGrad":
            state["v"] = state["v"] + g**2
            theta = theta - lr * g / (np.sqrt(state["v"]) + eps)
        elif name == "RMSprop":
            state["v"] = rho * state["v"] + (1 - rho) * g**2
            theta = theta - lr * g / (np.sqrt(state["v"]) + eps)
        else:
            state["m"] = b1 * state["m"] + (1 - b1) * g
            state["v"] = b2 * state["v"] + (1 - b2) * g**2
            m_hat = state["m"] / (1 - b1 ** state["t"])
            v_hat = state["v"] / (1 - b2 ** state["t"])
            theta = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
        path.append(theta.copy())
    return np.array(path)


@wrong(
    "comparison/by-chance",
    "It tosses coins for 200 races in place of computing: every call gives another number.",
)
def by_chance_07_a(wins, seeds):
    heads = np.random.default_rng().integers(0, 2, (200, seeds)).sum(axis=1)
    return np.mean(np.maximum(heads, seeds - heads) >= wins)
