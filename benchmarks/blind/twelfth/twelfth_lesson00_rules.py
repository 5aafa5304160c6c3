"""Single slips of the twelfth blind set, lesson 00: one mistake each."""

import numpy as np
from blind_collection import wrong


@wrong(
    "gradients/slopes",
    "The complex step takes the angle (the argument) of f(θ + ih) instead of its imaginary part.",
)
def slopes_angle_00_s1(f, theta, h):
    z = f(theta + 1j * h)
    return {
        "forward": (f(theta + h) - f(theta)) / h,
        "central": (f(theta + h) - f(theta - h)) / (2 * h),
        "complex": np.angle(z) / h,
    }


@wrong(
    "gradients/slopes",
    "The brackets around 2 * h are missing in the central difference: it divides by 2 and multiplies by h.",
)
def slopes_brackets_00_s2(f, theta, h):
    fp = f(theta + h)
    fm = f(theta - h)
    f0 = f(theta)
    out = {}
    out["forward"] = (fp - f0) / h
    out["central"] = (fp - fm) / 2 * h
    out["complex"] = f(theta + h * 1j).imag / h
    return out


@wrong(
    "gradients/best-steps",
    "For the central h the two terms of (6) are set equal instead of the derivative being set to zero: 6 in place of 3.",
)
def best_steps_balance_00_s3(f, f2, f3, r):
    # trade-off: truncation error = rounding error
    forward = np.sqrt(4 * r * abs(f) / abs(f2))
    central = np.cbrt(6 * r * abs(f) / abs(f3))
    return {"forward": forward, "central": central}


@wrong(
    "gradients/numerical",
    "Each entry is moved by h·(1 + |p|), but the difference is divided by 2h: the division uses another distance.",
)
def numerical_relative_h_00_s4(loss, params, h=1e-5):
    grads = {}
    for key, p in params.items():
        g = np.zeros(p.shape)
        for i in np.ndindex(p.shape):
            old = p[i]
            step = h * (1 + abs(old))  # as in MATLAB's numjac
            p[i] = old + step
            up = loss(params)
            p[i] = old - step
            down = loss(params)
            p[i] = old
            g[i] = (up - down) / (2 * h)
        grads[key] = g
    return grads


@wrong(
    "gradients/numerical",
    "The return is indented too far: it stands in the loop over the keys, so only the first key is there.",
)
def numerical_early_return_00_s5(loss, params, h=1e-5):
    result = {}
    for key in params:
        p = params[key]
        result[key] = np.zeros_like(p)
        for idx in np.ndindex(p.shape):
            keep = p[idx]
            p[idx] = keep + h
            plus = loss(params)
            p[idx] = keep - h
            minus = loss(params)
            p[idx] = keep
            result[key][idx] = (plus - minus) / (2 * h)
        return result


@wrong(
    "gradients/relative-error",
    "The largest difference is divided by the largest number of both arrays, instead of entry by entry.",
)
def relative_error_global_00_s6(a, b):
    a, b = np.asarray(a), np.asarray(b)
    scale = max(np.max(np.abs(a)), np.max(np.abs(b)))
    if scale == 0:
        return 0.0
    return np.max(np.abs(a - b)) / scale


@wrong(
    "gradients/backprop",
    "The derivative of tanh is taken at a instead of s: 1 − tanh(a)², although a is tanh(s) already.",
)
def backprop_tanh_twice_00_s7(params, x, t):
    def dtanh(u):
        return 1 - np.tanh(u) ** 2

    n = x.shape[0]
    s = x @ params["W1"] + params["b1"]
    a = np.tanh(s)
    z = a @ params["W2"] + params["b2"]
    dz = (z - t) / n
    da = dz @ params["W2"].T
    ds = da * dtanh(a)
    return {"W1": x.T @ ds, "b1": ds.sum(axis=0), "W2": a.T @ dz, "b2": dz.sum(axis=0)}
