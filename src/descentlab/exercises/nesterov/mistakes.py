"""Known mistakes in Nesterov's momentum."""

import numpy as np

from descentlab.exercises.catalogue import MistakesOf

mistake = MistakesOf("nesterov/update")
ahead = MistakesOf("nesterov/look-ahead")
matrix = MistakesOf("nesterov/matrix")
limit = MistakesOf("nesterov/limit")
critical = MistakesOf("nesterov/critical")
slip = MistakesOf("nesterov/slip")

mistake.section("03-nesterov, look first", "is-momentum", "momentum-without", "looks-with")


@mistake.base
class CorrectNesterov:
    """`velocity` gives the new v of a key, `move` what is added to the parameter."""

    def __init__(self, lr, momentum):
        self.lr, self.mu, self.v = lr, momentum, {}

    def update(self, params, grads):
        for k in params:
            old = self.v.get(k, np.zeros_like(params[k]))
            self.v[k] = self.velocity(old, grads[k])
            params[k] += self.move(old, self.v[k], grads[k])

    def velocity(self, v, g):
        return self.mu * v - self.lr * g

    def move(self, old, v, g):
        return -self.mu * old + (1 + self.mu) * v


mistake.differs(
    "nesterov/velocity-first",
    move=lambda self, old, v, g: self.mu**2 * v - (1 + self.mu) * self.lr * g,
    what="Nesterov's momentum in one line, with the velocity updated before that line",
    why="The line with μ² needs the velocity from before this call; a well-known book's code had it wrong.",
    symptom="The first step is 1 + μ + μ² times η g, in place of 1 + μ.",
    hint="At the first call the term with μ² v has to be zero. Print v just above that line: is it still the "
    "velocity from before this call?",
    cause="Your first step is 1 + μ + μ² times the step of plain descent, where 1 + μ is expected.",
)
mistake.differs(
    "nesterov/is-momentum",
    move=lambda self, old, v, g: v,
    what="plain momentum, without a look ahead",
    why="The rule of the lesson before, copied and not changed.",
    symptom="The first step is η g in place of (1 + μ) η g.",
    hint="What should be different from plain momentum in the very first step? If you keep an old velocity "
    "or point, print it beside the new one: still the old one? `dict(params)` copies none.",
    group="nesterov/momentum",
    experiment="one call",
)


@mistake(
    "nesterov/old-velocity-overwritten",
    like="nesterov/is-momentum",
    why="`v_prev = v` gives the array a second name; `v *= mu` then changes both.",
)
class OldVelocityOverwritten(CorrectNesterov):
    def update(self, params, grads):
        for k in params:
            v_prev = v = self.v.setdefault(k, np.zeros_like(params[k]))
            v *= self.mu
            v -= self.lr * grads[k]
            params[k] += self.move(v_prev, v, grads[k])


@mistake(
    "nesterov/old-point-not-copied",
    like="nesterov/is-momentum",
    why="`before = dict(params)` makes a new dict of the same arrays: the old point moves along.",
)
class OldPointNotCopied(CorrectNesterov):
    def update(self, params, grads):
        before = dict(params)
        for k in params:
            self.v[k] = self.velocity(self.v.get(k, np.zeros_like(params[k])), grads[k])
            params[k] += self.v[k]
            params[k] += self.mu * (params[k] - before[k])


mistake.differs(
    "nesterov/look-ahead-alone",
    move=lambda self, old, v, g: self.mu * v,
    what="a rule that moves by the look ahead alone, θ ← θ + μ v with the new v",
    why="The ball's own step, η g, is taken to be in μ v already.",
    symptom="The first step is μ η g in place of (1 + μ) η g.",
    hint="With no velocity yet, plain momentum moves by η g. How long is your first step, and how long "
    "should it be?",
    experiment="one call",
)
mistake.differs(
    "nesterov/adds-the-old",
    move=lambda self, old, v, g: self.mu * old + (1 + self.mu) * v,
    what="Nesterov's momentum with +μ times the old velocity in place of −μ",
    why="A sign lost in the change of variables.",
    symptom="The first call is right; the second is off by 2 μ v.",
    hint="Do the change of variables again; watch the sign of the old v.",
)
mistake.differs(
    "nesterov/never-goes-back",
    move=lambda self, old, v, g: (1 + self.mu) * v,
    what="Nesterov's momentum that never goes back from the old look-ahead point",
    why="(1 + μ) v looks complete; the look-ahead of the call before is still in θ.",
    symptom="The first call is right; each later one is off by μ times the old velocity.",
    hint="Something from the old look-ahead must be taken back.",
)


