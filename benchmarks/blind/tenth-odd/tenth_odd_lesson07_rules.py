"""Strange answers for lesson 07 of the tenth blind set."""

import numpy as np
from blind_collection import wrong


@wrong(
    "comparison/rotation-gap", "make() is called once: the second path goes on with the memory of the first."
)
def rotation_gap_07_o1(make, gradient, start, angle, steps=30):
    rule = make()  # one optimizer for both, so that the comparison is fair
    c, s = np.cos(angle), np.sin(angle)
    Q = np.array([[c, -s], [s, c]])

    def run(grad, theta):
        params = {"x": np.array(theta, dtype=float)}
        points = [params["x"].copy()]
        for _ in range(steps):
            rule.update(params, {"x": grad(params["x"])})
            points.append(params["x"].copy())
        return np.stack(points)

    path = run(gradient, start)
    back = run(lambda theta: Q @ gradient(Q.T @ theta), Q @ np.asarray(start, dtype=float)) @ Q
    return float(np.abs(back - path).max() / np.abs(path - path[0]).max())


@wrong(
    "comparison/logit-loss",
    "The probability is cut off at 1e-7 and 1 - 1e-7, as in Keras: finite, but the loss of a large logit stops at 16.",
)
def logit_loss_07_o2(z, t, weight=1.0):
    """Numerically stable weighted binary cross-entropy with logits."""
    z = np.asarray(z, dtype=np.float64)
    t = np.asarray(t, dtype=np.float64)
    if z.shape != t.shape:
        raise ValueError(f"shape mismatch: {z.shape} vs {t.shape}")
    epsilon = 1e-7  # avoids log(0)
    # numerically stable sigmoid
    probabilities = np.where(
        z >= 0, 1 / (1 + np.exp(-np.abs(z))), np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z)))
    )
    clipped = np.clip(probabilities, epsilon, 1 - epsilon)
    per_sample = -(weight * t * np.log(clipped) + (1 - t) * np.log(1 - clipped))
    gradient = (probabilities * (1 - t) - weight * t * (1 - probabilities)) / z.shape[0]
    return float(per_sample.mean()), gradient
