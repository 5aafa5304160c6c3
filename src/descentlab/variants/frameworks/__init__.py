"""One file a framework: functions with its own names and defaults, giving a rule with its numbers.

`RULES` of each file maps a rule's name, as the course and tests/golden write it, to the function and to the
arguments that choose this rule. `TITLE` is how people call the framework.
"""

from . import autograd, chainer, dlfs, dlfs_2016, keras, lasagne, optax, tensorflow, torch

FRAMEWORKS = {
    "torch": torch,
    "keras": keras,
    "tensorflow": tensorflow,
    "optax": optax,
    "chainer": chainer,
    "lasagne": lasagne,
    "autograd": autograd,
    "dlfs": dlfs,
    "dlfs_2016": dlfs_2016,
}

__all__ = ["FRAMEWORKS"]
