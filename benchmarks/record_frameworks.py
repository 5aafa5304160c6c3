#!/usr/bin/env python3
"""Golden optimizer trajectories, produced by running real frameworks.

One call runs ONE framework and writes <out>/<framework>.json: parameter
iterates of every update rule the framework offers, on four small tasks, with
the framework's default hyper-parameters and with further drawn settings.
Nothing here re-implements an update rule; each number comes out of the
framework named in the file.

The frameworks need different Python versions, so each gets its own
environment (all from PyPI unless stated):

  torch, optax, keras, autograd   Python 3.11:
      pip install torch==2.13.0 jax jaxlib optax keras autograd numpy
  tensorflow                      Python 3.11:
      pip install "tensorflow-cpu==2.15.*"       (tf.compat.v1.train.*, and
                                                  the pre-Keras-3 RMSprop)
  chainer                         Python 3.8:
      pip install "numpy<1.24" "setuptools<60" wheel
      pip install --no-build-isolation chainer
  lasagne                         Python 3.8:
      pip install "numpy<1.20" "scipy<1.6" six nose Theano==1.0.5
      and Lasagne 0.2.dev1 from the GitHub repository Lasagne/Lasagne
      (PyPI only has 0.1, which lacks amsgrad)
  dlfs / dlfs_2016                any Python with numpy; not a package: the
      single file common/optimizer.py of the GitHub repository
      oreilly-japan/deep-learning-from-scratch, given by --dlfs-module
      (dlfs: the current file; dlfs_2016: the file before commit 89eadd0)

Usage
  python benchmarks/record_frameworks.py --framework torch                 # the public set
  python benchmarks/record_frameworks.py --framework torch --check         # re-run and compare
  python benchmarks/record_frameworks.py --framework torch --seed 1 --no-defaults --draws 3 \
         --random-starts --out elsewhere               # any other set

File layout: see tests/golden/README.md.
"""
import argparse
import importlib.util
import inspect
import json
import math
import os
import platform
import random
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("JAX_ENABLE_X64", "1")
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
# Theano: double precision, no C compiler, graph left as Lasagne wrote it.
os.environ.setdefault("THEANO_FLAGS",
                      "floatX=float64,cxx=,mode=FAST_COMPILE,device=cpu")

import numpy as np

SCHEMA = "golden-optimizer-trajectories/1"
PUBLIC_SEED = 20261120
SHAPES = [(3, 2), (4,), ()]      # tensors of the task "multi"
STEPS = {"quad": 200, "rosenbrock": 200, "multi": 200, "long": 2000}
LIMIT = 1e100                    # a run beyond this counts as diverged
WIGGLE = 2.0 ** -40              # relative gradient noise of the gain probe


# --------------------------------------------------------------------- tasks
def draw_tasks(seed, random_starts):
    """Everything that defines the four tasks, as plain JSON-able data."""
    rng = np.random.default_rng(seed)
    # (3) multi: an open-loop gradient sequence.  Gradients do not depend on
    # the parameters.  Per-coordinate and per-step scales make the place of
    # eps, the initial state and the t origin visible.
    raw = rng.standard_normal((STEPS["multi"], 11))
    coordinate = np.ones(11)
    coordinate[6:10] = [0.0, 1e-9, 1.0, 1e3]       # the vector of 4
    step = np.ones(STEPS["multi"])
    step[0:2] = 0.0          # steps 1-2: zero gradient before anything else
    step[2:22] = 1e-9        # steps 3-22: tiny, eps dominates
    step[59:69] = 0.0        # steps 60-69: zeros in mid-course
    step[119:124] = 1e6      # steps 120-124: huge
    grads = raw * coordinate * step[:, None]
    multi_start = np.round(rng.standard_normal(11), 3)
    # (4) long: least squares, one row per step.
    rows, dim = 64, 6
    a = np.round(rng.standard_normal((rows, dim))
                 * np.logspace(0, -1.5, dim), 6)
    b = np.round(a @ np.linspace(-1, 2, dim)
                 + 0.1 * rng.standard_normal(rows), 6)
    order = rng.integers(0, rows, STEPS["long"])
    long_start = np.round(rng.standard_normal(dim), 3)
    quad, rosen = [-7.0, 2.0], [-1.5, 2.0]
    if random_starts:
        quad = [float(v) for v in np.round(rng.uniform(-8, 8, 2), 3)]
        rosen = [float(v) for v in np.round(rng.uniform(-2, 2, 2), 3)]
    return {
        "quad": {"f": "x*x/20 + y*y", "grad": "(x/10, 2*y)",
                 "start": quad, "steps": STEPS["quad"]},
        "rosenbrock": {
            "f": "(1-x)*(1-x) + 100*(y-x*x)*(y-x*x)",
            "grad": "d = y - x*x; (-2*(1-x) - 400*x*d, 200*d)",
            "start": rosen, "steps": STEPS["rosenbrock"]},
        "multi": {"grad": "gradients[t-1] at step t, whatever the iterate",
                  "shapes": [list(s) for s in SHAPES],
                  "start": multi_start.tolist(),
                  "steps": STEPS["multi"], "gradients": grads.tolist()},
        "long": {"grad": "i = order[t-1]; r = sum_j A[i][j]*x[j] (left to "
                         "right from 0.0) - b[i]; g[j] = r*A[i][j]",
                 "A": a.tolist(), "b": b.tolist(), "order": order.tolist(),
                 "start": long_start.tolist(), "steps": STEPS["long"]},
    }


