"""Known mistakes in momentum."""

import numpy as np

from descentlab.diagnosis.catalogue import mistakes_of

mistake = mistakes_of("momentum/update")


class Rule:
    def __init__(self, lr, momentum):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def start(self, params):
        for k in params:
            self.v.setdefault(k, np.zeros_like(params[k]))


@mistake(
    "momentum/uphill",
    "M1",
    what="momentum that moves uphill: the velocity takes +η g and is added",
    why="Two conventions of sign, each right in itself, were mixed.",
    gives_away="Every step is −1 times the expected one.",
    hint="Follow one sign from g to p.",
)
class Uphill(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.v[k] = self.momentum * self.v[k] + self.lr * grads[k]
            params[k] += self.v[k]


@mistake(
    "momentum/velocity-not-stored",
    "M2",
    what="plain gradient descent: the velocity is made and never stored",
    why="A local `v` was computed; `self.v[k]` keeps its zero.",
    gives_away="The first call is right; each later one is plain gradient descent.",
    hint="What does your optimizer remember between calls? Is the zero state made once, or at each call?",
    group="momentum/forgets",
)
class VelocityNotStored(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            v = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += v


@mistake(
    "momentum/made-anew",
    "M3",
    what="plain gradient descent: the velocity is set to zero at each call",
    why="The zero state is made inside `update`, without asking whether there is one already.",
    gives_away="The first call is right; each later one is plain gradient descent.",
    hint="What does your optimizer remember between calls? Is the zero state made once, or at each call?",
    group="momentum/forgets",
)
class MadeAnew(Rule):
    def update(self, params, grads):
        self.v = {k: np.zeros_like(p) for k, p in params.items()}
        for k in params:
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@mistake(
    "momentum/averages",
    "M4",
    what="momentum with an average, (1 − μ) η g, in place of the sum, η g",
    why="Half of all courses write momentum as a moving average; its terminal speed is 1 − μ times ours.",
    gives_away="Every step is 1 − μ times the expected one.",
    hint="With a constant gradient, what terminal speed do you expect, and what do you get?",
)
class Averages(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.v[k] = self.momentum * self.v[k] - (1 - self.momentum) * self.lr * grads[k]
            params[k] += self.v[k]


@mistake(
    "momentum/moves-first",
    "M5",
    what="momentum that moves by the old velocity and updates it afterwards",
    why="The two lines stand in the other order.",
    gives_away="Nothing moves at the first call; call t makes the step expected at call t − 1.",
    hint="On the very first call, does anything move?",
)
class MovesFirst(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            params[k] += self.v[k]
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]


@mistake(
    "momentum/friction-on-all",
    "M6",
    what="momentum with μ on the new push too: v ← μ (v − η g)",
    why="A bracket that looks tidy.",
    gives_away="Every step is μ times the expected one.",
    hint="Which of the two terms should friction act on?",
)
class FrictionOnAll(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.v[k] = self.momentum * (self.v[k] - self.lr * grads[k])
            params[k] += self.v[k]


@mistake(
    "momentum/rate-twice",
    "M7",
    what="momentum with the learning rate in the velocity and in the step",
    why="Two conventions, η inside and η outside, were mixed.",
    gives_away="Every step is η times the expected one.",
    hint="Count how many times η multiplies g.",
)
class RateTwice(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.lr * self.v[k]


@mistake(
    "momentum/one-velocity",
    "M8",
    what="momentum with one velocity for all arrays",
    why="`self.v` is one number or array where a dict is needed.",
    gives_away="Arrays of different shapes meet: NumPy refuses at the second key of the first call.",
    hint="Does W know what b did? Under which key is a velocity kept?",
    group="error/shapes",
)
class OneVelocity(Rule):
    def update(self, params, grads):
        self.v = self.v or 0
        for k in params:
            self.v = self.momentum * self.v - self.lr * grads[k]
            params[k] += self.v


@mistake(
    "momentum/one-summed-velocity",
    "M8",
    what="momentum with one velocity for all arrays, of the sums of their gradients",
    why="`self.v` is one number where a dict of arrays is needed.",
    gives_away="All coordinates of an array move by the same amount.",
    hint="Does W know what b did? How many velocities are there?",
)
class OneSummedVelocity(Rule):
    def update(self, params, grads):
        self.v = self.v or 0.0
        for k in params:
            self.v = self.momentum * self.v - self.lr * grads[k].sum()
            params[k] += self.v


@mistake(
    "momentum/starts-at-gradient",
    "M9",
    what="momentum whose velocity starts at g, not at zero",
    why="“The first velocity is the first gradient”, with a sign and a rate left out.",
    gives_away="The first step is μ g − η g, uphill where μ > η.",
    hint="What should the ball's speed be before the first push?",
)
class StartsAtGradient(Rule):
    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, grads[k].copy())
            self.v[k] = self.momentum * v - self.lr * grads[k]
            params[k] += self.v[k]


@mistake(
    "momentum/exchanged",
    "M10",
    what="momentum with η and μ exchanged",
    why="Two numbers between 0 and 1, passed or stored in the wrong order.",
    gives_away="The first step is μ/η times the expected one.",
    hint="Set μ = 0: does your rule reduce to plain gradient descent?",
)
class Exchanged(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.v[k] = self.lr * self.v[k] - self.momentum * grads[k]
            params[k] += self.v[k]


@mistake(
    "momentum/gradient-twice",
    "M11",
    what="momentum with the gradient step taken once more beside the velocity",
    why="The plain step was left in when the velocity was added.",
    gives_away="The first step is twice the expected one.",
    hint="Where has g already entered?",
)
class GradientTwice(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k] - self.lr * grads[k]


@mistake(
    "momentum/remembers-one-call",
    "M12",
    what="momentum that remembers only the last gradient, not the velocity",
    why="What is stored is the push −η g in place of the whole velocity.",
    gives_away="Two calls are right; at the third the first gradient is forgotten.",
    hint="After three calls, does the first one still count?",
)
class RemembersOneCall(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            push = -self.lr * grads[k]
            params[k] += self.momentum * self.v[k] + push
            self.v[k] = push


@mistake(
    "momentum/shared-by-the-class",
    "M13",
    what="a rule whose memory belongs to the class, so that all optimizers share it",
    why="`v = {}` stands under `class` in place of `__init__`.",
    gives_away="The first optimizer is right; a second one starts with the first one's velocity.",
    hint="Create two optimizers; are they strangers? What stands directly under `class`?",
    group="behaviour/shared-memory",
)
def make_shared_by_the_class():
    class SharedByTheClass:
        v = {}  # noqa: RUF012  (this is the mistake)

        def __init__(self, lr, momentum):
            self.lr, self.momentum = lr, momentum

        def update(self, params, grads):
            for k in params:
                self.v.setdefault(k, np.zeros_like(params[k]))
                self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
                params[k] += self.v[k]

    return SharedByTheClass


@mistake(
    "momentum/shared-default",
    "X14",
    what="a rule whose memory is a default value, so that all optimizers share it",
    why="`state={}` in the signature is made once, when the class is read, not at each construction.",
    gives_away="The first optimizer is right; a second one starts with the first one's velocity.",
    hint="Create two optimizers; are they strangers? When is a default value created?",
    group="behaviour/shared-memory",
)
def make_shared_default():
    class SharedDefault:
        def __init__(self, lr, momentum, state={}):  # noqa: B006  (this is the mistake)
            self.lr, self.momentum, self.v = lr, momentum, state

        def update(self, params, grads):
            for k in params:
                self.v.setdefault(k, np.zeros_like(params[k]))
                self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
                params[k] += self.v[k]

    return SharedDefault


@mistake(
    "momentum/whole-numbers",
    "M14",
    what="momentum whose velocity holds whole numbers only",
    why="The zeros were made with `dtype=int`, or as a list of zeros.",
    gives_away="Every step is a whole number; those below one are lost.",
    hint="What does your array do to 0.3?",
)
class WholeNumbers(Rule):
    def update(self, params, grads):
        for k in params:
            v = self.v.setdefault(k, np.zeros(params[k].shape, dtype=int))
            v[...] = (self.momentum * v - self.lr * grads[k]).astype(int)
            params[k] += v


@mistake(
    "momentum/starts-at-parameters",
    "M15",
    what="momentum whose velocity is the parameters' own array",
    why="`v[k] = params[k]` gives the array a second name; no copy is made, and no zeros.",
    gives_away="Each step multiplies the parameters themselves.",
    hint="Are the two names two arrays?",
)
class StartsAtParameters(Rule):
    def update(self, params, grads):
        for k in params:
            v = self.v.setdefault(k, params[k])
            v *= self.momentum
            v -= self.lr * grads[k]
            params[k] += v


@mistake(
    "momentum/first-push-undamped",
    "M17",
    what="momentum whose first push is η g and whose later ones are (1 − μ) η g",
    why="A framework's dampening skips the first call; so did a book.",
    gives_away="The first call is right; each later push is 1 − μ times the expected one.",
    hint="Do calls 1 and 2 use the same recipe?",
)
class FirstPushUndamped(Rule):
    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = -self.lr * grads[k]
            else:
                self.v[k] = self.momentum * self.v[k] - (1 - self.momentum) * self.lr * grads[k]
            params[k] += self.v[k]


@mistake(
    "momentum/is-nesterov",
    "M18",
    what="Nesterov's momentum: right in another lesson",
    why="μ v − η g after the update of v looks ahead.",
    gives_away="The first step is 1 + μ times the expected one, and all are Nesterov's.",
    hint="You have written a different rule of this course: which?",
)
class IsNesterov(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.momentum * self.v[k] - self.lr * grads[k]


@mistake(
    "momentum/never-fades",
    "",
    what="momentum whose velocity never fades: μ is not used",
    why="The velocity is summed up as its name says, and friction is left out.",
    gives_away="The first call is right; at the second the old velocity counts in full, not μ times.",
    hint="Let the gradient be zero from the second call on. Does your ball come to rest?",
)
class NeverFades(Rule):
    def update(self, params, grads):
        self.start(params)
        for k in params:
            self.v[k] -= self.lr * grads[k]
            params[k] += self.v[k]


@mistake(
    "momentum/one-array-for-all-keys",
    "X1",
    what="momentum with one array of zeros under every key",
    why="`dict.fromkeys(params, zeros)` makes one array and gives it to all keys.",
    gives_away="Arrays of different shapes meet at the second key of the first call.",
    hint="How many arrays of zeros did you create?",
    group="error/shapes",
)
class OneArrayForAllKeys(Rule):
    def update(self, params, grads):
        if not self.v:
            self.v = dict.fromkeys(params, np.zeros_like(next(iter(params.values()))))
        for k in params:
            self.v[k] *= self.momentum
            self.v[k] -= self.lr * grads[k]
            params[k] += self.v[k]


@mistake(
    "momentum/keeps-the-callers-array",
    "X2",
    what="momentum that keeps the caller's own gradient array as its velocity",
    why="`self.v[k] = grads[k]` copies nothing; the caller fills the same array again for the next call.",
    gives_away="Right as long as the caller makes new arrays; gradients change, and re-used arrays go wrong.",
    hint="Who else writes into that array?",
)
class KeepsTheCallersArray(Rule):
    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = grads[k]
            else:
                self.v[k] *= self.momentum
                self.v[k] += grads[k]
            params[k] -= self.lr * self.v[k]


@mistake(
    "momentum/state-by-position",
    "X8",
    what="momentum whose velocities are matched by their place in the loop",
    why="A list of velocities is indexed with `enumerate(grads)`.",
    gives_away="Right until two calls list their gradients in different orders.",
    hint="Is a position a name? Which velocity belongs to which key?",
)
class StateByPosition(Rule):
    def update(self, params, grads):
        for i, k in enumerate(grads):
            v = self.v.get(i, np.zeros_like(params[k]))
            self.v[i] = self.momentum * v - self.lr * grads[k]
            params[k] += self.v[i]


@mistake(
    "momentum/wrongly-shaped-state",
    "X5",
    what="momentum whose velocity has one number for each row",
    why="`np.zeros(len(p))` fits vectors only; a matrix needs zeros of its own shape.",
    gives_away="NumPy refuses where a (3, 2) matrix meets a vector of 3.",
    hint="Compare the shape of your state with the shape of the parameter.",
    group="error/shapes",
)
class WronglyShapedState(Rule):
    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros(len(np.atleast_1d(params[k]))))
            self.v[k] = self.momentum * v - self.lr * grads[k]
            params[k] += self.v[k]


@mistake(
    "momentum/asks-an-array",
    "X10",
    what="a rule that asks an array whether it is there",
    why="`if not self.v[k]` works for None and fails for an array of several numbers.",
    gives_away="The first call is right; at the second Python asks which of the numbers is meant.",
    hint="How do you test for “nothing yet”?",
    group="error/array-as-condition",
)
class AsksAnArray(Rule):
    def update(self, params, grads):
        for k in params:
            if not self.v.get(k):
                self.v[k] = np.zeros_like(params[k])
            self.v[k] = self.momentum * self.v[k] - self.lr * grads[k]
            params[k] += self.v[k]


@mistake(
    "momentum/loops-over-names",
    "X16",
    what="a rule that takes the dict's keys for its arrays",
    why="Looping over a dict, or zipping two, gives keys.",
    gives_away="A TypeError about text and numbers at the first call.",
    hint="What does looping over a dict give?",
    group="error/string-as-array",
)
class LoopsOverNames(Rule):
    def update(self, params, grads):
        for p, g in zip(params, grads, strict=True):
            p -= self.lr * g


@mistake(
    "momentum/few-digits",
    "X6",
    what="momentum whose velocity is kept in float32",
    why="float32 is the habit of deep learning; NumPy's own is float64.",
    gives_away="Steps agree to seven digits and differ in the eighth.",
    hint="How many digits does your state keep?",
)
class FewDigits(Rule):
    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros(params[k].shape, np.float32))
            self.v[k] = (self.momentum * v - self.lr * grads[k]).astype(np.float32)
            params[k] += self.v[k]
