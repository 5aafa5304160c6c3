"""Known mistakes in gradient descent's step, its limit, its best rate, its floor and a batch's noise."""

import numpy as np

from descentlab.exercises.catalogue import MistakesOf

mistake = MistakesOf("sgd/update")
limit = MistakesOf("sgd/largest-stable")
worst = MistakesOf("sgd/worst-factor")
best = MistakesOf("sgd/best-lr")
floor = MistakesOf("sgd/noise-floor")
drawn = MistakesOf("sgd/batch-noise")


@mistake.base
class CorrectSGD:
    """`step` is what is taken from the parameter."""

    def __init__(self, lr):
        self.lr = lr

    def update(self, params, grads):
        for k in params:
            params[k] -= self.step(grads[k])

    def step(self, g):
        return self.lr * g


mistake.differs(
    "sgd/uphill",
    step=lambda self, g: -self.lr * g,
    what="gradient descent with steps in the opposite direction",
    why="The gradient points uphill, and `+=` is the first thing that comes to mind for an update.",
    symptom="Every step is −1 times the expected one.",
    hint="Print the loss before and after one small step: which way did it go?",
    experiment="one call",
)


mistake.differs(
    "sgd/no-rate",
    step=lambda self, g: g,
    what="gradient descent without the learning rate",
    why="The gradient looks like the step itself.",
    symptom="Every step is 1/η times the expected one.",
    hint="Which argument of the constructor does your line never use?",
)


@mistake(
    "sgd/scales-the-gradients",
    what="a right step by a rule that changes the caller's gradients",
    why="`grads[k] *= lr` saves a line, and writes into an array that belongs to the caller.",
    symptom="All parameters agree; after each call the gradients are η times what was given.",
    hint="Compare the gradient dict before and after your call.",
)
class ScalesTheGradients(CorrectSGD):
    def update(self, params, grads):
        for k in params:
            grads[k] *= self.lr
            params[k] -= grads[k]


mistake.differs(
    "sgd/mean-of-the-gradient",
    step=lambda self, g: self.lr * np.mean(g),
    what="gradient descent with the mean of each array's gradient for all its coordinates",
    why="“Average the gradient” is said of a batch; here it is taken over the coordinates.",
    symptom="All coordinates of an array move by the same amount.",
    hint="Should two coordinates with different gradients move alike?",
)


@mistake(
    "sgd/unit-length",
    what="gradient descent with the whole gradient scaled to length one",
    why="“The direction of steepest descent” suggests that only the direction counts.",
    symptom="Every call moves the parameters by η in total, however steep it is.",
    hint="Make the gradient ten times larger: should the step become ten times larger?",
    experiment="ten times the gradients",
)
class UnitLength(CorrectSGD):
    def update(self, params, grads):
        length = np.sqrt(sum((grads[k] ** 2).sum() for k in grads))
        for k in params:
            params[k] -= self.lr * grads[k] / length


@mistake(
    "sgd/first-array-only",
    what="gradient descent of the first array alone",
    why="`return` is indented as if it belonged to the loop.",
    symptom='"W" is right; "b", "s" and "U" never move.',
    hint="How many of the arrays moved? Where does your loop end?",
)
class FirstArrayOnly(CorrectSGD):
    def update(self, params, grads):
        for k in params:
            params[k] -= self.lr * grads[k]
            return


@mistake(
    "sgd/last-array-only",
    what="gradient descent of the last array alone",
    why="The line that steps stands after the loop, where only the last key is left.",
    symptom='"U" is right; "W", "b" and "s" never move.',
    hint="Which lines stand inside the loop, and which after it?",
)
class LastArrayOnly(CorrectSGD):
    def update(self, params, grads):
        for k in params:
            step = self.lr * grads[k]
        params[k] -= step


mistake.differs(
    "sgd/divides-by-length",
    step=lambda self, g: self.lr * g / len(np.atleast_1d(g)),
    what="gradient descent with each gradient divided by len(g)",
    why="Dividing by the number of examples is right where the gradient is a sum; here it is done already.",
    symptom="Steps of a matrix are off by its number of rows, those of a vector by its length.",
    hint="Has the averaging already happened where g came from?",
)


@mistake(
    "sgd/pairs-by-position",
    what="gradient descent that pairs parameters and gradients by their place in the two dicts",
    why="`zip(params.values(), grads.values())` works as long as both dicts list their keys in one order.",
    symptom="Right on all probes but the one that lists the gradients in another order.",
    hint="What if the two dicts list their keys in another order?",
)
class PairsByPosition(CorrectSGD):
    def update(self, params, grads):
        for p, g in zip(params.values(), grads.values(), strict=True):
            p -= self.lr * g