def gradient(task, data):
    """(t, flat list of floats) -> flat list of floats; t counts from 1."""
    if task == "quad":
        return lambda t, p: [p[0] / 10.0, 2.0 * p[1]]
    if task == "rosenbrock":
        def rosen(t, p):
            x, y = p
            d = y - x * x
            return [-2.0 * (1.0 - x) - 400.0 * x * d, 200.0 * d]
        return rosen
    if task == "multi":
        return lambda t, p: data["gradients"][t - 1]

    def least_squares(t, p):
        row = data["A"][data["order"][t - 1]]
        r = 0.0
        for c, v in zip(row, p):
            r = r + c * v
        r = r - data["b"][data["order"][t - 1]]
        return [r * c for c in row]
    return least_squares


def kept_steps(task, is_default):
    """Which iterates are stored (t = after t updates)."""
    n = STEPS[task]
    if task == "long":
        return list(range(100, n + 1, 100))
    if task == "multi":
        keep = set(range(1, 8)) | {10, 15, 22, 23, 24, 30, 40, 59, 60, 61,
                                   65, 69, 70, 71, 80, 100, 119, 120, 121,
                                   124, 125, 126, 130, 150, 175, 200}
        return sorted(keep)
    if is_default:
        return list(range(1, n + 1))
    return sorted(set(range(1, 11)) | set(range(20, n + 1, 20)))


def pack(flat, shapes):
    """Flat list -> list of float64 arrays."""
    out, k = [], 0
    for s in shapes:
        size = int(np.prod(s)) if s else 1
        out.append(np.array(flat[k:k + size], dtype=np.float64).reshape(s))
        k += size
    return out


def unpack(arrays):
    return [float(v) for a in arrays for v in np.asarray(a).reshape(-1)]


# ------------------------------------------------------------------ settings
LOG, PICK = "log", "pick"
LR_SGD = (LOG, 1e-4, 3e-2)
LR_ADA = (LOG, 1e-3, 3e-1)
EPS = (LOG, 1e-10, 1e-3)
MOM = (PICK, [0.5, 0.8, 0.9, 0.95, 0.99])
RHO = (PICK, [0.5, 0.9, 0.95, 0.99, 0.999])
B1 = (PICK, [0.5, 0.8, 0.9, 0.95])
B2 = (PICK, [0.9, 0.99, 0.995, 0.9995])
WD = (LOG, 1e-4, 1e-1)
ACC = (PICK, [0.0, 1e-4, 0.1, 1.0])


def draw(spec, rnd):
    kind, *rest = spec
    if kind == PICK:
        return rnd.choice(rest[0])
    lo, hi = rest
    v = math.exp(rnd.uniform(math.log(lo), math.log(hi)))
    return float("%.3g" % v)


class Rule:
    """How a framework spells one canonical rule.

    call      the framework's public name, for the record
    signature the object whose signature holds the defaults (or None)
    fixed     arguments that select the rule (nesterov=True, ...)
    required  values for arguments without a useful default
    ranges    what the further settings are drawn from; its keys are the
              hyper-parameters recorded for the default setting
    """

    def __init__(self, call, signature=None, fixed=None, required=None,
                 ranges=None):
        self.call, self.signature = call, signature
        self.fixed, self.required = fixed or {}, required or {}
        self.ranges = ranges or {}

    def default(self):
        found = {}
        if self.signature is not None:
            for name, p in inspect.signature(self.signature).parameters.items():
                if p.default is not inspect.Parameter.empty:
                    found[name] = p.default
        hyper = {}
        for name in self.ranges:
            if name in self.required:
                hyper[name] = self.required[name]
            elif name in found and found[name] is not None:
                v = found[name]
                hyper[name] = list(v) if isinstance(v, tuple) else v
            else:
                raise LookupError("%s has no default for %s"
                                  % (self.call, name))
        hyper.update(self.fixed)
        return hyper

    def drawn(self, rnd):
        hyper = {}
        for name, spec in self.ranges.items():
            if name == "betas":
                hyper[name] = [draw(B1, rnd), draw(B2, rnd)]
            else:
                hyper[name] = draw(spec, rnd)
        hyper.update(self.fixed)
        return hyper


# ---------------------------------------------------------------- frameworks
class Framework:
    """step-wise frameworks implement make(); run() is shared."""

    notes = []

    def rules(self):
        raise NotImplementedError

    def make(self, rule, hyper, start):
        """-> a function taking gradients, returning the new parameters."""
        raise NotImplementedError

    def run(self, rule, hyper, start, grad, steps):
        """yields iterate 1, 2, ... as flat lists"""
        update = self.make(rule, hyper, start)
        shapes = [a.shape for a in start]
        flat = unpack(start)
        for t in range(1, steps + 1):
            flat = unpack(update(pack(grad(t, flat), shapes)))
            yield flat

    def functions(self, arrays):
        """Gradient clipping helpers: list of (name, arguments, result)."""
        return []


