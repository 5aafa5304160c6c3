"""Known mistakes in momentum."""

import numpy as np

from descentlab.exercises.catalogue import MistakesOf

mistake = MistakesOf("momentum/update")
ball = MistakesOf("momentum/ball")
matrix = MistakesOf("momentum/matrix")
read_off = MistakesOf("momentum/read-off")
limit = MistakesOf("momentum/limit")
tuned = MistakesOf("momentum/tuned")


@mistake.base
class CorrectMomentum:
    """`velocity` gives the new v of a key, `move` what is added to the parameter."""

    def __init__(self, lr, momentum):
        self.lr, self.momentum, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros_like(params[k]))
            self.v[k] = self.velocity(v, grads[k])
            params[k] += self.move(self.v[k], grads[k])

    def velocity(self, v, g):
        return self.momentum * v - self.lr * g

    def move(self, v, g):
        return v


mistake.differs(
    "momentum/uphill",
    velocity=lambda self, v, g: self.momentum * v + self.lr * g,
    what="momentum with every step in the opposite direction",
    why="Two conventions of sign, each right in itself, were mixed.",
    symptom="Every step is −1 times the expected one.",
    hint="Follow one sign from the gradient through the velocity to θ. How many minus signs are there?",
)


@mistake(
    "momentum/velocity-not-stored",
    what="plain gradient descent: at the next call nothing is left of the last step",
    why="A local `v` was computed; `self.v[k]` keeps its zero.",
    symptom="The first call is right; each later one is plain gradient descent.",
    hint="Print what you remember before and after a call. Is it stored in `self`, made once, and a "
    "difference of two arrays? `dict(params)` and `params.copy()` copy no array.",
    group="momentum/forgets",
)
class VelocityNotStored(CorrectMomentum):
    def update(self, params, grads):
        for k in params:
            v = self.v.setdefault(k, np.zeros_like(params[k]))
            v = self.momentum * v - self.lr * grads[k]
            params[k] += v


@mistake(
    "momentum/old-point-not-copied",
    like="momentum/velocity-not-stored",
    why="`old = dict(params)` makes a new dict of the same arrays: the old point moves along.",
)
class OldPointNotCopied(CorrectMomentum):
    def update(self, params, grads):
        old = dict(params)
        for k in params:
            params[k] -= self.lr * grads[k]
            params[k] += self.momentum * self.v.get(k, 0.0)
            self.v[k] = params[k] - old[k]


@mistake(
    "momentum/made-anew",
    like="momentum/velocity-not-stored",
    why="The zero state is made inside `update`, without asking whether there is one already.",
)
class MadeAnew(CorrectMomentum):
    def update(self, params, grads):
        self.v = {k: np.zeros_like(p) for k, p in params.items()}
        super().update(params, grads)


mistake.differs(
    "momentum/averages",
    velocity=lambda self, v, g: self.momentum * v - (1 - self.momentum) * self.lr * g,
    what="momentum with an average, (1 − μ) η g, in place of the sum, η g",
    why="Half of all courses write momentum as a moving average; its terminal speed is 1 − μ times ours.",
    symptom="Every step is 1 − μ times the expected one.",
    hint="With a constant gradient, what terminal speed do you expect, and what do you get?",
    experiment="the same gradient always",
)


@mistake(
    "momentum/moves-first",
    what="momentum that moves by the old velocity and updates it afterwards",
    why="The two lines stand in the other order.",
    symptom="Nothing moves at the first call; call t makes the step expected at call t − 1.",
    hint="On the very first call, does anything move?",
    experiment="one call",
)
class MovesFirst(CorrectMomentum):
    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros_like(params[k]))
            params[k] += v
            self.v[k] = self.velocity(v, grads[k])


mistake.differs(
    "momentum/friction-on-all",
    velocity=lambda self, v, g: self.momentum * (v - self.lr * g),
    what="momentum with μ on the new push too: v ← μ (v − η g)",
    why="A bracket that looks tidy.",
    symptom="Every step is μ times the expected one.",
    hint="Which of the two terms should friction act on?",
)
mistake.differs(
    "momentum/rate-twice",
    move=lambda self, v, g: self.lr * v,
    what="momentum with the learning rate in the velocity and in the step",
    why="Two conventions, η inside and η outside, were mixed.",
    symptom="Every step is η times the expected one.",
    hint="Count how many times η multiplies g.",
)