@mistake(
    "sgd/pairs-by-position-new-arrays",
    like="sgd/pairs-by-position",
    why="`zip(params, grads.values())` works as long as both dicts list their keys in one order.",
    group="sgd/pairs-by-position",
)
class PairsByPositionNewArrays(CorrectSGD):
    def update(self, params, grads):
        for k, g in zip(params, grads.values(), strict=True):
            params[k] = params[k] - self.lr * g


@mistake(
    "sgd/rate-decays",
    what="gradient descent whose rate shrinks by one per cent at each call",
    why="A schedule from elsewhere ended up inside the rule.",
    symptom="Call t is 0.99ᵗ⁻¹ times the expected step.",
    hint="Call twice with the same gradient; should the steps match?",
    experiment="the same gradient twice",
)
class RateDecays(CorrectSGD):
    def update(self, params, grads):
        super().update(params, grads)
        self.lr *= 0.99


@mistake(
    "sgd/changes-a-name",
    what="a rule that changes nothing which the caller can see",
    why="`p = p - …` makes a new array and binds the loop's own name to it; the dict keeps the old one.",
    symptom="No parameter moves on any probe.",
    hint="After update(), has the dict really changed? Which name did you change?",
    group="behaviour/changes-nothing",
)
class ChangesAName(CorrectSGD):
    def update(self, params, grads):
        for k, p in params.items():
            p = p - self.lr * grads[k]


@mistake(
    "sgd/changes-a-copy",
    like="sgd/changes-a-name",
    why="A copy was made to be safe, and never put back.",
    hint="After update(), has the dict really changed? Where is your result kept?",
)
class ChangesACopy(CorrectSGD):
    def update(self, params, grads):
        for k in params:
            p = params[k].copy()
            p -= self.lr * grads[k]


@mistake(
    "sgd/minus-assigned",
    what="a rule that replaces the parameter by −η g",
    why="`=-` for `-=`: Python reads it as “is set to minus …”.",
    symptom="After each call θ is −η g; its start is lost at the first.",
    hint="Read the operator sign by sign. What is left of the old value?",
)
class MinusAssigned(CorrectSGD):
    def update(self, params, grads):
        for k in params:
            params[k] = -self.lr * grads[k]


@mistake(
    "sgd/flattens",
    what="a right step in an array of another shape",
    why="`ravel` makes the arithmetic easy, and nobody puts the shape back.",
    symptom='The numbers are right; the matrix "W" comes back with shape (6,).',
    hint="Compare the shapes before and after your call.",
    group="behaviour/changes-shape",
)
class Flattens(CorrectSGD):
    def update(self, params, grads):
        for k in params:
            params[k] = (params[k] - self.lr * grads[k]).ravel()


mistake.differs(
    "sgd/clips",
    step=lambda self, g: self.lr * np.clip(g, -5, 5),
    what="gradient descent with gradients cut off at ±5",
    why="A guard against exploding gradients from another project.",
    symptom="Right while all gradients are small; the spike of 10⁴ becomes a step of 5 η.",
    hint="Did anyone ask for the line that limits the gradient? Try a gradient of 10 000.",
    experiment="one gradient of 10 000",
)


@mistake(
    "sgd/rounds",
    what="gradient descent with parameters rounded to four decimals",
    why="Rounding for a tidy print-out was done on the parameters themselves.",
    symptom="All parameters after a call are multiples of 0.0001.",
    hint="Print one parameter with all its digits. Did anyone ask for rounding?",
)
class Rounds(CorrectSGD):
    def update(self, params, grads):
        for k in params:
            params[k] = np.round(params[k] - self.lr * grads[k], 4)


@mistake(
    "sgd/single-precision",
    what="a right step computed in float32",
    why="float32 is the habit of deep learning; NumPy's own is float64.",
    symptom="Steps agree to seven digits and differ in the eighth.",
    hint="How many digits does your arithmetic keep? Look for float32.",
)
class SinglePrecision(CorrectSGD):
    def update(self, params, grads):
        for k in params:
            step = np.float32(self.lr) * grads[k].astype(np.float32)
            params[k] = np.asarray(params[k] - step, dtype=np.float64)