class Torch(Framework):
    notes = ["foreach=False, CPU, float64"]

    def __init__(self):
        import torch
        self.torch = torch
        torch.set_default_dtype(torch.float64)
        torch.set_num_threads(1)
        self.version = torch.__version__

    def rules(self):
        o = self.torch.optim
        mom = {"momentum": 0.9}
        c = {"centered": True}
        rms = {"lr": LR_ADA, "alpha": RHO, "eps": EPS}
        adam = {"lr": LR_ADA, "betas": None, "eps": EPS}
        R = Rule
        return {
            "sgd": R("torch.optim.SGD", o.SGD, ranges={"lr": LR_SGD}),
            "momentum": R("torch.optim.SGD", o.SGD, required=mom,
                          ranges={"lr": LR_SGD, "momentum": MOM}),
            "momentum_dampening": R(
                "torch.optim.SGD", o.SGD,
                required={"momentum": 0.9, "dampening": 0.9},
                ranges={"lr": LR_SGD, "momentum": MOM, "dampening": MOM}),
            "nesterov": R("torch.optim.SGD", o.SGD, fixed={"nesterov": True},
                          required=mom,
                          ranges={"lr": LR_SGD, "momentum": MOM}),
            "adagrad": R("torch.optim.Adagrad", o.Adagrad,
                         ranges={"lr": LR_ADA, "eps": EPS,
                                 "initial_accumulator_value": ACC,
                                 "lr_decay": (PICK, [0.0, 0.01])}),
            "rmsprop": R("torch.optim.RMSprop", o.RMSprop, ranges=rms),
            "rmsprop_momentum": R("torch.optim.RMSprop", o.RMSprop,
                                  required=mom,
                                  ranges=dict(rms, momentum=MOM)),
            "rmsprop_centered": R("torch.optim.RMSprop", o.RMSprop, fixed=c,
                                  ranges=rms),
            "rmsprop_centered_momentum": R(
                "torch.optim.RMSprop", o.RMSprop, fixed=c, required=mom,
                ranges=dict(rms, momentum=MOM)),
            "adadelta": R("torch.optim.Adadelta", o.Adadelta,
                          ranges={"lr": (PICK, [0.5, 1.0, 2.0]), "rho": RHO,
                                  "eps": EPS}),
            "adam": R("torch.optim.Adam", o.Adam, ranges=adam),
            "adam_l2": R("torch.optim.Adam", o.Adam,
                         required={"weight_decay": 0.01},
                         ranges=dict(adam, weight_decay=WD)),
            "adamax": R("torch.optim.Adamax", o.Adamax, ranges=adam),
            "amsgrad": R("torch.optim.Adam", o.Adam, fixed={"amsgrad": True},
                         ranges=adam),
            "nadam": R("torch.optim.NAdam", o.NAdam,
                       ranges=dict(adam, momentum_decay=(
                           PICK, [0.0, 0.004, 0.1]))),
            "adamw": R("torch.optim.AdamW", o.AdamW,
                       ranges=dict(adam, weight_decay=WD)),
        }

    def make(self, rule, hyper, start):
        torch = self.torch
        params = [torch.tensor(a, dtype=torch.float64) for a in start]
        for p in params:
            p.requires_grad_(True)
        kw = {k: tuple(v) if k == "betas" else v for k, v in hyper.items()}
        cls = getattr(torch.optim, rule.call.rsplit(".", 1)[1])
        opt = cls(params, foreach=False, **kw)

        def update(grads):
            for p, g in zip(params, grads):
                p.grad = torch.tensor(g, dtype=torch.float64)
            opt.step()
            return [p.detach().numpy().copy() for p in params]
        return update

    def functions(self, arrays):
        torch, out = self.torch, []
        for limit in (0.5, 1e3):
            ps = [torch.zeros(a.shape) for a in arrays]
            for p, a in zip(ps, arrays):
                p.grad = torch.tensor(a)
            torch.nn.utils.clip_grad_norm_(ps, limit)
            out.append(("torch.nn.utils.clip_grad_norm_",
                        {"max_norm": limit}, [p.grad.numpy() for p in ps]))
        return out