@mistake(
    "nesterov/jumps-and-moves",
    what="a rule that moves to the look-ahead point and then applies the whole velocity",
    why="The picture with two arrows, taken literally, with one gradient for both.",
    symptom="The first step is η g; later μ v is counted twice.",
    hint="Was μ v counted twice?",
)
class JumpsAndMoves(CorrectNesterov):
    def update(self, params, grads):
        for k in params:
            v = self.v.get(k, np.zeros_like(params[k]))
            params[k] += self.mu * v
            self.v[k] = self.velocity(v, grads[k])
            params[k] += self.v[k]


mistake.differs(
    "nesterov/mu-not-squared",
    move=lambda self, old, v, g: self.mu * old - (1 + self.mu) * self.lr * g,
    what="Nesterov's momentum in one line, with μ in place of μ²",
    why="One of two factors μ got lost while expanding.",
    symptom="The first call is right; the second is off by μ (1 − μ) v.",
    hint="Expand v in terms of the old v once more.",
)
mistake.differs(
    "nesterov/gradient-once",
    move=lambda self, old, v, g: self.mu**2 * old - self.lr * g,
    what="Nesterov's momentum in one line, with η g in place of (1 + μ) η g",
    why="The gradient enters through v and through the look-ahead; only one was kept.",
    symptom="The first step is η g in place of (1 + μ) η g.",
    hint="With no velocity yet, how far should the first step go?",
    experiment="one call",
)


mistake.differs(
    "nesterov/parts-against-each-other",
    velocity=lambda self, v, g: self.mu * v + g,
    move=lambda self, old, v, g: -self.lr * g + self.lr * self.mu * v,
    what="Nesterov's momentum with the gradient's sum added where it should be subtracted",
    why="A buffer of +g, used with the sign of a velocity.",
    symptom="The first step is (1 − μ) η g in place of (1 + μ) η g.",
    hint="Do the two parts of your step pull the same way?",
    group="nesterov/one-minus-mu",
)


mistake.differs(
    "nesterov/minus-for-plus",
    move=lambda self, old, v, g: -self.mu * old + (1 - self.mu) * v,
    what="Nesterov's momentum with 1 − μ in place of 1 + μ",
    why="1 − μ is the factor that one meets everywhere else.",
    symptom="The first step is (1 − μ) η g in place of (1 + μ) η g.",
    hint="With no velocity yet, is your first step longer or shorter than plain momentum's?",
    group="nesterov/one-minus-mu",
    experiment="one call",
)
mistake.differs(
    "nesterov/looks-with-the-old",
    move=lambda self, old, v, g: v - self.mu * old,
    what="plain gradient descent, −η g alone: as if you went back by μ v and moved by v, "
    "without a new look ahead",
    why="The ball's own move, v, was kept; the look ahead from its new place is missing.",
    symptom="The first step is η g; each later one lacks μ v.",
    hint="Where will the caller compute the next gradient: at the ball, or ahead of it?",
)


def rolled(step, theta, steps):
    """Places of a ball whose step gives the new velocity and the new place."""
    v = np.zeros_like(theta)
    places = [theta]
    for _ in range(steps):
        v, theta = step(v, theta)
        places.append(theta)
    return np.array(places)


def ball(at, gradient, theta, lr, momentum, steps):
    """Places of a ball that takes the gradient where `at`, a function of its velocity and its place, says."""

    def step(v, theta):
        v = momentum * v - lr * gradient(at(v, theta))
        return v, theta + v

    return rolled(step, theta, steps)


ahead.value(
    "nesterov/looks-where-it-is",
    lambda gradient, theta, lr, mu, steps: ball(lambda v, x: x, gradient, theta, lr, mu, steps),
    what="momentum, with the gradient taken at θ",
    why="The look-ahead point was forgotten, or computed and not used.",
    symptom="The first step is right; all is right at μ = 0.",
    hint="At which point does (2) ask for the gradient?",
)