@mistake(
    "momentum/one-velocity",
    what="momentum with one velocity for all arrays",
    why="`self.v` is one number or array where a dict is needed.",
    symptom="Arrays of different shapes meet: NumPy refuses at the second key of the first call.",
    hint="Does W know what b did? Under which key is a velocity kept?",
    group="error/shapes",
)
class OneVelocity(CorrectMomentum):
    def update(self, params, grads):
        self.v = self.v or 0
        for k in params:
            self.v = self.momentum * self.v - self.lr * grads[k]
            params[k] += self.v


@mistake(
    "momentum/one-summed-velocity",
    what="momentum with one velocity for all arrays, of the sums of their gradients",
    why="`self.v` is one number where a dict of arrays is needed.",
    symptom="All coordinates of an array move by the same amount.",
    hint="Does W know what b did? How many velocities are there?",
)
class OneSummedVelocity(CorrectMomentum):
    def update(self, params, grads):
        self.v = self.v or 0.0
        for k in params:
            self.v = self.momentum * self.v - self.lr * grads[k].sum()
            params[k] += self.v


@mistake(
    "momentum/starts-at-gradient",
    what="momentum whose velocity starts at g, not at zero",
    why="“The first velocity is the first gradient”, with a sign and a rate left out.",
    symptom="The first step is μ g − η g, uphill where μ > η.",
    hint="What should the ball's speed be before the first push?",
)
class StartsAtGradient(CorrectMomentum):
    def update(self, params, grads):
        for k in params:
            self.v.setdefault(k, grads[k].copy())
        super().update(params, grads)


mistake.differs(
    "momentum/exchanged",
    velocity=lambda self, v, g: self.lr * v - self.momentum * g,
    what="momentum with η and μ exchanged",
    why="Two numbers between 0 and 1, passed or stored in the wrong order.",
    symptom="The first step is μ/η times the expected one.",
    hint="Set μ = 0: does your rule reduce to plain gradient descent?",
    experiment="a momentum of zero",
)
mistake.differs(
    "momentum/gradient-twice",
    move=lambda self, v, g: v - self.lr * g,
    what="momentum with the gradient step taken once more beside the velocity",
    why="The plain step was left in when the velocity was added.",
    symptom="The first step is twice the expected one.",
    hint="Where has g already entered?",
)


@mistake(
    "momentum/remembers-one-call",
    what="momentum that remembers only the last gradient, not the velocity",
    why="What is stored is the push −η g in place of the whole velocity.",
    symptom="Two calls are right; at the third the first gradient is forgotten.",
    hint="After three calls, does the first one still count?",
)
class RemembersOneCall(CorrectMomentum):
    def update(self, params, grads):
        for k in params:
            push = -self.lr * grads[k]
            params[k] += self.momentum * self.v.get(k, np.zeros_like(params[k])) + push
            self.v[k] = push


@mistake(
    "momentum/shared-by-the-class",
    what="a rule whose memory belongs to the class, so that all optimizers share it",
    why="`v = {}` stands under `class` in place of `__init__`.",
    symptom="The first optimizer is right; a second one starts with the first one's velocity.",
    hint="Call two optimizers in turn; are they independent? What stands directly under `class`?",
    group="behaviour/shared-memory",
    experiment="two optimizers in turn",
)
def make_shared_by_the_class():
    class SharedByTheClass(CorrectMomentum):
        v = {}  # noqa: RUF012  (this is the mistake)

        def __init__(self, lr, momentum):
            self.lr, self.momentum = lr, momentum

    return SharedByTheClass