class Optax(Framework):
    notes = ["jax.jit, CPU, x64 enabled, float64"]

    def __init__(self):
        import jax
        import jaxlib
        import optax
        self.jax, self.optax = jax, optax
        self.version = optax.__version__
        self.notes = self.notes + ["jax %s, jaxlib %s" % (
            jax.__version__, jaxlib.__version__)]

    def rules(self):
        o = self.optax
        lr, m = {"learning_rate": 0.01}, {"momentum": 0.9}
        lrm = dict(lr, **m)
        sgd = {"learning_rate": LR_SGD, "momentum": MOM}
        rms = {"learning_rate": LR_ADA, "decay": RHO, "eps": EPS}
        adam = {"learning_rate": LR_ADA, "b1": B1, "b2": B2, "eps": EPS}
        lra = {"learning_rate": 0.001}
        R = Rule
        return {
            "sgd": R("optax.sgd", o.sgd, required=lr,
                     ranges={"learning_rate": LR_SGD}),
            "momentum": R("optax.sgd", o.sgd, required=lrm, ranges=sgd),
            "nesterov": R("optax.sgd", o.sgd, required=lrm, ranges=sgd,
                          fixed={"nesterov": True}),
            "adagrad": R("optax.adagrad", o.adagrad, required=lr,
                         ranges={"learning_rate": LR_ADA, "eps": EPS,
                                 "initial_accumulator_value": ACC}),
            "rmsprop": R("optax.rmsprop", o.rmsprop, required=lra,
                         ranges=rms),
            "rmsprop_eps_outside": R("optax.rmsprop", o.rmsprop,
                                     required=lra, ranges=rms,
                                     fixed={"eps_in_sqrt": False}),
            "rmsprop_momentum": R("optax.rmsprop", o.rmsprop,
                                  required=dict(lra, **m),
                                  ranges=dict(rms, momentum=MOM)),
            "rmsprop_centered": R("optax.rmsprop", o.rmsprop, required=lra,
                                  ranges=rms, fixed={"centered": True}),
            "rmsprop_centered_momentum": R(
                "optax.rmsprop", o.rmsprop,
                required={"learning_rate": 1e-4, "decay": 0.95, "eps": 1e-4,
                          "momentum": 0.9},
                ranges=dict(rms, momentum=MOM), fixed={"centered": True}),
            "adadelta": R("optax.adadelta", o.adadelta,
                          required={"learning_rate": 1.0},
                          ranges={"learning_rate": (PICK, [0.5, 1.0]),
                                  "rho": RHO, "eps": EPS}),
            "adam": R("optax.adam", o.adam, required=lra, ranges=adam),
            "adamax": R("optax.adamax", o.adamax, required=lra, ranges=adam),
            "amsgrad": R("optax.amsgrad", o.amsgrad, required=lra,
                         ranges=adam),
            "nadam": R("optax.nadam", o.adam, required=lra, ranges=adam),
            "adamw": R("optax.adamw", o.adamw, required=lra,
                       ranges=dict(adam, weight_decay=WD)),
        }

    def make(self, rule, hyper, start):
        jax, optax = self.jax, self.optax
        opt = getattr(optax, rule.call.rsplit(".", 1)[1])(**hyper)
        state = {"p": [jax.numpy.asarray(a) for a in start]}
        state["s"] = opt.init(state["p"])

        @jax.jit
        def one(grads, s, p):
            u, s = opt.update(grads, s, p)
            return optax.apply_updates(p, u), s

        def update(grads):
            g = [jax.numpy.asarray(a) for a in grads]
            state["p"], state["s"] = one(g, state["s"], state["p"])
            assert all(a.dtype == "float64" for a in state["p"])
            return [np.asarray(a) for a in state["p"]]
        return update

    def functions(self, arrays):
        out = []
        for limit in (0.5, 1e3):
            clip = self.optax.clip_by_global_norm(limit)
            g = [self.jax.numpy.asarray(a) for a in arrays]
            u, _ = clip.update(g, clip.init(g))
            out.append(("optax.clip_by_global_norm", {"max_norm": limit}, u))
        return out


class Keras(Framework):
    notes = ["KERAS_BACKEND=jax, keras.config.set_floatx('float64'): without "
             "it the learning-rate variable is float32"]

    def __init__(self):
        import keras
        keras.config.set_floatx("float64")
        self.keras, self.version = keras, keras.__version__
        self.notes = self.notes + ["backend " + keras.backend.backend()]

    def rules(self):
        o = self.keras.optimizers
        m, c = {"momentum": 0.9}, {"centered": True}
        sgd = {"learning_rate": LR_SGD, "momentum": MOM}
        rms = {"learning_rate": LR_ADA, "rho": RHO, "epsilon": EPS}
        adam = {"learning_rate": LR_ADA, "beta_1": B1, "beta_2": B2,
                "epsilon": EPS}
        R = Rule
        P = "keras.optimizers."
        return {
            "sgd": R(P + "SGD", o.SGD, ranges={"learning_rate": LR_SGD}),
            "momentum": R(P + "SGD", o.SGD, required=m, ranges=sgd),
            "nesterov": R(P + "SGD", o.SGD, required=m, ranges=sgd,
                          fixed={"nesterov": True}),
            "adagrad": R(P + "Adagrad", o.Adagrad, ranges={
                "learning_rate": LR_ADA, "epsilon": EPS,
                "initial_accumulator_value": ACC}),
            "rmsprop": R(P + "RMSprop", o.RMSprop, ranges=rms),
            "rmsprop_momentum": R(P + "RMSprop", o.RMSprop, required=m,
                                  ranges=dict(rms, momentum=MOM)),
            "rmsprop_centered": R(P + "RMSprop", o.RMSprop, ranges=rms,
                                  fixed=c),
            "rmsprop_centered_momentum": R(
                P + "RMSprop", o.RMSprop, required=m, fixed=c,
                ranges=dict(rms, momentum=MOM)),
            "adadelta": R(P + "Adadelta", o.Adadelta, ranges={
                "learning_rate": (PICK, [0.5, 1.0]), "rho": RHO,
                "epsilon": EPS}),
            "adam": R(P + "Adam", o.Adam, ranges=adam),
            "adamax": R(P + "Adamax", o.Adamax, ranges=adam),
            "amsgrad": R(P + "Adam", o.Adam, ranges=adam,
                         fixed={"amsgrad": True}),
            "nadam": R(P + "Nadam", o.Nadam, ranges=adam),
            "adamw": R(P + "AdamW", o.AdamW,
                       ranges=dict(adam, weight_decay=WD)),
        }

    def make(self, rule, hyper, start):
        import jax
        keras = self.keras
        opt = getattr(keras.optimizers, rule.call.rsplit(".", 1)[1])(**hyper)
        tv = [keras.Variable(a, dtype="float64") for a in start]
        opt.build(tv)
        state = {"t": [v.value for v in tv],
                 "o": [v.value for v in opt.variables]}
        one = jax.jit(opt.stateless_apply)

        def update(grads):
            g = [jax.numpy.asarray(a) for a in grads]
            state["t"], state["o"] = one(state["o"], g, state["t"])
            assert all(a.dtype == "float64" for a in state["t"])
            return [np.asarray(a) for a in state["t"]]
        return update


