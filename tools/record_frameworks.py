#!/usr/bin/env python3
"""Records what real frameworks compute, for tests/golden/frameworks.json.

One call runs ONE framework and writes its part of the file: the parameters
after a few updates, on two small tasks, with the framework's default
hyper-parameters. Nothing here re-implements an update rule; each number comes
out of the framework that it stands under.

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
  python tools/record_frameworks.py --framework torch            # writes
  python tools/record_frameworks.py --framework torch --check    # compares

The layout of the file: tests/golden/README.md.
"""
import argparse
import importlib.util
import inspect
import json
import math
import os
import platform
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

SEED = 20261120
SHAPES = [(3, 2), (4,), ()]                  # tensors of the task "multi"
KEPT = {"quad": (1, 2, 10), "multi": (4, 30, 126)}
FILE = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                    "tests", "golden", "frameworks.json")


# --------------------------------------------------------------------- tasks
def draw_tasks():
    """Everything that defines the tasks, as plain JSON-able data.

    In multi the gradients do not depend on the parameters. Their scales per
    coordinate and per step make the place of eps, the initial state and the
    origin of t visible.
    """
    rng = np.random.default_rng(SEED)
    raw = rng.standard_normal((200, 11))
    coordinate = np.ones(11)
    coordinate[6:10] = [0.0, 1e-9, 1.0, 1e3]       # the vector of 4
    step = np.ones(200)
    step[0:2] = 0.0          # steps 1-2: zero gradient before anything else
    step[2:22] = 1e-9        # steps 3-22: tiny, eps dominates
    step[59:69] = 0.0        # steps 60-69: zeros in mid-course
    step[119:124] = 1e6      # steps 120-124: huge
    grads = (raw * coordinate * step[:, None])[:max(KEPT["multi"])]
    start = np.round(rng.standard_normal(11), 3)
    return {
        "quad": {"f": "x*x/20 + y*y", "grad": "(x/10, 2*y)",
                 "start": [-7.0, 2.0]},
        "multi": {"grad": "gradients[t-1] at step t, whatever the iterate",
                  "shapes": [list(s) for s in SHAPES],
                  "start": start.tolist(), "gradients": grads.tolist()},
    }


