"""Lesson 00: right answers in unusual ways."""

import numpy as np
from blind_collection import right


@right("gradients/slopes", "three losses in a list and np.diff; complex() and np.imag for the third")
def slopes_00_a(f, theta, h):
    losses = [f(theta + k * h) for k in (-1, 0, 1)]
    out = dict(complex=np.imag(f(complex(theta, h))) / h)
    out["forward"] = np.diff(losses)[1] / h
    out["central"] = np.diff(losses[::2])[0] / h / 2
    return out


@right("gradients/numerical", "moves entries of a deep copy, through a flat view")
def numerical_gradient_00_a(loss, params, h=1e-5):
    trial = {name: np.array(values, dtype=float, order="C") for name, values in params.items()}
    result = {}
    for name, values in trial.items():
        flat = values.reshape(-1)
        diffs = []
        for j in range(flat.size):
            keep = float(flat[j])
            pair = []
            for sign in (1, -1):
                flat[j] = keep + sign * h
                pair.append(loss(trial))
            flat[j] = keep
            diffs.append((pair[0] - pair[1]) / h / 2)
        result[name] = np.array(diffs).reshape(values.shape)
    return result


@right("gradients/relative-error", "a Python loop over the pairs, skipping pairs of zeros")
def relative_error_00_a(a, b):
    worst = 0.0
    for p, q in zip(np.ravel(a).tolist(), np.ravel(b).tolist()):
        size = max(abs(p), abs(q))
        if size > 0:
            worst = max(worst, abs(p - q) / size)
    return worst


@right("gradients/backprop", "einsum, n divided out at the end, 1/cosh² for the derivative of tanh")
def backprop_00_a(params, x, t):
    s = np.einsum("ni,ij->nj", x, params["W1"]) + params["b1"]
    a = np.tanh(s)
    d2 = np.einsum("nj,jk->nk", a, params["W2"]) + params["b2"] - t
    d1 = np.einsum("nk,jk->nj", d2, params["W2"]) / np.cosh(s) ** 2
    total = {
        "b2": np.einsum("nk->k", d2),
        "W2": np.einsum("nj,nk->jk", a, d2),
        "b1": np.einsum("nj->j", d1),
        "W1": np.einsum("ni,nj->ij", x, d1),
    }
    return {key: g / x.shape[0] for key, g in total.items()}
