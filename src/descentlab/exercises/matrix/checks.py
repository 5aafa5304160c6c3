"""The checks of lesson 10-matrix."""

import numpy as np
from numpy.random import Generator

from verdicts.spec import FunctionCheck, Probes, probe

SHAPES = {"a wide matrix": (3, 5), "a tall matrix": (6, 4), "a square matrix": (4, 4)}


def matrix(rng: Generator, shape: tuple[int, int]) -> np.ndarray:
    """A matrix of full rank whose singular values are apart from each other and from 0."""
    u, _, v = np.linalg.svd(rng.normal(size=shape), full_matrices=False)
    values = np.geomspace(3.0, 0.4, min(shape)) * rng.uniform(0.9, 1.1, min(shape))
    return u * values @ v


def gradients(rng: Generator) -> Probes:
    """A gradient of each shape, and η."""
    for name, shape in SHAPES.items():
        yield probe(name, G=matrix(rng, shape), lr=rng.uniform(0.02, 0.2))


def iterates(rng: Generator) -> Probes:
    """A matrix with singular values below 1, and three coefficients."""
    for name, shape in SHAPES.items():
        a, b, c = rng.uniform((1.2, -0.9, 0.2), (1.8, -0.3, 0.6)).tolist()
        yield probe(name, X=matrix(rng, shape) / 4, a=a, b=b, c=c)


def shapes(rng: Generator) -> Probes:
    """Two numbers of rows and columns, and the wanted root mean square."""
    for name, inputs, outputs in (("wide", (3, 9), (20, 60)), ("tall", (20, 60), (3, 9))):
        rows, columns = int(rng.integers(*inputs)), int(rng.integers(*outputs))
        yield probe(name, inputs=rows, outputs=columns, rms=rng.uniform(0.1, 0.4))


def steps(rng: Generator) -> Probes:
    """Weights, a gradient and an average, at the first call zero, with η and μ."""
    for name, shape in (*SHAPES.items(), ("the first call", (3, 5))):
        memory = np.zeros(shape) if name == "the first call" else matrix(rng, shape)
        lr, momentum = rng.uniform((0.02, 0.7), (0.2, 0.9)).tolist()
        yield probe(name, W=rng.normal(size=shape), G=matrix(rng, shape), M=memory, lr=lr, momentum=momentum)


CHECKS = (
    FunctionCheck("matrix/best-step", "10-matrix, the best step", gradients),
    FunctionCheck("matrix/iteration", "10-matrix, one iteration", iterates),
    FunctionCheck("matrix/scale", "10-matrix, how long is the step", shapes),
    FunctionCheck("matrix/update", "10-matrix, Muon", steps),
    FunctionCheck("matrix/priced", "10-matrix, prices again", gradients),
)