def gradient(task, data):
    """(t, flat list of floats) -> flat list of floats; t counts from 1."""
    if task == "quad":
        return lambda t, p: [p[0] / 10.0, 2.0 * p[1]]
    return lambda t, p: data["gradients"][t - 1]


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
class Rule:
    """How a framework spells one rule.

    call      the framework's public name, for the record
    signature the object whose signature holds the defaults (or None)
    fixed     arguments that select the rule (nesterov=True, ...)
    required  values for arguments without a useful default
    names     the hyper-parameters to record, in one string
    """

    def __init__(self, call, signature=None, fixed=None, required=None,
                 names=""):
        self.call, self.signature = call, signature
        self.fixed, self.required = fixed or {}, required or {}
        self.names = names.split()

    def default(self):
        found = {}
        if self.signature is not None:
            for name, p in inspect.signature(self.signature).parameters.items():
                if p.default is not inspect.Parameter.empty:
                    found[name] = p.default
        hyper = {}
        for name in self.names:
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
        rms = "lr alpha eps"
        adam = "lr betas eps"
        R = Rule
        return {
            "sgd": R("torch.optim.SGD", o.SGD, names="lr"),
            "momentum": R("torch.optim.SGD", o.SGD, required=mom,
                          names="lr momentum"),
            "momentum_dampening": R(
                "torch.optim.SGD", o.SGD,
                required={"momentum": 0.9, "dampening": 0.9},
                names="lr momentum dampening"),
            "nesterov": R("torch.optim.SGD", o.SGD, fixed={"nesterov": True},
                          required=mom,
                          names="lr momentum"),
            "adagrad": R("torch.optim.Adagrad", o.Adagrad,
                         names="lr eps initial_accumulator_value lr_decay"),
            "rmsprop": R("torch.optim.RMSprop", o.RMSprop, names=rms),
            "rmsprop_momentum": R("torch.optim.RMSprop", o.RMSprop,
                                  required=mom,
                                  names=rms + " momentum"),
            "rmsprop_centered": R("torch.optim.RMSprop", o.RMSprop, fixed=c,
                                  names=rms),
            "rmsprop_centered_momentum": R(
                "torch.optim.RMSprop", o.RMSprop, fixed=c, required=mom,
                names=rms + " momentum"),
            "adam": R("torch.optim.Adam", o.Adam, names=adam),
            "adamax": R("torch.optim.Adamax", o.Adamax, names=adam),
            "amsgrad": R("torch.optim.Adam", o.Adam, fixed={"amsgrad": True},
                         names=adam),
            "nadam": R("torch.optim.NAdam", o.NAdam,
                       names=adam + " momentum_decay"),
            "adamw": R("torch.optim.AdamW", o.AdamW,
                       names=adam + " weight_decay"),
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


def jax_update(one, params, state):
    """The function that make() returns, of one(state, grads, params)
    -> (params, state)."""
    import jax
    one, held = jax.jit(one), {"params": params, "state": state}

    def update(grads):
        g = [jax.numpy.asarray(a) for a in grads]
        held["params"], held["state"] = one(held["state"], g, held["params"])
        assert all(a.dtype == "float64" for a in held["params"])
        return [np.asarray(a) for a in held["params"]]
    return update


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
        sgd = "learning_rate momentum"
        rms = "learning_rate decay eps"
        adam = "learning_rate b1 b2 eps"
        lra = {"learning_rate": 0.001}
        R = Rule
        return {
            "sgd": R("optax.sgd", o.sgd, required=lr,
                     names="learning_rate"),
            "momentum": R("optax.sgd", o.sgd, required=lrm, names=sgd),
            "nesterov": R("optax.sgd", o.sgd, required=lrm, names=sgd,
                          fixed={"nesterov": True}),
            "adagrad": R("optax.adagrad", o.adagrad, required=lr,
                         names="learning_rate eps initial_accumulator_value"),
            "rmsprop": R("optax.rmsprop", o.rmsprop, required=lra,
                         names=rms),
            "rmsprop_eps_outside": R("optax.rmsprop", o.rmsprop,
                                     required=lra, names=rms,
                                     fixed={"eps_in_sqrt": False}),
            "rmsprop_momentum": R("optax.rmsprop", o.rmsprop,
                                  required=dict(lra, **m),
                                  names=rms + " momentum"),
            "rmsprop_centered": R("optax.rmsprop", o.rmsprop, required=lra,
                                  names=rms, fixed={"centered": True}),
            "rmsprop_centered_momentum": R(
                "optax.rmsprop", o.rmsprop,
                required={"learning_rate": 1e-4, "decay": 0.95, "eps": 1e-4,
                          "momentum": 0.9},
                names=rms + " momentum", fixed={"centered": True}),
            "adam": R("optax.adam", o.adam, required=lra, names=adam),
            "adamax": R("optax.adamax", o.adamax, required=lra, names=adam),
            "amsgrad": R("optax.amsgrad", o.amsgrad, required=lra,
                         names=adam),
            "nadam": R("optax.nadam", o.adam, required=lra, names=adam),
            "adamw": R("optax.adamw", o.adamw, required=lra,
                       names=adam + " weight_decay"),
        }

    def make(self, rule, hyper, start):
        jax, optax = self.jax, self.optax
        opt = getattr(optax, rule.call.rsplit(".", 1)[1])(**hyper)
        params = [jax.numpy.asarray(a) for a in start]

        def one(state, grads, params):
            u, state = opt.update(grads, state, params)
            return optax.apply_updates(params, u), state
        return jax_update(one, params, opt.init(params))


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
        sgd = "learning_rate momentum"
        rms = "learning_rate rho epsilon"
        adam = "learning_rate beta_1 beta_2 epsilon"
        R = Rule
        P = "keras.optimizers."
        return {
            "sgd": R(P + "SGD", o.SGD, names="learning_rate"),
            "momentum": R(P + "SGD", o.SGD, required=m, names=sgd),
            "nesterov": R(P + "SGD", o.SGD, required=m, names=sgd,
                          fixed={"nesterov": True}),
            "adagrad": R(P + "Adagrad", o.Adagrad, names="learning_rate epsilon initial_accumulator_value"),
            "rmsprop": R(P + "RMSprop", o.RMSprop, names=rms),
            "rmsprop_momentum": R(P + "RMSprop", o.RMSprop, required=m,
                                  names=rms + " momentum"),
            "rmsprop_centered": R(P + "RMSprop", o.RMSprop, names=rms,
                                  fixed=c),
            "rmsprop_centered_momentum": R(
                P + "RMSprop", o.RMSprop, required=m, fixed=c,
                names=rms + " momentum"),
            "adam": R(P + "Adam", o.Adam, names=adam),
            "adamax": R(P + "Adamax", o.Adamax, names=adam),
            "amsgrad": R(P + "Adam", o.Adam, names=adam,
                         fixed={"amsgrad": True}),
            "nadam": R(P + "Nadam", o.Nadam, names=adam),
            "adamw": R(P + "AdamW", o.AdamW,
                       names=adam + " weight_decay"),
        }

    def make(self, rule, hyper, start):
        keras = self.keras
        opt = getattr(keras.optimizers, rule.call.rsplit(".", 1)[1])(**hyper)
        tv = [keras.Variable(a, dtype="float64") for a in start]
        opt.build(tv)
        return jax_update(opt.stateless_apply, [v.value for v in tv],
                          [v.value for v in opt.variables])


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
        sgd = "learning_rate momentum"
        rms = "learning_rate decay epsilon"
        old = "learning_rate rho epsilon"
        adam = "learning_rate beta1 beta2 epsilon"
        R = Rule
        P, L = "tf.compat.v1.train.", "tf.keras.optimizers.legacy."
        rp = v1.RMSPropOptimizer
        lrp = self.tf.keras.optimizers.legacy.RMSprop
        return {
            "sgd": R(P + "GradientDescentOptimizer", None, required=lr,
                     names="learning_rate"),
            "momentum": R(P + "MomentumOptimizer", None,
                          required=dict(lr, **m), names=sgd),
            "nesterov": R(P + "MomentumOptimizer", None,
                          required=dict(lr, **m), names=sgd,
                          fixed={"use_nesterov": True}),
            "adagrad": R(P + "AdagradOptimizer", v1.AdagradOptimizer,
                         required=lr, names="learning_rate initial_accumulator_value"),
            "rmsprop": R(P + "RMSPropOptimizer", rp, required=lr,
                         names=rms),
            "rmsprop_momentum": R(P + "RMSPropOptimizer", rp,
                                  required=dict(lr, **m),
                                  names=rms + " momentum"),
            "rmsprop_centered": R(P + "RMSPropOptimizer", rp, required=lr,
                                  names=rms, fixed=c),
            "rmsprop_centered_momentum": R(
                P + "RMSPropOptimizer", rp, fixed=c,
                required={"learning_rate": 1e-4, "decay": 0.95,
                          "momentum": 0.9, "epsilon": 1e-4},
                names=rms + " momentum"),
            "adam": R(P + "AdamOptimizer", v1.AdamOptimizer, names=adam),
            "rmsprop_legacy": R(L + "RMSprop", lrp, names=old),
            "rmsprop_legacy_centered": R(L + "RMSprop", lrp, names=old,
                                         fixed=c),
            "rmsprop_legacy_momentum": R(L + "RMSprop", lrp, required=m,
                                         names=old + " momentum"),
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


class Chainer(Framework):
    notes = ["CPU (NumPy) code path, float64"]

    def __init__(self):
        import chainer
        self.ch, self.version = chainer, chainer.__version__

    def rules(self):
        o = self.ch.optimizers
        P = "chainer.optimizers."
        sgd = "lr momentum"
        rms = "lr alpha eps"
        adam = "alpha beta1 beta2 eps"
        R = Rule
        return {
            "sgd": R(P + "SGD", o.SGD, names="lr"),
            "momentum": R(P + "MomentumSGD", o.MomentumSGD, names=sgd),
            "momentum_lr_outside": R(P + "CorrectedMomentumSGD",
                                     o.CorrectedMomentumSGD, names=sgd),
            "nesterov_new_velocity": R(P + "NesterovAG", o.NesterovAG,
                                       names=sgd),
            "adagrad": R(P + "AdaGrad", o.AdaGrad,
                         names="lr eps"),
            "rmsprop": R(P + "RMSprop", o.RMSprop, names=rms),
            "rmsprop_eps_inside": R(P + "RMSprop", o.RMSprop, names=rms,
                                    fixed={"eps_inside_sqrt": True}),
            "rmsprop_centered_momentum": R(
                P + "RMSpropGraves", o.RMSpropGraves,
                names=rms + " momentum"),
            "adam": R(P + "Adam", o.Adam, names=adam),
            "amsgrad": R(P + "AMSGrad", o.AMSGrad, names=adam),
            "adamw": R(P + "AdamW", o.AdamW,
                       required={"weight_decay_rate": 0.01},
                       names=adam + " weight_decay_rate"),
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
        sgd = "learning_rate momentum"
        ada = "learning_rate epsilon"
        adam = "learning_rate beta1 beta2 epsilon"
        m = {"momentum": 0.9}
        R = Rule
        return {
            "sgd": R(P + "sgd", u.sgd, required=lr,
                     names="learning_rate"),
            "momentum": R(P + "momentum", u.momentum, required=lr,
                          names=sgd),
            "nesterov": R(P + "nesterov_momentum", u.nesterov_momentum,
                          required=lr, names=sgd),
            "adagrad": R(P + "adagrad", u.adagrad, names=ada),
            "rmsprop": R(P + "rmsprop", u.rmsprop,
                         names=ada + " rho"),
            "adam": R(P + "adam", u.adam, names=adam),
            "adamax": R(P + "adamax", u.adamax, names=adam),
            "amsgrad": R(P + "amsgrad", u.amsgrad, names=adam),
            "rmsprop+apply_momentum": R(
                P + "rmsprop", u.rmsprop,
                required=dict(lr, **m),
                names=ada + " rho momentum"),
            "rmsprop+apply_nesterov_momentum": R(
                P + "rmsprop", u.rmsprop,
                required=dict(lr, **m),
                names=ada + " rho momentum"),
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
                names="step_size mass"),
            "rmsprop": Rule(P + "rmsprop", None, required={
                "step_size": 0.1, "gamma": 0.9, "eps": 1e-8},
                names="step_size gamma eps"),
            "adam": Rule(P + "adam", None, required={
                "step_size": 0.001, "b1": 0.9, "b2": 0.999, "eps": 1e-8},
                names="step_size b1 b2 eps"),
        }

    def run(self, rule, hyper, start, grad, steps):
        # callback-driven: it hands over iterate i before update i+1
        seen = []

        def watch(x, i, g):
            flat = unpack(x)
            if i > 0:
                seen.append(flat)

        shapes = [a.shape for a in start]

        def g(x, i):
            if i >= steps:
                return [np.zeros(s) for s in shapes]
            return pack(grad(i + 1, unpack(x)), shapes)
        fn = getattr(self.o, rule.call.rsplit(".", 1)[1])
        fn(g, list(start), watch, steps + 1, **hyper)
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
        sgd = "lr momentum"
        P = "common.optimizer."
        return {
            "sgd": Rule(P + "SGD", o.SGD, names="lr"),
            "momentum": Rule(P + "Momentum", o.Momentum, names=sgd),
            "nesterov": Rule(P + "Nesterov", o.Nesterov, names=sgd),
            "adagrad": Rule(P + "AdaGrad", o.AdaGrad,
                            names="lr"),
            "rmsprop": Rule(P + "RMSprop", o.RMSprop,
                            names="lr decay_rate"),
            "adam": Rule(P + "Adam", o.Adam,
                         names="lr beta1 beta2"),
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
def iterates(fw, rule, hyper, task, data):
    """The parameters after each of the kept steps."""
    shapes = SHAPES if task == "multi" else [(len(data["start"]),)]
    every = list(fw.run(rule, hyper, pack(data["start"], shapes),
                        gradient(task, data), max(KEPT[task])))
    return {str(t): every[t - 1] for t in KEPT[task]}


def record(fw, tasks):
    """The framework's part of the file."""
    fw._rules, rules = fw.rules(), {}
    for name, rule in fw._rules.items():
        hyper = rule.default()
        rules[name] = {
            "call": rule.call, "hyper": hyper,
            "not_default": sorted(rule.required),
            "iterates": {task: iterates(fw, rule, hyper, task, data)
                         for task, data in tasks.items()}}
    return {"version": str(fw.version), "notes": fw.notes,
            "python": platform.python_version(), "numpy": np.__version__,
            "rules": rules}


def dump(doc):
    """Compact, one rule per line, so that a diff names it."""
    lines = ['{"tasks": %s,' % js(doc["tasks"]), '"frameworks": {']
    parts = []
    for name, part in doc["frameworks"].items():
        facts = "".join("%s: %s,\n" % (js(k), js(v))
                        for k, v in part.items() if k != "rules")
        rules = ",\n".join("%s: %s" % (js(k), js(v))
                           for k, v in part["rules"].items())
        parts.append('%s: {\n%s"rules": {\n%s\n}}' % (js(name), facts, rules))
    return "\n".join(lines + [",\n".join(parts), "}}"]) + "\n"


def js(v):
    return json.dumps(v, separators=(",", ":"), allow_nan=False)


def difference(old, new):
    """The largest relative difference between two records; inf where they
    do not have the same rules and hyper-parameters."""
    a, b = old["rules"], new["rules"]
    if {k: v["hyper"] for k, v in a.items()} != {k: v["hyper"]
                                                 for k, v in b.items()}:
        return math.inf
    worst = 0.0
    for name in a:
        for task, steps in a[name]["iterates"].items():
            for t, was in steps.items():
                now = np.array(b[name]["iterates"][task][t])
                worst = max(worst, np.abs(now - was).max()
                            / np.abs(was).max())
    return worst


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("--framework", required=True)
    p.add_argument("--dlfs-module", help="path of common/optimizer.py")
    p.add_argument("--dlfs-commit", default="")
    p.add_argument("--check", action="store_true",
                   help="compare with the file instead of writing it")
    args = p.parse_args()
    with open(FILE) as f:
        doc = json.load(f)
    doc["tasks"] = draw_tasks()
    new = json.loads(js(record(framework(args), doc["tasks"])))
    if args.check:
        worst = difference(doc["frameworks"][args.framework], new)
        print("%s: largest relative difference %.3g" % (args.framework, worst))
        sys.exit(bool(worst > 1e-12))
    doc["frameworks"][args.framework] = new
    with open(FILE, "w") as f:
        f.write(dump(doc))
    print("%s: %d rules" % (args.framework, len(new["rules"])))


if __name__ == "__main__":
    main()