@mistake(
    "momentum/shared-default",
    what="a rule whose memory is a default value, so that all optimizers share it",
    why="`state={}` in the signature is made once, when the class is read, not at each construction.",
    symptom="The first optimizer is right; a second one starts with the first one's velocity.",
    hint="Call two optimizers in turn; are they independent? When is a default value made?",
    group="behaviour/shared-memory",
    experiment="two optimizers in turn",
)
def make_shared_default():
    class SharedDefault(CorrectMomentum):
        def __init__(self, lr, momentum, state={}):  # noqa: B006  (this is the mistake)
            self.lr, self.momentum, self.v = lr, momentum, state

    return SharedDefault


@mistake(
    "momentum/shared-and-emptied",
    what="a rule whose memory belongs to the class, and is emptied by whoever makes another optimizer",
    why="`__init__` writes `Momentum.v = {}` in place of `self.v = {}`.",
    symptom="One optimizer after the other is right; two in turn step with each other's velocity.",
    hint="Make two optimizers and call them in turn; are they independent? Whose `v` does `__init__` make?",
    group="behaviour/shared-memory",
    experiment="two optimizers in turn",
)
def make_shared_and_emptied():
    class SharedAndEmptied(CorrectMomentum):
        def __init__(self, lr, momentum):
            self.lr, self.momentum = lr, momentum
            SharedAndEmptied.v = {}

    return SharedAndEmptied


@mistake(
    "momentum/whole-numbers",
    what="momentum whose velocity holds whole numbers only",
    why="The zeros were made with `dtype=int`, or as a list of zeros.",
    symptom="Every step is a whole number; those below one are lost.",
    hint="What does your array do to 0.3?",
)
class WholeNumbers(CorrectMomentum):
    def update(self, params, grads):
        for k in params:
            v = self.v.setdefault(k, np.zeros(params[k].shape, dtype=int))
            v[...] = (self.momentum * v - self.lr * grads[k]).astype(int)
            params[k] += v


@mistake(
    "momentum/starts-at-parameters",
    what="momentum whose velocity is the parameters' own array",
    why="`v[k] = params[k]` gives the array a second name; no copy is made, and no zeros.",
    symptom="Each step multiplies the parameters themselves.",
    hint="Are the two names two arrays?",
)
class StartsAtParameters(CorrectMomentum):
    def update(self, params, grads):
        for k in params:
            v = self.v.setdefault(k, params[k])
            v *= self.momentum
            v -= self.lr * grads[k]
            params[k] += v


@mistake(
    "momentum/first-push-undamped",
    what="momentum whose first push is η g and whose later ones are (1 − μ) η g",
    why="A framework's dampening skips the first call; so did a book.",
    symptom="The first call is right; each later push is 1 − μ times the expected one.",
    hint="Do calls 1 and 2 use the same recipe?",
)
class FirstPushUndamped(CorrectMomentum):
    def update(self, params, grads):
        for k in params:
            if k not in self.v:
                self.v[k] = -self.lr * grads[k]
            else:
                self.v[k] = self.momentum * self.v[k] - (1 - self.momentum) * self.lr * grads[k]
            params[k] += self.v[k]


mistake.differs(
    "momentum/is-nesterov",
    move=lambda self, v, g: self.momentum * v - self.lr * g,
    what="Nesterov's momentum, the rule of another lesson",
    why="μ v − η g after the update of v looks ahead.",
    symptom="The first step is 1 + μ times the expected one, and all are Nesterov's.",
    hint="You have written a different rule of this course: which?",
)
mistake.differs(
    "momentum/never-fades",
    velocity=lambda self, v, g: v - self.lr * g,
    what="momentum whose velocity never decays: μ is not used",
    why="The velocity is summed up as its name says, and friction is left out.",
    symptom="The first call is right; at the second the old velocity counts in full, not μ times.",
    hint="Let the gradient be zero from the second call on. Does your ball come to rest?",
    experiment="gradients of zero from the second call on",
)


@mistake(
    "momentum/one-array-for-all-keys",
    what="momentum with one array of zeros under every key",
    why="`dict.fromkeys(params, zeros)` makes one array and gives it to all keys.",
    symptom="Arrays of different shapes meet at the second key of the first call.",
    hint="How many arrays of zeros did you create?",
    group="error/shapes",
)
class OneArrayForAllKeys(CorrectMomentum):
    def update(self, params, grads):
        if not self.v:
            self.v = dict.fromkeys(params, np.zeros_like(next(iter(params.values()))))
        for k in params:
            self.v[k] *= self.momentum
            self.v[k] -= self.lr * grads[k]
            params[k] += self.v[k]