class TensorFlow(Framework):
    notes = ["eager, CPU, float64; every hyper-parameter is handed over as a "
             "float64 tensor, because a Python float becomes float32 first"]

    def __init__(self):
        import tensorflow as tf
        self.tf, self.version = tf, tf.__version__
        tf.config.threading.set_intra_op_parallelism_threads(1)

    def rules(self):
        v1 = self.tf.compat.v1.train
        lr, m, c = {"learning_rate": 0.01}, {"momentum": 0.9}, \
            {"centered": True}
        sgd = {"learning_rate": LR_SGD, "momentum": MOM}
        rms = {"learning_rate": LR_ADA, "decay": RHO, "epsilon": EPS}
        old = {"learning_rate": LR_ADA, "rho": RHO, "epsilon": EPS}
        adam = {"learning_rate": LR_ADA, "beta1": B1, "beta2": B2,
                "epsilon": EPS}
        R = Rule
        P, L = "tf.compat.v1.train.", "tf.keras.optimizers.legacy."
        rp = v1.RMSPropOptimizer
        lrp = self.tf.keras.optimizers.legacy.RMSprop
        return {
            "sgd": R(P + "GradientDescentOptimizer", None, required=lr,
                     ranges={"learning_rate": LR_SGD}),
            "momentum": R(P + "MomentumOptimizer", None,
                          required=dict(lr, **m), ranges=sgd),
            "nesterov": R(P + "MomentumOptimizer", None,
                          required=dict(lr, **m), ranges=sgd,
                          fixed={"use_nesterov": True}),
            "adagrad": R(P + "AdagradOptimizer", v1.AdagradOptimizer,
                         required=lr, ranges={
                             "learning_rate": LR_ADA,
                             "initial_accumulator_value": (
                                 PICK, [1e-4, 0.1, 1.0])}),
            "rmsprop": R(P + "RMSPropOptimizer", rp, required=lr,
                         ranges=rms),
            "rmsprop_momentum": R(P + "RMSPropOptimizer", rp,
                                  required=dict(lr, **m),
                                  ranges=dict(rms, momentum=MOM)),
            "rmsprop_centered": R(P + "RMSPropOptimizer", rp, required=lr,
                                  ranges=rms, fixed=c),
            "rmsprop_centered_momentum": R(
                P + "RMSPropOptimizer", rp, fixed=c,
                required={"learning_rate": 1e-4, "decay": 0.95,
                          "momentum": 0.9, "epsilon": 1e-4},
                ranges=dict(rms, momentum=MOM)),
            "adadelta": R(P + "AdadeltaOptimizer", v1.AdadeltaOptimizer,
                          ranges={"learning_rate": (PICK, [0.5, 1.0]),
                                  "rho": RHO, "epsilon": EPS}),
            "adam": R(P + "AdamOptimizer", v1.AdamOptimizer, ranges=adam),
            "rmsprop_legacy": R(L + "RMSprop", lrp, ranges=old),
            "rmsprop_legacy_centered": R(L + "RMSprop", lrp, ranges=old,
                                         fixed=c),
            "rmsprop_legacy_momentum": R(L + "RMSprop", lrp, required=m,
                                         ranges=dict(old, momentum=MOM)),
        }

    def make(self, rule, hyper, start):
        tf = self.tf
        owner = tf.compat.v1.train if "v1" in rule.call \
            else tf.keras.optimizers.legacy
        raw = ("initial_accumulator_value",)     # must stay a Python float
        legacy = "legacy" in rule.call
        kw = {}
        for k, v in hyper.items():
            if isinstance(v, bool) or k in raw:
                kw[k] = v
            elif legacy and k in ("epsilon", "momentum"):
                kw[k] = v                        # see below
            else:
                kw[k] = tf.constant(v, tf.float64)
        opt = getattr(owner, rule.call.rsplit(".", 1)[1])(**kw)
        if legacy and "momentum" in hyper:
            # keep the momentum branch on, with a float64 value
            opt._hyper["momentum"] = tf.constant(hyper["momentum"],
                                                 tf.float64)
        params = [tf.Variable(a, dtype=tf.float64) for a in start]

        def update(grads):
            opt.apply_gradients([(tf.constant(g, tf.float64), p)
                                 for g, p in zip(grads, params)])
            return [p.numpy() for p in params]
        return update

    def functions(self, arrays):
        out = []
        for limit in (0.5, 1e3):
            g, _ = self.tf.clip_by_global_norm(
                [self.tf.constant(a, self.tf.float64) for a in arrays], limit)
            out.append(("tf.clip_by_global_norm", {"clip_norm": limit},
                        [a.numpy() for a in g]))
        return out


