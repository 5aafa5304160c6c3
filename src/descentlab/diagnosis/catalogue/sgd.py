"""Known mistakes in gradient descent's step."""

import numpy as np

from descentlab.diagnosis.catalogue import mistakes_of

mistake = mistakes_of("sgd/update")


class Rule:
    def __init__(self, lr):
        self.lr = lr


@mistake(
    "sgd/uphill",
    "S1",
    what="gradient descent that adds the step in place of subtracting it",
    why="The gradient points uphill, and `+=` is the first thing that comes to mind for an update.",
    gives_away="Every step is −1 times the expected one.",
    hint="Print the loss before and after one small step: which way did it go?",
)
class Uphill(Rule):
    def update(self, params, grads):
        for k in params:
            params[k] += self.lr * grads[k]


@mistake(
    "sgd/no-rate",
    "S4",
    what="gradient descent without the learning rate",
    why="The gradient looks like the step itself.",
    gives_away="Every step is 1/η times the expected one.",
    hint="Which argument of the constructor does your line never use?",
)
class NoRate(Rule):
    def update(self, params, grads):
        for k in params:
            params[k] -= grads[k]


@mistake(
    "sgd/scales-the-gradients",
    "S5",
    what="a right step by a rule that changes the caller's gradients",
    why="`grads[k] *= lr` saves a line, and writes into an array that belongs to the caller.",
    gives_away="All parameters agree; after each call the gradients are η times what was given.",
    hint="Compare the gradient dict before and after your call.",
)
class ScalesTheGradients(Rule):
    def update(self, params, grads):
        for k in params:
            grads[k] *= self.lr
            params[k] -= grads[k]


@mistake(
    "sgd/mean-of-the-gradient",
    "S6",
    what="gradient descent with the mean of each array's gradient for all its coordinates",
    why="“Average the gradient” is said of a batch; here it is taken over the coordinates.",
    gives_away="All coordinates of an array move by the same amount.",
    hint="Should two coordinates with different gradients move alike?",
)
class MeanOfTheGradient(Rule):
    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * np.mean(grads[k])


@mistake(
    "sgd/unit-length",
    "S7",
    what="gradient descent with the whole gradient scaled to length one",
    why="“The direction of steepest descent” suggests that only the direction counts.",
    gives_away="Every call moves the parameters by η in total, however steep it is.",
    hint="Double the gradient: should the step double?",
)
class UnitLength(Rule):
    def update(self, params, grads):
        length = np.sqrt(sum((grads[k] ** 2).sum() for k in grads))
        for k in params:
            params[k] -= self.lr * grads[k] / length


@mistake(
    "sgd/first-array-only",
    "S8",
    what="gradient descent of the first array alone",
    why="`return` is indented as if it belonged to the loop.",
    gives_away='"W" is right; "b", "s" and "U" never move.',
    hint="How many of the arrays moved? Where does your loop end?",
)
class FirstArrayOnly(Rule):
    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]
            return


@mistake(
    "sgd/last-array-only",
    "",
    what="gradient descent of the last array alone",
    why="The line that steps stands after the loop, where only the last key is left.",
    gives_away='"U" is right; "W", "b" and "s" never move.',
    hint="Which lines stand inside the loop, and which after it?",
)
class LastArrayOnly(Rule):
    def update(self, params, grads):
        for k in params:
            step = self.lr * grads[k]
        params[k] -= step


@mistake(
    "sgd/divides-by-length",
    "S9",
    what="gradient descent with each gradient divided by len(g)",
    why="Dividing by the number of examples is right where the gradient is a sum; here it is done already.",
    gives_away="Steps of a matrix are off by its number of rows, those of a vector by its length.",
    hint="Has the averaging already happened where g came from?",
)
class DividesByLength(Rule):
    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k] / len(np.atleast_1d(grads[k]))


@mistake(
    "sgd/pairs-by-position",
    "S10",
    what="gradient descent that pairs parameters and gradients by their place in the two dicts",
    why="`zip(params.values(), grads.values())` works as long as both dicts list their keys in one order.",
    gives_away="Right on all probes but the one that lists the gradients in another order.",
    hint="What if the two dicts list their keys in another order?",
)
class PairsByPosition(Rule):
    def update(self, params, grads):
        for p, g in zip(params.values(), grads.values(), strict=True):
            p -= self.lr * g