@mistake(
    "momentum/keeps-the-callers-array",
    what="momentum that keeps the caller's own gradient array as its velocity",
    why="`self.v[k] = grads[k]` copies nothing; the caller fills the same array again for the next call.",
    symptom="Right as long as the caller makes new arrays; gradients change, and re-used arrays go wrong.",
    hint="Who else writes into that array?",
)
class KeepsTheCallersArray(CorrectMomentum):
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
    what="momentum whose velocities are matched by their place in the loop",
    why="A list of velocities is indexed with `enumerate(grads)`.",
    symptom="Right until two calls list their gradients in different orders.",
    hint="Is a position a name? Which velocity belongs to which key?",
)
class StateByPosition(CorrectMomentum):
    def update(self, params, grads):
        for i, k in enumerate(grads):
            v = self.v.get(i, np.zeros_like(params[k]))
            self.v[i] = self.momentum * v - self.lr * grads[k]
            params[k] += self.v[i]


@mistake(
    "momentum/wrongly-shaped-state",
    what="momentum whose velocity has one number for each row",
    why="`np.zeros(len(p))` fits vectors only; a matrix needs zeros of its own shape.",
    symptom="NumPy refuses where a (3, 2) matrix meets a vector of 3.",
    hint="Compare the shape of your state with the shape of the parameter.",
    group="error/lost-axis",
)
class WronglyShapedState(CorrectMomentum):
    def update(self, params, grads):
        for k in params:
            self.v.setdefault(k, np.zeros(len(np.atleast_1d(params[k]))))
        super().update(params, grads)


@mistake(
    "momentum/asks-an-array",
    what="a rule that asks an array whether it is there",
    why="`if not self.v[k]` works for None and fails for an array of several numbers.",
    symptom="The first call is right; at the second Python asks which of the numbers is meant.",
    hint="How do you test for “nothing yet”?",
    group="error/array-as-condition",
)
class AsksAnArray(CorrectMomentum):
    def update(self, params, grads):
        for k in params:
            if not self.v.get(k):
                self.v[k] = np.zeros_like(params[k])
        super().update(params, grads)


@mistake(
    "momentum/loops-over-names",
    what="a rule that takes the dict's keys for its arrays",
    why="Looping over a dict, or zipping two, gives keys.",
    symptom="A TypeError about text and numbers at the first call.",
    hint="What does looping over a dict give?",
    group="error/string-as-array",
)
class LoopsOverNames(CorrectMomentum):
    def update(self, params, grads):
        for p, g in zip(params, grads, strict=True):
            p -= self.lr * g


@mistake(
    "momentum/few-digits",
    what="momentum whose velocity is kept in float32",
    why="float32 is the habit of deep learning; NumPy's own is float64.",
    symptom="Steps agree to seven digits and differ in the eighth.",
    hint="How many digits does your state keep?",
)
class FewDigits(CorrectMomentum):
    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros(params[k].shape, np.float32))
            self.v[k] = (self.momentum * v - self.lr * grads[k]).astype(np.float32)
            params[k] += self.v[k]


