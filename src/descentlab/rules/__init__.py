"""The reference rules: one file a rule, the formula above its statements.

A rule is an object with `update(params, grads)`: dicts of float arrays, `params` changed in place.
`like(framework, name)` gives a rule with a framework's own conventions, names and defaults.
"""

from .adagrad import AdaGrad
from .adam import Adam
from .lookup import like
from .momentum import Momentum
from .nesterov import Nesterov
from .rmsprop import RMSprop
from .rmspropgraves import RMSpropGraves
from .sgd import SGD

__all__ = ["SGD", "AdaGrad", "Adam", "Momentum", "Nesterov", "RMSprop", "RMSpropGraves", "like"]