@mistake(
    "sgd/pairs-by-position-new-arrays",
    "S10",
    what="gradient descent that pairs parameters and gradients by their place in the two dicts",
    why="`zip(params, grads.values())` works as long as both dicts list their keys in one order.",
    gives_away="Right on all probes but the one that lists the gradients in another order.",
    hint="What if the two dicts list their keys in another order?",
    group="sgd/pairs-by-position",
)
class PairsByPositionNewArrays(Rule):
    def update(self, params, grads):
        for k, g in zip(params, grads.values(), strict=True):
            params[k] = params[k] - self.lr * g


@mistake(
    "sgd/rate-decays",
    "S11",
    what="gradient descent whose rate shrinks by one per cent at each call",
    why="A schedule from elsewhere ended up inside the rule.",
    gives_away="Call t is 0.99ᵗ⁻¹ times the expected step.",
    hint="Call twice with the same gradient; should the steps match?",
)
class RateDecays(Rule):
    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]
        self.lr *= 0.99


@mistake(
    "sgd/changes-a-name",
    "S3",
    what="a rule that changes nothing which the caller can see",
    why="`p = p - …` makes a new array and binds the loop's own name to it; the dict keeps the old one.",
    gives_away="No parameter moves on any probe.",
    hint="After update(), has the dict really changed? Which name did you change?",
    group="behaviour/changes-nothing",
)
class ChangesAName(Rule):
    def update(self, params, grads):
        for k, p in params.items():
            p = p - self.lr * grads[k]


@mistake(
    "sgd/changes-a-copy",
    "X18",
    what="a rule that changes nothing which the caller can see",
    why="A copy was made to be safe, and never put back.",
    gives_away="No parameter moves on any probe.",
    hint="After update(), has the dict really changed? Where is your result kept?",
    group="behaviour/changes-nothing",
)
class ChangesACopy(Rule):
    def update(self, params, grads):
        for k in params:
            p = params[k].copy()
            p -= self.lr * grads[k]


@mistake(
    "sgd/minus-assigned",
    "X11",
    what="a rule that replaces the parameter by −η g",
    why="`=-` for `-=`: Python reads it as “is set to minus …”.",
    gives_away="After each call θ is −η g; its start is lost at the first.",
    hint="Read the operator aloud, sign by sign. What is left of the old value?",
)
class MinusAssigned(Rule):
    def update(self, params, grads):
        for k in params:
            params[k] = -self.lr * grads[k]


@mistake(
    "sgd/flattens",
    "X19",
    what="a right step in an array of another shape",
    why="`ravel` makes the arithmetic easy, and nobody puts the shape back.",
    gives_away='The numbers are right; the matrix "W" comes back with shape (6,).',
    hint="Compare the shapes before and after your call.",
    group="behaviour/changes-shape",
)
class Flattens(Rule):
    def update(self, params, grads):
        for k in params:
            params[k] = (params[k] - self.lr * grads[k]).ravel()


@mistake(
    "sgd/clips",
    "X20",
    what="gradient descent with gradients cut off at ±5",
    why="A guard against exploding gradients from another project.",
    gives_away="Right while all gradients are small; the spike of 10⁴ becomes a step of 5 η.",
    hint="Did anyone ask for the line that limits the gradient? Try a gradient of 10 000.",
)
class Clips(Rule):
    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * np.clip(grads[k], -5, 5)


@mistake(
    "sgd/rounds",
    "X20",
    what="gradient descent with parameters rounded to four decimals",
    why="Rounding for a tidy print-out was done on the parameters themselves.",
    gives_away="All parameters after a call are multiples of 0.0001.",
    hint="Print one parameter with all its digits. Did anyone ask for rounding?",
)
class Rounds(Rule):
    def update(self, params, grads):
        for k in params:
            params[k] = np.round(params[k] - self.lr * grads[k], 4)


@mistake(
    "sgd/single-precision",
    "X6",
    what="a right step computed in float32",
    why="float32 is the habit of deep learning; NumPy's own is float64.",
    gives_away="Steps agree to seven digits and differ in the eighth.",
    hint="How many digits does your arithmetic keep? Look for float32.",
)
class SinglePrecision(Rule):
    def update(self, params, grads):
        for k in params:
            step = np.float32(self.lr) * grads[k].astype(np.float32)
            params[k] = np.asarray(params[k] - step, dtype=np.float64)