ball.value(
    "momentum/friction-without-h",
    lambda mass, friction, h: (h**2 / (mass + friction), mass / (mass + friction)),
    what="a ball that is divided by m + c, not by m + c h",
    why="Friction is multiplied by h², as everything is, and divided by the h of the velocity.",
    symptom="Both numbers are (m + c h)/(m + c) times the expected ones.",
    hint="Multiply c times the velocity by h². Which power of h is left?",
)
ball.value(
    "momentum/friction-of-the-old-step",
    lambda mass, friction, h: (h**2 / mass, 1 - friction * h / mass),
    what="a ball whose friction acts on the step before: divided by m, with μ = 1 − c h/m",
    why="The velocity was taken as (θ_t − θ_{t−1})/h, not as (θ_{t+1} − θ_t)/h.",
    symptom="η is h²/m; both agree without friction.",
    hint="Which two places stand in step 2's velocity, and on which side of step 3 do they end up?",
)
matrix.value(
    "momentum/matrix-transposed",
    lambda lr, momentum, curvature: np.array([[1 + momentum - lr * curvature, 1.0], [-momentum, 0.0]]),
    what="the matrix with rows and columns exchanged",
    why="The coefficients were written from top to bottom.",
    symptom="M is the transpose of the expected one.",
    hint="Multiply your M with (θ_t, θ_{t−1}) by hand. Which row makes θ_{t+1}?",
)
matrix.value(
    "momentum/matrix-rows-exchanged",
    lambda lr, momentum, curvature: np.array([[1.0, 0.0], [1 + momentum - lr * curvature, -momentum]]),
    what="the matrix with its two rows exchanged",
    why="The copied place was written first.",
    symptom="The first row is (1, 0).",
    hint="z_{t+1} is (θ_{t+1}, θ_t). Which row makes its first number?",
)
matrix.value(
    "momentum/matrix-plus",
    lambda lr, momentum, curvature: np.array([[1 + momentum - lr * curvature, momentum], [1.0, 0.0]]),
    what="the matrix with +μ in place of −μ",
    why="A sign lost while the recursion was sorted by θ_t and θ_{t−1}.",
    symptom="One entry has the other sign.",
    hint="With which sign does θ_{t−1} enter the recursion of step 2?",
)


@read_off(
    "momentum/read-off-at-rest",
    what="a ball that is at rest at the first place of every path",
    why="The first step from rest is −ηλ θ_0, and that was taken for any first step.",
    symptom="Right for a path from its start; wrong for a piece of a run.",
    hint="Which velocity does your first equation assume, and does every path begin with it?",
)
def read_off_at_rest(path):
    step = 1 - path[1] / path[0]
    return step, (path[2] - path[1] + step * path[1]) / (path[1] - path[0])


def fitted(gradients, path):
    """The two factors of `gradients` and of the last move in the next move, by least squares."""
    moves = np.diff(path)
    return tuple(np.linalg.lstsq(np.stack([gradients, moves[:-1]], axis=1), moves[1:], rcond=None)[0])


read_off.value(
    "momentum/read-off-gradient-late",
    lambda path: fitted(-path[2:], path),
    what="two numbers of a ball whose gradient is taken where it arrives",
    why="The gradient was multiplied with θ_{t+1}, the last of the three places, not with the middle one.",
    symptom="Other numbers on every path.",
    hint="Three neighbouring places: at which of them does the ball's recursion take the gradient?",
)


read_off.value(
    "momentum/read-off-gradient-early",
    lambda path: fitted(-path[:-2], path),
    what="two numbers of a ball whose gradient is taken one place too early",
    why="The gradient was multiplied with θ_{t−1}, the first of the three places, not with the middle one.",
    symptom="Other numbers on every path.",
    hint="Three neighbouring places: at which of them does the ball's recursion take the gradient?",
)


read_off.value(
    "momentum/read-off-uphill",
    lambda path: fitted(path[1:-1], path),
    what="the right μ, with the sign of ηλ lost",
    why="The gradient was added in the recursion, not subtracted.",
    symptom="ηλ is minus the expected one.",
    hint="With which sign does the gradient stand in the ball's recursion?",
)