class Chainer(Framework):
    notes = ["CPU (NumPy) code path, float64"]

    def __init__(self):
        import chainer
        self.ch, self.version = chainer, chainer.__version__

    def rules(self):
        o = self.ch.optimizers
        P = "chainer.optimizers."
        sgd = {"lr": LR_SGD, "momentum": MOM}
        rms = {"lr": LR_ADA, "alpha": RHO, "eps": EPS}
        adam = {"alpha": LR_ADA, "beta1": B1, "beta2": B2, "eps": EPS}
        R = Rule
        return {
            "sgd": R(P + "SGD", o.SGD, ranges={"lr": LR_SGD}),
            "momentum": R(P + "MomentumSGD", o.MomentumSGD, ranges=sgd),
            "momentum_lr_outside": R(P + "CorrectedMomentumSGD",
                                     o.CorrectedMomentumSGD, ranges=sgd),
            "nesterov_new_velocity": R(P + "NesterovAG", o.NesterovAG,
                                       ranges=sgd),
            "adagrad": R(P + "AdaGrad", o.AdaGrad,
                         ranges={"lr": LR_ADA, "eps": EPS}),
            "rmsprop": R(P + "RMSprop", o.RMSprop, ranges=rms),
            "rmsprop_eps_inside": R(P + "RMSprop", o.RMSprop, ranges=rms,
                                    fixed={"eps_inside_sqrt": True}),
            "rmsprop_centered_momentum": R(
                P + "RMSpropGraves", o.RMSpropGraves,
                ranges=dict(rms, momentum=MOM)),
            "adadelta": R(P + "AdaDelta", o.AdaDelta,
                          ranges={"rho": RHO, "eps": EPS}),
            "adam": R(P + "Adam", o.Adam, ranges=adam),
            "amsgrad": R(P + "AMSGrad", o.AMSGrad, ranges=adam),
            "adamw": R(P + "AdamW", o.AdamW,
                       required={"weight_decay_rate": 0.01},
                       ranges=dict(adam, weight_decay_rate=WD)),
        }

    def make(self, rule, hyper, start):
        ch = self.ch
        link = ch.Link()
        with link.init_scope():
            for i, a in enumerate(start):
                setattr(link, "p%d" % i, ch.Parameter(np.array(a)))
        ps = [getattr(link, "p%d" % i) for i in range(len(start))]
        opt = getattr(ch.optimizers, rule.call.rsplit(".", 1)[1])(**hyper)
        opt.setup(link)

        def update(grads):
            for p, g in zip(ps, grads):
                p.grad = g
            opt.update()
            return [np.array(p.array) for p in ps]
        return update


class Lasagne(Framework):
    notes = ["Theano FAST_COMPILE mode, floatX=float64"]

    def __init__(self):
        import lasagne
        import theano
        self.la, self.th = lasagne, theano
        assert theano.config.floatX == "float64"
        self.version = lasagne.__version__
        self.notes = self.notes + ["Theano " + theano.__version__]

    def rules(self):
        u = self.la.updates
        P = "lasagne.updates."
        lr = {"learning_rate": 0.01}
        sgd = {"learning_rate": LR_SGD, "momentum": MOM}
        ada = {"learning_rate": LR_ADA, "epsilon": EPS}
        adam = {"learning_rate": LR_ADA, "beta1": B1, "beta2": B2,
                "epsilon": EPS}
        m = {"momentum": 0.9}
        R = Rule
        return {
            "sgd": R(P + "sgd", u.sgd, required=lr,
                     ranges={"learning_rate": LR_SGD}),
            "momentum": R(P + "momentum", u.momentum, required=lr,
                          ranges=sgd),
            "nesterov": R(P + "nesterov_momentum", u.nesterov_momentum,
                          required=lr, ranges=sgd),
            "adagrad": R(P + "adagrad", u.adagrad, ranges=ada),
            "rmsprop": R(P + "rmsprop", u.rmsprop,
                         ranges=dict(ada, rho=RHO)),
            "adadelta": R(P + "adadelta", u.adadelta, ranges={
                "learning_rate": (PICK, [0.5, 1.0]), "rho": RHO,
                "epsilon": EPS}),
            "adam": R(P + "adam", u.adam, ranges=adam),
            "adamax": R(P + "adamax", u.adamax, ranges=adam),
            "amsgrad": R(P + "amsgrad", u.amsgrad, ranges=adam),
            "rmsprop+apply_momentum": R(
                P + "rmsprop", u.rmsprop,
                required=dict(lr, **m),
                ranges=dict(ada, rho=RHO, momentum=MOM)),
            "rmsprop+apply_nesterov_momentum": R(
                P + "rmsprop", u.rmsprop,
                required=dict(lr, **m),
                ranges=dict(ada, rho=RHO, momentum=MOM)),
        }

    def make(self, rule, hyper, start):
        th, u = self.th, self.la.updates
        params = [th.shared(np.array(a)) for a in start]
        gs = [th.tensor.TensorType("float64", (False,) * a.ndim)()
              for a in start]
        kw = dict(hyper)
        fn = getattr(u, rule.call.rsplit(".", 1)[1])
        extra = None
        if rule is self._rules.get("rmsprop+apply_momentum"):
            extra = u.apply_momentum
        if rule is self._rules.get("rmsprop+apply_nesterov_momentum"):
            extra = u.apply_nesterov_momentum
        if extra is None:
            ups = fn(gs, params, **kw)
        else:
            mom = kw.pop("momentum")
            ups = extra(fn(gs, params, **kw), params, momentum=mom)
        step = th.function(gs, [], updates=ups)

        def update(grads):
            step(*grads)
            return [p.get_value() for p in params]
        return update

    def functions(self, arrays):
        th, u, out = self.th, self.la.updates, []
        for limit in (0.5, 1e3):
            vs = [th.shared(np.array(a)) for a in arrays]
            ys = [v + 0.0 for v in vs]
            r = th.function([], u.total_norm_constraint(ys, limit))()
            out.append(("lasagne.updates.total_norm_constraint",
                        {"max_norm": limit}, r))
            r = th.function([], u.norm_constraint(ys[0], limit))()
            out.append(("lasagne.updates.norm_constraint (first array)",
                        {"max_norm": limit}, [r]))
        return out


