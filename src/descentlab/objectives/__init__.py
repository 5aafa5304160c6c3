"""Test functions with exact gradients, and the loop that runs a rule on one of them.

    from descentlab.objectives import bowl, descend

    path = descend(SGD(lr=0.95), bowl, steps=30)       # array of shape (31, 2), the start first
    bowl.value(path[-1]), bowl.gradient(path[-1])      # a float, an array of shape (2,)
    bowl.value(path.T)                                 # the loss along the path, shape (31,)

`bowl` is x²/20 + y², the course's test bed: curvatures 0.1 and 2, start (−7, 2). The others: `quadratic` (any
curvatures, rotated), `rosenbrock`, `saddle`, `double_well`, `kinked` and `chain` (hard, each in its way), and
`noisy`, which adds noise to another's gradient. Each has a file of its own; one more file is one more
objective.
"""

from descentlab.objectives.bowl import bowl
from descentlab.objectives.chain import chain
from descentlab.objectives.descent import descend, steps_to
from descentlab.objectives.double_well import double_well
from descentlab.objectives.kinked import kinked
from descentlab.objectives.noise import noisy
from descentlab.objectives.objective import Objective
from descentlab.objectives.quadratic import quadratic
from descentlab.objectives.rosenbrock import rosenbrock
from descentlab.objectives.saddle import saddle

__all__ = [
    "Objective",
    "bowl",
    "chain",
    "descend",
    "double_well",
    "kinked",
    "noisy",
    "quadratic",
    "rosenbrock",
    "saddle",
    "steps_to",
]