read_off.value(
    "momentum/read-off-matrix",
    lambda path: tuple(np.linalg.lstsq(np.stack([path[1:-1], path[:-2]], axis=1), path[2:], rcond=None)[0]),
    what="the two entries of the matrix's first row, not ηλ and μ",
    why="The places were fitted, and the two factors were returned as they came out.",
    symptom="1 + μ − ηλ and −μ.",
    hint="Your two factors are the first row of the matrix. What are ηλ and μ, if you know these two?",
)
limit.value(
    "momentum/limit-of-descent",
    lambda momentum, curvatures: 2 / np.max(curvatures),
    what="plain descent's limit, 2/λ, whatever μ is",
    why="The limit of lesson 01, kept.",
    symptom="Right for μ = 0; otherwise the expected limit divided by 1 + μ.",
    hint="Put s = −1 into the equation for the eigenvalues: does μ drop out?",
)
limit.value(
    "momentum/limit-of-the-flattest",
    lambda momentum, curvatures: 2 * (1 + momentum) / np.min(curvatures),
    what="the limit of the flattest direction",
    why="The smallest curvature was taken: there η may be largest.",
    symptom="Right for one curvature; too large for several.",
    hint="Run your class at this η on a bowl with two curvatures. Which direction diverges?",
)
limit.value(
    "momentum/limit-of-the-mean",
    lambda momentum, curvatures: 2 * (1 + momentum) / np.mean(curvatures),
    what="the limit for the mean of the curvatures",
    why="One number was needed for several curvatures, and the mean was taken.",
    symptom="Right for one curvature; too large for several.",
    hint="Run your class at this η on a bowl with two curvatures. Does every direction converge?",
)
limit.value(
    "momentum/limit-for-each",
    lambda momentum, curvatures: 2 * (1 + momentum) / np.asarray(curvatures),
    what="a limit for each curvature, not one for the bowl",
    why="The formula was applied to the whole array, and its smallest value was not taken.",
    symptom="An array, with the expected limit as its smallest number.",
    hint="One η serves all directions of the bowl. Which of your limits must it keep?",
)
limit.value(
    "momentum/limit-shrinks",
    lambda momentum, curvatures: 2 * (1 - momentum) / np.max(curvatures),
    what="a limit that momentum makes smaller: 1 − μ in place of 1 + μ",
    why="A sign lost when s = −1 was put into the equation.",
    symptom="(1 − μ)/(1 + μ) times the expected limit; right for μ = 0.",
    hint="At s = −1, with which sign does the middle term of the equation count?",
)
limit.value(
    "momentum/limit-half",
    lambda momentum, curvatures: (1 + momentum) / np.max(curvatures),
    what="half of the limit: (1 + μ)/λ",
    why="μ stands in two terms of the equation at s = −1, and one of them was forgotten with its 1.",
    symptom="Half the expected limit on every probe.",
    hint="At s = −1 three terms are added. Write down each of them.",
)


@tuned(
    "momentum/tuned-with-descent",
    what="plain descent's best η, 2/(λ_min + λ_max), with the μ that goes with it",
    why="The best η of lesson 01, kept; only μ was chosen anew.",
    symptom="η is right in a round bowl only.",
    hint="With your η, are the two sides of step 3's equation equal?",
)
def tuned_with_descent(flattest, steepest):
    lr = 2 / (flattest + steepest)
    return lr, (1 - np.sqrt(lr * flattest)) ** 2


@tuned(
    "momentum/descents-rate",
    what="plain descent's best η, 2/(λ_min + λ_max), with the right μ",
    like="momentum/tuned-with-descent",
    why="The best η of lesson 01, kept; μ was found with the right one.",
    symptom="μ is right, η is right in a round bowl only.",
)
def rate_of_descent(flattest, steepest):
    return 2 / (flattest + steepest), (1 - 2 / (1 + np.sqrt(steepest / flattest))) ** 2


@tuned(
    "momentum/tuned-steep-with-descent",
    what="plain descent's best η, 2/(λ_min + λ_max), with the μ of the steepest direction",
    like="momentum/tuned-with-descent",
    why="The best η of lesson 01, kept; only μ was chosen anew, for one end of the valley.",
    symptom="η is right in a round bowl only; in a valley the flattest direction is slower than √μ.",
)
def tuned_steep_with_descent(flattest, steepest):
    lr = 2 / (flattest + steepest)
    return lr, (1 - np.sqrt(lr * steepest)) ** 2


@tuned(
    "momentum/roots-left-out",
    what="the pair with curvatures in place of their roots",
    why="η λ in place of √(η λ) in step 3's equation.",
    symptom="μ is that of a valley with κ² in place of κ.",
    hint="Put your η into step 3's equation, with the roots. Are the two sides equal?",
)
def roots_left_out(flattest, steepest):
    return 2 / (flattest + steepest), ((steepest - flattest) / (steepest + flattest)) ** 2
