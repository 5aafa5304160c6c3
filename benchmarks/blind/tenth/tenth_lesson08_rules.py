"""Single slips for lesson 08 of the tenth blind set, one mistake an answer."""

import numpy as np
from blind_collection import wrong


@wrong("practice/best-next", "In the next mean square the learning rate in front of sigma**2 is not squared.")
def best_next_08_a(a, curvature, sigma):
    lr = curvature * a / (curvature**2 * a + sigma**2)
    return lr, (1 - lr * curvature) ** 2 * a + lr * sigma**2


@wrong("practice/adamw", "The decay is not multiplied by the learning rate, as in Chainer.")
class AdamW_08_a:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k, g in grads.items():
            self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
            m_hat = self.m[k] / (1 - self.beta1**self.t)
            v_hat = self.v[k] / (1 - self.beta2**self.t)
            step = self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
            params[k] = params[k] - step - self.weight_decay * params[k]


@wrong("practice/adamw", "Only arrays with two or more axes decay: vectors, taken for biases, are left out.")
class AdamW_08_b:
    def __init__(self, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
        self.lr, self.beta1, self.beta2, self.eps = lr, beta1, beta2, eps
        self.weight_decay = weight_decay
        self.t, self.m, self.v = 0, {}, {}

    def update(self, params, grads):
        self.t += 1
        for k in params:
            g = grads[k]
            m = self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
            v = self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
            decay = self.weight_decay if np.ndim(params[k]) > 1 else 0.0  # no decay on biases
            params[k] = params[k] * (1 - self.lr * decay) - self.lr * (m / (1 - self.beta1**self.t)) / (
                np.sqrt(v / (1 - self.beta2**self.t)) + self.eps
            )


@wrong("practice/effective", "The weights are not corrected: they do not sum to one.")
def effective_08_a(beta, t):
    p = (1 - beta) * beta ** np.arange(t)
    return 1 / np.sum(p**2)


@wrong("practice/schedule", "The half wave is as long as the whole run: total in place of total - warmup.")
def schedule_08_a(t, lr, warmup, total):
    if t <= warmup:
        return lr * t / warmup
    return 0.5 * lr * (1 + np.cos(np.pi * (t - warmup) / total))


@wrong("practice/clip", "The norm is the largest entry, not the length of the vector of all entries.")
def clip_08_a(grads, limit):
    norm = max(np.abs(g).max() for g in grads.values())
    factor = limit / norm if norm > limit else 1.0
    return {k: factor * g for k, g in grads.items()}


@wrong(
    "practice/rest",
    "The box of the sign rule is curvature / weight_decay wide to each side, not 1 / weight_decay.",
)
def rest_08_a(curvature, minimum, weight_decay):
    if weight_decay == 0:
        return {"plain": minimum, "sign": minimum}
    wall = curvature / weight_decay
    return {
        "plain": curvature * minimum / (curvature + weight_decay),
        "sign": float(np.clip(minimum, -wall, wall)),
    }