class Autograd(Framework):
    notes = ["autograd.misc.optimizers, pure NumPy"]

    def __init__(self):
        import autograd
        from importlib.metadata import version
        from autograd.misc import optimizers
        self.o, self.version = optimizers, version("autograd")

    def rules(self):
        P = "autograd.misc.optimizers."
        return {
            "momentum_averaged": Rule(P + "sgd", None, required={
                "step_size": 0.1, "mass": 0.9},
                ranges={"step_size": LR_ADA, "mass": MOM}),
            "rmsprop": Rule(P + "rmsprop", None, required={
                "step_size": 0.1, "gamma": 0.9, "eps": 1e-8},
                ranges={"step_size": LR_ADA, "gamma": RHO, "eps": EPS}),
            "adam": Rule(P + "adam", None, required={
                "step_size": 0.001, "b1": 0.9, "b2": 0.999, "eps": 1e-8},
                ranges={"step_size": LR_ADA, "b1": B1, "b2": B2,
                        "eps": EPS}),
        }

    def run(self, rule, hyper, start, grad, steps):
        # callback-driven: it hands over iterate i before update i+1
        seen = []

        class Stop(Exception):
            pass

        def watch(x, i, g):
            flat = unpack(x)
            if i > 0:
                seen.append(flat)
            if not sane(flat):
                raise Stop

        shapes = [a.shape for a in start]

        def g(x, i):
            if i >= steps:
                return [np.zeros(s) for s in shapes]
            return pack(grad(i + 1, unpack(x)), shapes)
        fn = getattr(self.o, rule.call.rsplit(".", 1)[1])
        try:
            fn(g, list(start), watch, steps + 1, **hyper)
        except Stop:
            pass
        return iter(seen[:steps])


class Dlfs(Framework):
    notes = ["single file of oreilly-japan/deep-learning-from-scratch; "
             "eps 1e-7 is hard-coded"]

    def __init__(self, path, commit):
        spec = importlib.util.spec_from_file_location("dlfs_optimizer", path)
        self.mod = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.mod)
        self.version = commit

    def rules(self):
        o = self.mod
        sgd = {"lr": LR_SGD, "momentum": MOM}
        P = "common.optimizer."
        return {
            "sgd": Rule(P + "SGD", o.SGD, ranges={"lr": LR_SGD}),
            "momentum": Rule(P + "Momentum", o.Momentum, ranges=sgd),
            "nesterov": Rule(P + "Nesterov", o.Nesterov, ranges=sgd),
            "adagrad": Rule(P + "AdaGrad", o.AdaGrad,
                            ranges={"lr": LR_ADA}),
            "rmsprop": Rule(P + "RMSprop", o.RMSprop,
                            ranges={"lr": LR_ADA, "decay_rate": RHO}),
            "adam": Rule(P + "Adam", o.Adam,
                         ranges={"lr": LR_ADA, "beta1": B1, "beta2": B2}),
        }

    def make(self, rule, hyper, start):
        params = {i: np.array(a) for i, a in enumerate(start)}
        opt = getattr(self.mod, rule.call.rsplit(".", 1)[1])(**hyper)

        def update(grads):
            opt.update(params, dict(enumerate(grads)))
            return [np.array(params[i]) for i in range(len(start))]
        return update


def framework(args):
    name = args.framework
    table = {"torch": Torch, "optax": Optax, "keras": Keras,
             "tensorflow": TensorFlow, "chainer": Chainer,
             "lasagne": Lasagne, "autograd": Autograd}
    if name in table:
        return table[name]()
    if not args.dlfs_module:
        sys.exit("--framework %s needs --dlfs-module" % name)
    return Dlfs(args.dlfs_module, args.dlfs_commit)


# ------------------------------------------------------------------- running
def sane(flat):
    return all(math.isfinite(v) and abs(v) < LIMIT for v in flat)


def trajectory(fw, rule, hyper, task, data, wiggle):
    """All iterates 1..n, cut short where the run leaves sane numbers."""
    shapes = SHAPES if task == "multi" else [(len(data["start"]),)]
    base = gradient(task, data)

    def noisy(t, p):
        g = base(t, p)
        if not wiggle:
            return g
        return [v * (1.0 + (wiggle if (t + i) % 2 else -wiggle))
                for i, v in enumerate(g)]
    out = []
    for flat in fw.run(rule, hyper, pack(data["start"], shapes), noisy,
                       data["steps"]):
        out.append(flat)
        if not sane(flat):
            break
    return out


def gain(a, b, upto):
    """Growth of a relative gradient noise of WIGGLE, up to one step."""
    size = max((abs(v) for it in a[:upto] for v in it if math.isfinite(v)),
               default=0.0)
    worst = 0.0
    for x, y in zip(a[:upto], b[:upto]):
        for u, v in zip(x, y):
            d = abs(u - v)
            worst = max(worst, d if math.isfinite(d) else 0.0)
    return float("%.2g" % (worst / (WIGGLE * size))) if size else 0.0