@mistake(
    "sgd/takes-gradients-out",
    what="a rule that takes each gradient out of the dict over which it loops",
    why="`pop` reads a value and looks like reading it; it removes it as well.",
    symptom="A RuntimeError at the second key of the first call: the dict changed its size.",
    hint="Which dict do you loop over, and does any line make it shorter?",
    group="error/size-changes",
)
class TakesGradientsOut(CorrectSGD):
    def update(self, params, grads):
        for k in grads:
            params[k] -= self.lr * grads.pop(k)


# ------------------------------------------------------------------------------- the largest stable rate


def length(theta):
    return np.sqrt(theta @ theta)


def run_down(rule, gradient, theta, steps=400):
    """The end of the steps, in the array `theta` itself; left early once it is a million long."""
    params = {"theta": theta}
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        if length(params["theta"]) > 1e6:
            break
    return params["theta"]


def halve(stable, middle=lambda low, high: (low + high) / 2):
    low, high = 0.0, 16.0
    for _ in range(20):
        lr = middle(low, high)
        low, high = (lr, high) if stable(lr) else (low, lr)
    return low


@limit(
    "sgd/limit-never-unstable",
    what="a search that never makes its interval smaller from above: `low` and `high` are swapped, or the "
    "comparison of the two lengths is",
    why="Which end of the interval moves is easily turned round.",
    symptom="The result is 16, the first `high`.",
    hint="Print `middle` and both lengths in each round. Which end should move in the first one?",
    group="sgd/limit-all-stable",
)
def limit_never_unstable(make_rule, gradient, start):
    return halve(lambda lr: length(run_down(make_rule(lr), gradient, start.copy())) >= length(start))


@limit(
    "sgd/limit-one-rate",
    what="a search whose η never reaches the rule: the same small η runs every time",
    why="`make_rule` is called with a fixed number, or once before the halving begins.",
    symptom="The result is 16, the first `high`: 0.01 is stable each time.",
    hint="With which η is your rule made in each round?",
    group="sgd/limit-all-stable",
)
def limit_one_rate(make_rule, gradient, start):
    return halve(lambda lr: length(run_down(make_rule(0.01), gradient, start.copy())) <= length(start))


@limit(
    "sgd/limit-no-copy",
    what="a search that moves `start` itself, and compares the end with that",
    why='`{"theta": start}` without `.copy()`: the rule writes into the caller\'s array.',
    symptom="The end and the start are one array, so nothing is ever farther: 16. `start` has changed.",
    hint="Print `start` before and after your function. Which array does the rule write into?",
)
def limit_no_copy(make_rule, gradient, start):
    return halve(lambda lr: length(run_down(make_rule(lr), gradient, start)) <= length(start))


@limit(
    "sgd/limit-no-copy-length-kept",
    what="a search that moves `start` itself, so that each η begins where the last one ended",
    why='`{"theta": start}` without `.copy()`: the rule writes into the caller\'s array.',
    symptom="The first η, 8, throws the start far away, and nothing comes back. `start` has changed.",
    hint="Print `start` before and after your function. Which array does the rule write into?",
)
def limit_no_copy_length_kept(make_rule, gradient, start):
    begun = length(start)
    return halve(lambda lr: length(run_down(make_rule(lr), gradient, start)) <= begun)


@limit(
    "sgd/limit-one-run",
    what="a search whose η each begin where the last one ended",
    why="`params` is made once, before the halving.",
    symptom="The first η, 8, throws the parameters far away; the limit result is far too small.",
    hint="Where do the parameters stand when the second η is tried?",
)
def limit_one_run(make_rule, gradient, start):
    theta = start.copy()
    return halve(lambda lr: length(run_down(make_rule(lr), gradient, theta)) <= length(start))


@limit(
    "sgd/limit-one-gradient",
    what="a search with one gradient, that of the start, for all 400 steps",
    why="`gradient(start)` is computed before the loop.",
    symptom="Every path is a straight line, so the limit is about a four-hundredth.",
    hint="At which point is the gradient of the second step taken?",
)
def limit_one_gradient(make_rule, gradient, start):
    g = gradient(start)
    return halve(lambda lr: length(run_down(make_rule(lr), lambda _: g, start.copy())) <= length(start))


@limit(
    "sgd/limit-one-step",
    what="a search that looks at one step in place of 400",
    why="The loop over the steps was left out, or the comparison stands inside it.",
    symptom="A little too large: one step may grow on the steep axis and still come nearer on the others.",
    hint="How many steps does your η take before you compare? One good step says little about the next.",
)
def limit_one_step(make_rule, gradient, start):
    return halve(lambda lr: length(run_down(make_rule(lr), gradient, start.copy(), steps=1)) <= length(start))