ahead.value(
    "nesterov/looks-by-the-whole-velocity",
    lambda gradient, theta, lr, mu, steps: ball(lambda v, x: x + v, gradient, theta, lr, mu, steps),
    what="a ball that looks ahead by v, not by μ v",
    why="The picture says “where the velocity carries it”; friction was forgotten.",
    symptom="The first step is right; even at μ = 0 the second is not.",
    hint="How much of the old velocity survives the next step?",
)


ahead.value(
    "nesterov/looks-back",
    lambda gradient, theta, lr, mu, steps: ball(lambda v, x: x - mu * v, gradient, theta, lr, mu, steps),
    what="a ball that looks back, at θ − μ v",
    why="A sign from the step that goes back was used in the one that goes ahead.",
    symptom="The first step is right; the second errs to the other side of momentum.",
    hint="Where will μ v carry the ball: to which side of θ?",
)


@ahead(
    "nesterov/steps-from-the-point-ahead",
    what="a ball that moves on from the look-ahead point, so that μ v is counted twice",
    why="`theta = ahead + v`, or θ itself was moved to look ahead and not put back.",
    symptom="The first step is right; later places are off by μ v and more.",
    hint="Which point does the second half of (2) start from? What does v hold already?",
)
def steps_from_the_point_ahead(gradient, theta, lr, momentum, steps):
    def step(v, theta):
        a = theta + momentum * v
        v = momentum * v - lr * gradient(a)
        return v, a + v

    return rolled(step, theta, steps)


@ahead(
    "nesterov/moves-by-the-old-velocity",
    what="a ball that moves by the old velocity",
    why="The place is updated before the velocity, or with a name that still holds the old one.",
    symptom="The first step does not move.",
    hint="On the very first step, does anything move? Which of the two lines of (2) comes first?",
)
def moves_by_the_old_velocity(gradient, theta, lr, momentum, steps):
    return rolled(
        lambda v, theta: (momentum * v - lr * gradient(theta + momentum * v), theta + v), theta, steps
    )


@ahead(
    "nesterov/one-array-for-all-places",
    what="a list in which every place is the same array, changed in place at each step",
    why="`theta += v` changes the array that is already in the list.",
    symptom="All places are the last one.",
    hint="Are your places several arrays, or one array with several names?",
)
def one_array_for_all_places(gradient, theta, lr, momentum, steps):
    def step(v, theta):
        v = momentum * v - lr * gradient(theta + momentum * v)
        theta += v
        return v, theta

    return rolled(step, theta, steps)


ahead.value(
    "nesterov/start-left-out",
    lambda gradient, theta, lr, mu, steps: ball(lambda v, x: x + mu * v, gradient, theta, lr, mu, steps)[1:],
    what="places without their start",
    why="Only what follows a step is kept.",
    symptom="One row too few; the first one is the place after the first step.",
    hint="How many places has a path of one step?",
)


@matrix(
    "nesterov/matrix-transposed",
    like="momentum/matrix-transposed",
)
def matrix_transposed(lr, momentum, curvature):
    left = 1 - lr * curvature
    return np.array([[left * (1 + momentum), 1.0], [-left * momentum, 0.0]])


matrix.value(
    "nesterov/matrix-of-momentum",
    lambda lr, momentum, curvature: np.array([[1 + momentum - lr * curvature, -momentum], [1.0, 0.0]]),
    what="momentum's matrix, of lesson 02",
    why="The gradient was taken at θ, not at the look-ahead point.",
    symptom="Right at μ = 0 only.",
    hint="At which point is the gradient taken now? Put λ times that point into (2).",
)


@matrix(
    "nesterov/matrix-half-multiplied",
    what="the matrix with 1 − ηλ on one of its two terms only",
    why="A bracket was lost while (1) was put into (2).",
    symptom="One entry of the first row is right.",
    hint="All of the look-ahead point has a gradient. Does 1 − ηλ multiply one of your terms, or both?",
)
def matrix_half_multiplied(lr, momentum, curvature):
    left = 1 - lr * curvature
    return np.array([[left * (1 + momentum), -momentum], [1.0, 0.0]])


