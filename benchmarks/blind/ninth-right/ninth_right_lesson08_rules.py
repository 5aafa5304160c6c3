"""Lesson 08: right, in unusual ways."""

import numpy as np
from blind_collection import right


@right("practice/adamw", "Works on one long vector of all entries and cuts it up again.")
class AdamW_08_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        keys = sorted(params)
        join = lambda arrays: np.concatenate([np.ravel(arrays[k]) for k in keys]).astype(float)
        g, theta = join(grads), join(params)
        old_m, old_v = self.m.get("all", np.zeros(g.size)), self.v.get("all", np.zeros(g.size))
        self.m["all"] = m = old_m + (1 - self.beta1) * (g - old_m)
        self.v["all"] = v = old_v + (1 - self.beta2) * (g**2 - old_v)
        m_hat, v_hat = m / (1 - self.beta1**self.t), v / (1 - self.beta2**self.t)
        theta = theta * (1 - self.lr * self.weight_decay) - self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
        cuts = np.cumsum([np.size(params[k]) for k in keys])[:-1]
        for k, part in zip(keys, np.split(theta, cuts)):
            params[k] = part.reshape(np.shape(params[k]))


@right("practice/schedule", "The half wave as the square of a cosine of the half angle.")
def schedule_08_a(t, lr, warmup, total):
    if warmup and t <= warmup:
        return lr / warmup * t
    return lr * np.cos(np.pi / 2 * (t - warmup) / (total - warmup)) ** 2


@right("practice/clip", "One factor limit / max(norm, limit) for all cases, the norm from nested hypot.")
def clip_08_a(grads, limit):
    norm = 0.0
    for g in grads.values():
        norm = np.hypot(norm, np.linalg.norm(np.ravel(g)))
    if norm <= limit:
        return {key: np.array(g) for key, g in grads.items()}
    return {key: np.asarray(g) * (limit / max(norm, limit)) for key, g in grads.items()}


@right("practice/rest", "The sign rule's rest is the middle one of the two walls and the minimum.")
def rest_08_a(curvature, minimum, weight_decay):
    wall = 1 / weight_decay if weight_decay > 0 else float("inf")
    return {
        "plain": minimum / (1 + weight_decay / curvature),
        "sign": sorted([-wall, minimum, wall])[1],
    }