@limit(
    "sgd/limit-half-the-width",
    what="a search that tries (high − low)/2, half the interval's width, not its middle",
    why="Half of the interval sounds like its middle.",
    symptom="Too small, though the comparison is right.",
    hint="What lies halfway between 4 and 6? Does your formula say so?",
)
def limit_half_the_width(make_rule, gradient, start):
    return halve(
        lambda lr: length(run_down(make_rule(lr), gradient, start.copy())) <= length(start),
        middle=lambda low, high: (high - low) / 2,
    )


@limit(
    "sgd/limit-own-rule",
    what="gradient descent's own limit, whichever rule is handed over",
    why="`SGD(middle)` stands where `make_rule(middle)` is meant, or the formula 2/L is used.",
    symptom="The limit of plain descent: too small by the factor with which the rule shortens its steps.",
    hint="The check hands over a rule that you do not know. Which line of yours makes the rule?",
)
def limit_own_rule(make_rule, gradient, start):
    return halve(lambda lr: length(run_down(CorrectSGD(lr), gradient, start.copy())) <= length(start))


# --------------------------------------------------------------------------------------- the worst factor


worst.value(
    "sgd/worst-no-absolute-value",
    lambda lr, curvatures: np.max(1 - lr * curvatures),
    what="the largest factor, its sign kept",
    why="“The largest” is read as the largest number, and −0.9 is smaller than 0.1.",
    symptom="Right for a small η; beyond the best one the flattest axis is returned.",
    hint="One axis has the factor 0.1, another −0.9: which one is slower, and which does your line pick?",
    group="sgd/worst-flattest",
)
worst.value(
    "sgd/worst-absolute-value-last",
    lambda lr, curvatures: abs(np.max(1 - lr * curvatures)),
    like="sgd/worst-no-absolute-value",
    what="the absolute value of the factor with the largest signed value, which is the flattest axis' one",
    why="`abs` stands outside of `max`, or the flattest axis is thought to be the slowest always.",
)
worst.value(
    "sgd/worst-steepest",
    lambda lr, curvatures: abs(1 - lr * np.max(curvatures)),
    what="the steepest axis' factor, whatever η is",
    why="The steepest axis sets the limit, so it is thought to be the slowest too.",
    symptom="Right beyond the best η; too small for a small one.",
    hint="With a very small η, which axis hardly moves?",
)
worst.value(
    "sgd/worst-smallest",
    lambda lr, curvatures: np.min(np.abs(1 - lr * curvatures)),
    what="the smallest absolute value: the fastest axis",
    why="The slowest is taken for the smallest.",
    symptom="Too small on every probe.",
    hint="Every step multiplies the distance by the factor. Is 0.1 or 0.9 the slow one?",
)
worst.value(
    "sgd/worst-all-factors",
    lambda lr, curvatures: np.abs(1 - lr * curvatures),
    what="the factors of all axes, not one number",
    why="The last step, choosing among them, was left out.",
    symptom="An array as long as the curvatures.",
    hint="Which one of these factors decides how long we wait?",
)


@worst(
    "sgd/worst-rate-at-the-best",
    what="the factor that the best η leaves, whatever η is",
    why="The best factor is known from elsewhere, and was taken for the factor at any η.",
    symptom="η has no influence on the result.",
    hint="Which argument does your line never use?",
)
def worst_rate_at_the_best(lr, curvatures):
    low, high = np.min(curvatures), np.max(curvatures)
    return (high - low) / (high + low)


worst.value(
    "sgd/worst-first-and-last",
    lambda lr, curvatures: max(abs(1 - lr * curvatures[0]), abs(1 - lr * curvatures[-1])),
    what="the worse one of the first and the last curvature",
    why="The curvatures are taken to be in order.",
    symptom="Wrong where the decisive curvature stands in between.",
    hint="Is anything said about the order of the curvatures?",
)


# ------------------------------------------------------------------------------------------ the best rate