limit.value(
    "nesterov/limit-of-descent",
    lambda momentum, curvatures: 2 / np.max(curvatures),
    what="plain descent's limit, 2/λ",
    why="The product of the eigenvalues was subtracted at s = −1, not added.",
    symptom="Right for μ = 0; otherwise too large.",
    hint="Run your class at η = 1.99/λ with μ = 0.5. Does it converge, as your formula says?",
)
limit.value(
    "nesterov/limit-of-momentum",
    lambda momentum, curvatures: 2 * (1 + momentum) / np.max(curvatures),
    what="momentum's limit, 2 (1 + μ)/λ, of lesson 02",
    why="The formula of the lesson before, copied.",
    symptom="1 + 2μ times the expected limit; right for μ = 0.",
    hint="Put s = −1 into the equation with this lesson's trace and determinant. Where does μ stand now?",
)
limit.value(
    "nesterov/limit-of-the-first-step",
    lambda momentum, curvatures: 2 / (1 + momentum) / np.max(curvatures),
    what="2/((1 + μ) λ): plain descent's limit for a first step that is 1 + μ times as long",
    why="The first step was taken for all steps.",
    symptom="Too small for μ > 0, by the factor (1 + 2μ)/(1 + μ)².",
    hint="Run your class a little above your limit, for 300 steps. Does it diverge?",
)
limit.value(
    "nesterov/limit-of-the-flattest",
    lambda momentum, curvatures: (2 + 2 * momentum) / (1 + 2 * momentum) / np.min(curvatures),
    like="momentum/limit-of-the-flattest",
)
limit.value(
    "nesterov/limit-for-each",
    lambda momentum, curvatures: (2 + 2 * momentum) / (1 + 2 * momentum) / np.asarray(curvatures),
    like="momentum/limit-for-each",
)
critical.value(
    "nesterov/critical-of-momentum",
    lambda lr, curvature: (1 - np.sqrt(lr * curvature)) ** 2,
    what="momentum's critical μ, (1 − √q)², of lesson 02",
    why="The formula of the lesson before, copied.",
    symptom="Smaller than the expected one by the factor 1 − q.",
    hint="Put your μ into the trace and the determinant of your matrix. Is (tr M)² then 4 det M?",
)


@critical(
    "nesterov/critical-other-root",
    what="the quadratic's other solution, which is larger than 1",
    why="+ in place of − before the root.",
    symptom="One over the expected μ.",
    hint="A quadratic has two solutions. Which of them lies between 0 and 1?",
)
def critical_other_root(lr, curvature):
    root = np.sqrt(lr * curvature)
    with np.errstate(divide="ignore"):
        return (1 + root) / (1 - root)


critical.value(
    "nesterov/critical-without-root",
    lambda lr, curvature: (1 - lr * curvature) / (1 + lr * curvature),
    what="(1 − q)/(1 + q): q in place of its root",
    why="A root was lost while simplifying.",
    symptom="0.6 at q = 0.25.",
    hint="At q = 0.25 the text says 1/3. What does your function say?",
)


@critical(
    "nesterov/critical-divides-by-zero",
    what="the quadratic formula as it stands, which divides 0 by 0 at q = 1",
    why="The formula divides by 1 − q.",
    symptom="Right below q = 1, NaN there.",
    hint="Which factor do numerator and denominator share? Write both with √q.",
)
def critical_divides_by_zero(lr, curvature):
    q = lr * curvature
    with np.errstate(invalid="ignore"):
        return np.float64(1 + q - 2 * np.sqrt(q)) / np.float64(1 - q)


slip.value(
    "nesterov/slip-line-a",
    "A",
    what="line A, which fetches what the last call stored",
    why="It is the first line with a velocity.",
    symptom="The letter A.",
    hint="At the first call line A gives 0. Which v should it give there, by the answer in section 3?",
)
slip.value(
    "nesterov/slip-line-b",
    "B",
    what="line B, which makes the new velocity",
    why="The velocity is changed there.",
    symptom="The letter B.",
    hint="Put line B beside (2), factor by factor. Does it make another number than (2)?",
)
slip.value(
    "nesterov/slip-line-d",
    "D",
    what="line D, which stores a velocity for the next call",
    why="What is stored is used later.",
    symptom="The letter D.",
    hint="The place is wrong after the first call already. Has line D done anything by then that is seen?",
)