def clean(flat):
    """JSON has no NaN: non-finite values become strings."""
    return [v if math.isfinite(v) else repr(v) for v in flat]


def build(args):
    tasks = draw_tasks(args.seed, args.random_starts)
    fw = framework(args)
    fw._rules = fw.rules()
    cases = []
    for name, rule in fw._rules.items():
        # a stream of its own per rule: adding a rule moves no other setting
        rnd = random.Random("%d/%s/%s" % (args.seed, args.framework, name))
        settings = []
        if not args.no_defaults:
            settings.append((True, rule.default()))
        settings += [(False, rule.drawn(rnd)) for _ in range(args.draws)]
        for is_default, hyper in settings:
            for task, data in tasks.items():
                a = trajectory(fw, rule, hyper, task, data, 0.0)
                b = trajectory(fw, rule, hyper, task, data, WIGGLE)
                case = {
                    "rule": name, "call": rule.call, "hyper": hyper,
                    "setting": "default" if is_default else "drawn",
                    "dtype": "float64", "task": task,
                    "rounding_gain": {
                        str(k): gain(a, b, k)
                        for k in (10, 50, 200, 2000) if k <= data["steps"]},
                }
                if rule.required and is_default:
                    case["not_framework_default"] = sorted(rule.required)
                if not sane(a[-1]):
                    case["stopped_at"] = len(a)
                at = [t for t in kept_steps(task, is_default) if t <= len(a)]
                if len(a) not in at:
                    at.append(len(a))
                case["at"] = at
                case["iterates"] = [clean(a[t - 1]) for t in at]
                cases.append(case)
        print(args.framework, name, file=sys.stderr, flush=True)
    probe = [a / 3.0 for a in pack(tasks["multi"]["gradients"][29], SHAPES)]
    return {
        "schema": SCHEMA, "framework": args.framework,
        "framework_version": str(fw.version), "notes": fw.notes,
        "python": platform.python_version(), "numpy": np.__version__,
        "machine": platform.machine(), "seed": args.seed,
        "tasks": tasks,
        "functions": [
            {"call": n, "hyper": h, "input": unpack(probe),
             "shapes": [list(s) for s in SHAPES],
             "result": clean(unpack(r))}
            for n, h, r in fw.functions(probe)],
        "cases": cases,
    }


def dump(doc):
    """Compact, one case per line, so that a diff names the case."""
    lines = ["{"]
    for key in doc:
        if key in ("cases", "functions", "tasks"):
            continue
        lines.append("%s: %s," % (json.dumps(key), json.dumps(doc[key])))
    for key in ("functions", "tasks", "cases"):
        val = doc[key]
        end = "," if key != "cases" else ""
        if isinstance(val, dict):
            body = ",\n".join("%s: %s" % (json.dumps(k), js(v))
                              for k, v in val.items())
            lines.append("%s: {\n%s\n}%s" % (json.dumps(key), body, end))
        else:
            body = ",\n".join(js(v) for v in val)
            lines.append("%s: [\n%s\n]%s" % (json.dumps(key), body, end))
    lines.append("}")
    return "\n".join(lines) + "\n"


def js(v):
    return json.dumps(v, separators=(",", ":"), allow_nan=False)


def compare(old, new):
    """Differences between two documents; the largest relative one."""
    worst, where, missing = 0.0, None, []
    a = {key_of(c): c for c in old["cases"]}
    b = {key_of(c): c for c in new["cases"]}
    missing = sorted(set(a) ^ set(b))
    for k in sorted(set(a) & set(b)):
        if a[k]["at"] != b[k]["at"]:
            missing.append(k + " (other steps)")
            continue
        for x, y in zip(a[k]["iterates"], b[k]["iterates"]):
            size = max([abs(v) for v in x if not isinstance(v, str)] + [0])
            for u, v in zip(x, y):
                if u == v:
                    continue
                d = math.inf if isinstance(u, str) or isinstance(v, str) \
                    else abs(u - v) / size
                if d > worst:
                    worst, where = d, k
    return worst, where, missing


def key_of(case):
    return "%s | %s | %s" % (case["rule"], js(case["hyper"]), case["task"])


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--framework", required=True)
    p.add_argument("--out", default=os.path.join(
        os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "tests", "golden"))
    p.add_argument("--seed", type=int, default=PUBLIC_SEED)
    p.add_argument("--draws", type=int, default=2,
                   help="further settings per rule")
    p.add_argument("--no-defaults", action="store_true")
    p.add_argument("--random-starts", action="store_true")
    p.add_argument("--dlfs-module", help="path of common/optimizer.py")
    p.add_argument("--dlfs-commit", default="")
    p.add_argument("--check", action="store_true",
                   help="compare with the file instead of writing it")
    args = p.parse_args()
    path = os.path.join(args.out, args.framework + ".json")
    doc = build(args)
    if args.check:
        with open(path) as f:
            old = json.load(f)
        worst, where, missing = compare(old, json.loads(dump(doc)))
        print("%s: largest relative difference %.3g%s; cases not in both: %d"
              % (args.framework, worst, " at " + where if where else "",
                 len(missing)))
        sys.exit(bool(missing) or worst > 1e-12)
    os.makedirs(args.out, exist_ok=True)
    with open(path, "w") as f:
        f.write(dump(doc))
    print("%s: %d cases, %d bytes" % (path, len(doc["cases"]),
                                      os.path.getsize(path)))


if __name__ == "__main__":
    main()