best.value(
    "sgd/best-at-the-limit",
    2 / 8,
    what="the limit (2), beyond which the path diverges",
    why="The largest stable η is taken for the best.",
    symptom="2/8.",
    hint="At this η, what is the steepest axis' factor?",
)
best.value(
    "sgd/best-of-the-bound",
    1 / 8,
    what="the η that is best for the bound (3), 1/L",
    why="The descent lemma is best there; the bowl's slowest axis is not.",
    symptom="1/8.",
    hint="At this η, what are the factors of the flattest and the steepest axis? Which one could still gain?",
)
best.value(
    "sgd/best-of-all-three",
    2 / (0.5 + 3 + 8),
    what="2 divided by the sum of all three curvatures",
    why="The balance of two axes is extended to three.",
    symptom="2/11.5.",
    hint="Which two of the three axes can have the largest factor?",
)
best.value(
    "sgd/best-wrong-pair",
    2 / (0.5 + 3),
    what="the best rate of two axes only, the middle one among them",
    why="The first two, or the last two, of the three numbers were taken.",
    symptom="2/3.5 (or 2/11, below).",
    hint="Which axis has the factor farthest from 0 at your η?",
)
best.value(
    "sgd/best-wrong-pair-above",
    2 / (3 + 8),
    like="sgd/best-wrong-pair",
    symptom="2/11.",
    group="sgd/best-wrong-pair",
)
best.value(
    "sgd/best-is-a-rate",
    7.5 / 8.5,
    what="what the best η leaves of the distance per step, not that η",
    why="The best factor and the best η come out of the same derivation.",
    symptom="7.5/8.5.",
    hint="Which is asked for: how far to step, or what is left of the distance after a step?",
)


# ------------------------------------------------------------------------------------------- the floor


@floor(
    "sgd/floor-no-batch",
    what="the floor of single examples, whatever the batch",
    why="The batch was left out of the equation.",
    symptom="Right for a batch of one.",
    hint="Which argument does your function never use?",
)
def floor_no_batch(lr, curvature, sigma, batch):
    return lr * sigma**2 / (curvature * (2 - lr * curvature))


floor.value(
    "sgd/floor-batch-squared",
    lambda lr, curvature, sigma, batch: floor_no_batch(lr, curvature, sigma / batch, 1),
    what="a floor that falls with the square of the batch",
    why="The mean of B noises has the standard deviation σ/√B; σ/B was squared.",
    symptom="Right for a batch of one; B times too small for the others.",
    hint="Add the mean squares of four noises, then divide the sum by 4. What happens to its mean square?",
)
floor.value(
    "sgd/floor-root-of-batch",
    lambda lr, curvature, sigma, batch: floor_no_batch(lr, curvature, sigma, 1) / np.sqrt(batch),
    what="a floor that falls with the root of the batch",
    why="The standard deviation's σ/√B was taken for the mean square.",
    symptom="Right for a batch of one; √B times too large for the others.",
    hint="A standard deviation falls with the root of B. Is the floor one, or a mean square?",
)
floor.value(
    "sgd/floor-small-rates-only",
    lambda lr, curvature, sigma, batch: lr * sigma**2 / (2 * curvature * batch),
    what="the floor for small η, ησ²/(2λB)",
    why="The square of 1 − ηλ was cut off after its second term.",
    symptom="Too small by the factor 1 − ηλ/2.",
    hint="Multiply the square out. Which of its three terms is missing in your equation?",
)
floor.value(
    "sgd/floor-factor-not-squared",
    lambda lr, curvature, sigma, batch: lr * sigma**2 / (curvature * batch),
    what="the solution of an equation in which the old mean square is multiplied by 1 − ηλ",
    why="x is multiplied by 1 − ηλ, so its square was, too.",
    symptom="ησ²/(λB): about twice the floor for small η.",
    hint="If x is multiplied by 0.9, by what is its square multiplied?",
)
floor.value(
    "sgd/floor-sigma-not-squared",
    lambda lr, curvature, sigma, batch: floor_no_batch(lr, curvature, np.sqrt(sigma), 1) / batch,
    what="the floor with σ in place of σ²",
    why="The noise's size was not squared.",
    symptom="The floor divided by σ.",
    hint="Twice the noise: by what does the mean of x² grow?",
)
floor.value(
    "sgd/floor-rate-not-squared",
    lambda lr, curvature, sigma, batch: floor_no_batch(lr, curvature, sigma, 1) / (batch * lr),
    what="the solution of an equation in which the noise's mean square is multiplied by η, not η²",
    why="The noise enters the step as ηξ, and only ξ was squared.",
    symptom="The floor divided by η.",
    hint="The noise is multiplied by η in the step. By what is its mean square multiplied?",
)
floor.value(
    "sgd/floor-noise-without-rate",
    lambda lr, curvature, sigma, batch: floor_no_batch(lr, curvature, sigma, 1) / (batch * lr**2),
    what="the solution of an equation in which the noise is not multiplied by η at all",
    why="The noise was added to x, not to the gradient.",
    symptom="The floor divided by η².",
    hint="Is the noise added to x, or to the gradient?",
)
floor.value(
    "sgd/floor-no-curvature",
    lambda lr, curvature, sigma, batch: floor_no_batch(lr, 1.0, sigma, 1) / batch,
    what="the floor on an axis of curvature 1",
    why="On the way from the equation to the code the curvature got lost.",
    symptom="Right for λ = 1.",
    hint="Which argument does your function never use?",
)
floor.value(
    "sgd/floor-root",
    lambda lr, curvature, sigma, batch: np.sqrt(floor_no_batch(lr, curvature, sigma, 1) / batch),
    what="the root of the floor: a typical distance",
    why="Distance was taken for its mean square.",
    symptom="The root of the expected number.",
    hint="Of which power of x is the mean asked for?",
)
floor.value(
    "sgd/floor-of-the-loss",
    lambda lr, curvature, sigma, batch: curvature / 2 * floor_no_batch(lr, curvature, sigma, 1) / batch,
    what="the mean loss, ½λ times the mean of x²",
    why="The floor under the loss is what the section is about.",
    symptom="λ/2 times the expected number.",
    hint="Is the mean of the loss asked for, or the mean of x²?",
)
floor.value(
    "sgd/floor-after-one-step",
    lambda lr, curvature, sigma, batch: lr**2 * sigma**2 / batch,
    what="the mean square after one noisy step from the minimum",
    why="The old x was taken to be zero, so its mean square fell out of the equation.",
    symptom="η²σ²/B.",
    hint="In Step 3, is V zero before the step?",
)


# ----------------------------------------------------------------------------------- the noise of a batch


drawn.value(
    "sgd/batch-independent",
    lambda one, rows, batch: one / batch,
    what="the noise of rows that are drawn independently: one over the batch",
    why="The products of different rows were taken to have the mean zero.",
    symptom="Right for a single row; not zero for all rows.",
    hint="What does your function give for a batch of all rows? What should it give?",
)
drawn.value(
    "sgd/batch-products-added",
    lambda one, rows, batch: one / batch * (1 + (batch - 1) / (rows - 1)),
    what="the noise with the products of two rows counted as positive",
    why="The sign of c was lost.",
    symptom="Larger than the noise of independent rows.",
    hint="All deviations sum to zero. If one of them is positive, what is the mean of the others?",
)
drawn.value(
    "sgd/batch-over-all-rows",
    lambda one, rows, batch: one / batch * (rows - batch) / rows,
    what="the noise with N where N − 1 is meant",
    why="Each row has N − 1 partners, not N.",
    symptom="Slightly too small for a single row, and zero for all rows.",
    hint="With how many other rows can one row form a pair?",
)
drawn.value(
    "sgd/batch-product-over-rows",
    lambda one, rows, batch: one / batch * (1 - (batch - 1) / rows),
    what="the noise for a mean product of −s/N",
    why="Each row has N − 1 partners, not N.",
    symptom="Right for a single row; not zero for all rows.",
    hint="With how many other rows can one row form a pair?",
)
drawn.value(
    "sgd/batch-pairs-with-itself",
    lambda one, rows, batch: one / batch - one / (rows - 1),
    what="the noise with B² products in place of B(B − 1)",
    why="Each row was paired with itself, too: that is a square, and it is counted already.",
    symptom="Too small; negative for all rows.",
    hint="A batch of one row: how many products of two different rows does it have?",
)
drawn.value(
    "sgd/batch-not-divided",
    lambda one, rows, batch: one * (rows - batch) / (rows - 1),
    what="the share that drawing without replacement leaves, without the division by B",
    why="The mean over the batch was forgotten.",
    symptom="B times the expected number.",
    hint="Is yours the noise of the batch's mean, or of its sum divided by the root of B?",
)
drawn.value(
    "sgd/batch-of-the-sum",
    lambda one, rows, batch: one * batch * (rows - batch) / (rows - 1),
    what="the noise of the sum of the rows' gradients, not of their mean",
    why="The division by the square of B was forgotten.",
    symptom="B² times the expected number.",
    hint="Is yours the noise of the batch's sum, or of its mean?",
)
drawn.value(
    "sgd/batch-root",
    lambda one, rows, batch: np.sqrt(one / batch * (rows - batch) / (rows - 1)),
    what="the root of the noise: a standard deviation",
    why="The mean squared distance is a variance.",
    symptom="The root of the expected number.",
    hint="Is the mean distance asked for, or the mean squared distance?",
)
