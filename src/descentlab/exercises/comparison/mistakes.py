"""Known mistakes in running a rule, in its units and turns, in judging a race, in a loss of logits."""

from math import comb

import numpy as np

import descentlab.rules
from descentlab.exercises.catalogue import MistakesOf

walk = MistakesOf("comparison/six-rules")
coin = MistakesOf("comparison/by-chance")
units = MistakesOf("comparison/same-path")
pairing = MistakesOf("comparison/all-pairs")
logit = MistakesOf("comparison/logit-loss")
turn = MistakesOf("comparison/rotation-gap")


def points(rule, gradient, start, steps, entry=np.copy):
    """The path as a list: `entry` makes each row of the parameters' array."""
    params = {"theta": np.array(start, dtype=float)}
    path = [entry(params["theta"])]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(entry(params["theta"]))
    return path


def path_of(rule, gradient, start, steps):
    return np.array(points(rule, gradient, start, steps))


def itself(array):
    return array


def way(path):
    """The farthest that any coordinate gets from its start."""
    return np.abs(path - path[0]).max()


def matrix(angle):
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin], [sin, cos]])


def turned(make, gradient, start, steps, Q, begin=None):
    """The path on f(Qᵀθ), not turned back."""
    begin = Q @ start if begin is None else begin
    return path_of(make(), lambda theta: Q @ gradient(Q.T @ theta), begin, steps)


def course_rule(name, hyper):
    """The course's rule of that name."""
    return getattr(descentlab.rules, name)(**hyper)


# ------------------------------------------------------------------------------------------------ walk


@walk(
    "comparison/no-copies",
    what="a path whose rows are all the same array: each shows the last point",
    why='`path.append(params["theta"])` keeps the array that the rule goes on changing.',
    symptom="Every row of every path is the last point.",
    hint="Your six rules may be right. What does your list in `walk` hold: points, or one array many times?",
)
def no_copies(name, hyper, gradient, start, steps):
    rule = course_rule(name, hyper)
    return np.array(points(rule, gradient, start, steps, entry=itself))


@walk(
    "comparison/start-not-copied",
    what="a path whose first row moves along with the parameters: it shows the last point",
    why="The later points are copied; the start is put into the list as it is.",
    symptom="The first row is the last point, the others are right.",
    hint="Your six rules may be right. Who else writes into the array that `walk` puts first into its list?",
)
def start_not_copied(name, hyper, gradient, start, steps):
    path = path_of(course_rule(name, hyper), gradient, start, steps)
    path[0] = path[-1]
    return path


walk.value(
    "comparison/no-start",
    lambda name, hyper, gradient, start, steps: path_of(course_rule(name, hyper), gradient, start, steps)[1:],
    what="a path without its start",
    why="Only what follows an update is kept.",
    symptom="One row too few; the first one is the point after the first step.",
    hint="How many points has a path of one step?",
)


@walk(
    "comparison/start-of-whole-numbers",
    what="a walk in an array of whole numbers",
    why="`np.array(start)` takes its dtype from the numbers it is given, and 3 is an integer.",
    symptom="An exception where the start is a tuple of integers; right everywhere else.",
    hint="What is the dtype of the array that `walk` makes from (3, 1, 2)? Can it hold 2.7?",
    group="error/integer-state",
)
def start_of_whole_numbers(name, hyper, gradient, start, steps):
    rule, params = course_rule(name, hyper), {"theta": np.array(start)}
    path = [params["theta"].copy()]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(params["theta"].copy())
    return np.array(path)


# ------------------------------------------------------------------------------------------- by chance


coin.value(
    "comparison/chance-one-side",
    lambda wins, seeds: sum(comb(seeds, k) for k in range(wins, seeds + 1)) / 2**seeds,
    what="the chance that one named rule wins so often",
    why="Only one of the two rules was allowed to be the lucky one.",
    symptom="Half of the expected chance.",
    hint="The two rules are equal. Must the lucky one be the first of them?",
)
coin.value(
    "comparison/chance-exactly",
    lambda wins, seeds: (1 + (2 * wins != seeds)) * comb(seeds, wins) / 2**seeds,
    what="the chance of exactly so many wins",
    why="“At least” was taken for “exactly”.",
    symptom="Right only where every seed is won.",
    hint="You find nine of ten remarkable. And ten of ten?",
)
coin.value(
    "comparison/chance-exactly-one-side",
    lambda wins, seeds: comb(seeds, wins) / 2**seeds,
    what="the chance that one named rule wins exactly so often",
    why="One term of the sum, for one of the two rules.",
    symptom="Too small everywhere, by half where every seed is won.",
    hint="You find nine of ten remarkable. And ten of ten? And nine of ten for the other rule?",
)
coin.value(
    "comparison/chance-more-than",
    lambda wins, seeds: min(1.0, 2 * sum(comb(seeds, k) for k in range(wins + 1, seeds + 1)) / 2**seeds),
    what="the chance of more wins than were seen",
    why="The sum begins one place too late.",
    symptom="Zero where every seed is won.",
    hint="What does your function say of ten wins in ten?",
)
coin.value(
    "comparison/chance-middle-twice",
    lambda wins, seeds: 2 * sum(comb(seeds, k) for k in range(wins, seeds + 1)) / 2**seeds,
    what="a chance that counts the even split for both rules",
    why="The tail was doubled, and at half of the seeds both tails hold the middle.",
    symptom="More than 1 at half of the seeds, right elsewhere.",
    hint="Can a chance be larger than 1? Which row of tosses did you count twice?",
)
coin.value(
    "comparison/chance-of-a-row",
    lambda wins, seeds: 0.5**wins,
    what="a half to the power of the wins",
    why="Only one order of wins was counted.",
    symptom="A power of two.",
    hint="Two wins of three: which of the three may be the lost one?",
)


# ----------------------------------------------------------------------------------------- other units


def grows(hyper):
    """Whether the rule's step is proportional to the gradient."""
    return "eps" not in hyper


units.value(
    "comparison/units-eps-stays",
    lambda name, hyper, c: hyper | ({"lr": hyper["lr"] / c} if grows(hyper) else {}),
    what="the ε of the old units where the rule divides by the gradient's size",
    why="“The factor cancels” was taken for “nothing changes”.",
    symptom="Right for SGD, Momentum and Nesterov; the three others get their own numbers back.",
    hint="Take g = ε, then c g. Is the step of such a rule the same?",
)
units.value(
    "comparison/units-eps-divided",
    lambda name, hyper, c: hyper | ({"lr": hyper["lr"] / c} if grows(hyper) else {"eps": hyper["eps"] / c}),
    what="an ε divided by c where the rule divides by the gradient's size",
    why="As η is divided by c in the other rules, ε was, too.",
    symptom="ε goes the wrong way.",
    hint="√h grows with c. What must the number beside it do, so that both keep their ratio?",
)


@units(
    "comparison/units-eps-squared",
    what="an ε times c²",
    why="ε was taken for a part of h, which holds squares.",
    symptom="ε times c once too often.",
    hint="Does ε stand inside the root of your rules, or beside it?",
)
def units_eps_squared(name, hyper, c):
    return hyper | ({"lr": hyper["lr"] / c} if grows(hyper) else {"eps": hyper["eps"] * c**2})


units.value(
    "comparison/units-all-rates-divided",
    lambda name, hyper, c: hyper | {"lr": hyper["lr"] / c},
    what="a learning rate divided by c in every rule",
    why="What is right for SGD was taken for all.",
    symptom="The rules that divide by the gradient's size get a new η and keep ε.",
    hint="How long is Adam's first step, before and after the change of units?",
)
units.value(
    "comparison/units-rate-multiplied",
    lambda name, hyper, c: hyper | ({"lr": hyper["lr"] * c} if grows(hyper) else {"eps": hyper["eps"] * c}),
    what="a learning rate times c",
    why="The change of the gradient was copied, not undone.",
    symptom="η goes the wrong way.",
    hint="The gradient is c times as large. What must η become, so that their product stays?",
)


@units(
    "comparison/units-velocities-stay",
    what="a change for SGD alone among the rules without a division",
    why="A velocity was thought to be free of units.",
    symptom="Momentum and Nesterov get their own numbers back.",
    hint="A velocity is a sum of steps. In which units are they?",
)
def units_velocities_stay(name, hyper, c):
    change = {"eps": hyper["eps"] * c} if "eps" in hyper else {}
    return hyper | ({"lr": hyper["lr"] / c} if name == "SGD" else change)


@units(
    "comparison/units-momentum-too",
    what="a momentum divided by c along with the learning rate",
    why="Every hyperparameter of the rule was changed.",
    symptom="μ / c in Momentum and Nesterov.",
    hint="μ says which share of a step survives. Does a share have units?",
)
def units_momentum_too(name, hyper, c):
    if not grows(hyper):
        return hyper | {"eps": hyper["eps"] * c}
    return {key: number / c for key, number in hyper.items()}


# ----------------------------------------------------------------------------------------- all pairs


def pulled(z, mean):
    """The slope of the mean of (z − t̄)² over the rows."""
    return 2 * (z - mean) / len(z)


pairing.value(
    "comparison/pairs-without-variance",
    lambda z, mean, variance: (np.mean((z - mean) ** 2), pulled(z, mean)),
    what="the loss of predictions that are compared with the mean target alone",
    why="Each difference was replaced by the one to the mean; how far the targets scatter was lost.",
    symptom="Too small by the variance; the slope is right.",
    hint="Let every prediction be the mean target. Is the mean of all squared differences zero then?",
)
pairing.value(
    "comparison/pairs-one-for-all",
    lambda z, mean, variance: ((z.mean() - mean) ** 2 + variance, pulled(z, mean)),
    what="the squared distance of the mean prediction from the mean target, plus the variance of the targets",
    why="The mean was taken before the square.",
    symptom="Too small by the variance of the predictions.",
    hint="Take predictions of −1 and 1 and targets of 0. Is your loss 0?",
)
pairing.value(
    "comparison/pairs-spread-added",
    lambda z, mean, variance: (np.mean((z - mean) ** 2) + np.sqrt(variance), pulled(z, mean)),
    what="a loss with the targets' standard deviation in place of their variance",
    why="“How far they scatter” was added without its square.",
    symptom="√var in place of var; the slope is right.",
    hint="In which units is your second term, and in which the first?",
)
pairing.value(
    "comparison/pairs-variance-counted-n-times",
    lambda z, mean, variance: (np.mean((z - mean) ** 2) + len(z) * variance, pulled(z, mean)),
    what="a loss in which the variance counts once for each row",
    why="The sum over the pairs was divided by n, not by n².",
    symptom="n times the variance.",
    hint="How many pairs are there, and by what is their sum divided?",
)
pairing.value(
    "comparison/pairs-summed",
    lambda z, mean, variance: (np.sum((z - mean) ** 2) + variance, len(z) * pulled(z, mean)),
    what="a sum over the predictions, with its slope",
    why="The mean over the predictions was left out.",
    symptom="The first term and the slope are n times as large.",
    hint="Give your function each prediction twice. Should the loss change?",
)
pairing.value(
    "comparison/pairs-slope-not-divided",
    lambda z, mean, variance: (np.mean((z - mean) ** 2) + variance, len(z) * pulled(z, mean)),
    what="the right loss, and a slope that is n times as large",
    why="The slope of one prediction's own mean was given; the loss is the mean over all predictions.",
    symptom="The slope times the number of rows.",
    hint="Compare your slope with a finite difference of your loss, as in lesson 00.",
)
pairing.value(
    "comparison/pairs-slope-of-the-mean",
    lambda z, mean, variance: (np.mean((z - mean) ** 2) + variance, np.full(z.shape, pulled(z, mean).mean())),
    what="the right loss, and one slope for all predictions: that of their mean",
    why="`np.mean` was taken of the slopes, too.",
    symptom="All entries of the slope are equal.",
    hint="A prediction below the mean target, and one above it: which way should each be pushed?",
)


# --------------------------------------------------------------------------------------- from the logit


def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def losses_of(z, t, weight, against=1.0):
    return weight * t * np.logaddexp(0, -z) + against * (1 - t) * np.logaddexp(0, z)


def slopes_of(z, t, weight, against=1.0):
    s = sigmoid(z)
    return against * s * (1 - t) - weight * t * (1 - s)


@logit(
    "comparison/logit-cut",
    what="a loss in which s is cut off just above 0 and just below 1",
    why="The infinite logarithm was avoided by cutting off, not by algebra.",
    symptom="Right near zero; far away the loss stops growing.",
    hint="Take z = −700 and t = 1. What should the loss be, and what is yours?",
)
def logit_cut(z, t, weight):
    s = np.clip(sigmoid(z), 1e-12, 1 - 1e-12)
    return np.mean(-weight * t * np.log(s) - (1 - t) * np.log(1 - s)), slopes_of(z, t, weight) / len(z)


@logit(
    "comparison/logit-overflows",
    what="a loss with the exponential of the logit in it, which is infinite where the logit is some hundreds",
    why="np.log(1 + np.exp(z)) is (3) with z alone, but in two operations, of which the first overflows.",
    symptom="Right near zero; an infinite loss far away.",
    hint="What is ln(1 + eᶻ) for z = 800, nearly? Which NumPy function adds exponentials under a logarithm?",
)
def logit_overflows(z, t, weight):
    with np.errstate(over="ignore"):
        losses = weight * t * np.log(1 + np.exp(-z)) + (1 - t) * np.log(1 + np.exp(z))
    return np.mean(losses), slopes_of(z, t, weight) / len(z)


logit.value(
    "comparison/logit-weight-on-all",
    lambda z, t, weight: (np.mean(weight * losses_of(z, t, 1.0)), weight * slopes_of(z, t, 1.0) / len(z)),
    what="a weight on every row's whole loss",
    why="The weight was put in front of the sum.",
    symptom="`weight` times the loss without it.",
    hint="Take t = 0. Should the weight matter then?",
)
logit.value(
    "comparison/logit-weight-on-negatives",
    lambda z, t, weight: (np.mean(losses_of(z, t, 1.0, weight)), slopes_of(z, t, 1.0, weight) / len(z)),
    what="a weight on the negatives",
    why="The two terms were taken for each other.",
    symptom="The weight stands before (1 − t).",
    hint="Take t = 0. Should the weight matter then?",
)
logit.value(
    "comparison/logit-slope-without-weight",
    lambda z, t, weight: (losses_of(z, t, weight).mean(), slopes_of(z, t, 1.0) / len(z)),
    what="the right loss, and the slope (s − t)/n of the loss without a weight",
    why="The slope is the well-known one.",
    symptom="The loss is right, the slope is not.",
    hint="Compare your slope with a finite difference of your loss, as in lesson 00.",
)
logit.value(
    "comparison/logit-slope-not-divided",
    lambda z, t, weight: (losses_of(z, t, weight).mean(), slopes_of(z, t, weight)),
    like="comparison/pairs-slope-not-divided",
    why="The slope of each row's own loss was given; the loss is their mean.",
)
logit.value(
    "comparison/logit-slope-upside-down",
    lambda z, t, weight: (losses_of(z, t, weight).mean(), -slopes_of(z, t, weight) / len(z)),
    what="the right loss, and the slope with the wrong sign",
    why="t − s in the place of s − t.",
    symptom="The slope is minus the expected one.",
    hint="Take t = 1 and a small z: should a larger z make the loss larger or smaller?",
)
logit.value(
    "comparison/logit-sum",
    lambda z, t, weight: (losses_of(z, t, weight).sum(), slopes_of(z, t, weight)),
    what="the sum over the rows, and its slope",
    why="The mean was left out of both.",
    symptom="Both are n times as large.",
    hint="Give your function each row twice. Should the loss change?",
)
logit.value(
    "comparison/logit-loss-not-averaged",
    lambda z, t, weight: (losses_of(z, t, weight).sum(), slopes_of(z, t, weight) / len(z)),
    what="a sum of the losses, with the slope of their mean",
    why="The mean was left out of the loss.",
    symptom="The loss is n times as large, the slope is right.",
    hint="Give your function each row twice. Should the loss change?",
)


# --------------------------------------------------------------------------------------- a turned valley


@turn(
    "comparison/turn-last-point",
    what="a comparison of the two last points alone",
    why="The end of a path is what one usually looks at.",
    symptom="Smaller than expected where the paths are farthest apart before their end.",
    hint="Must two paths be farthest apart at their end? At which steps do you compare them?",
)
def turn_last_point(make, gradient, start, angle, steps=30):
    Q, plain = matrix(angle), path_of(make(), gradient, start, steps)
    back = turned(make, gradient, start, steps, Q) @ Q
    return np.abs(back[-1] - plain[-1]).max() / way(plain)


@turn(
    "comparison/turn-by-last-way",
    what="the distance divided by how far the first path's last point lies from the start",
    why="“How far it gets” was taken for “where it ends”.",
    symptom="Larger than expected where the path turns back.",
    hint="A path overshoots and comes back: which of its points is the farthest from the start?",
)
def turn_by_last_way(make, gradient, start, angle, steps=30):
    Q, plain = matrix(angle), path_of(make(), gradient, start, steps)
    back = turned(make, gradient, start, steps, Q) @ Q
    return np.abs(back - plain).max() / np.abs(plain[-1] - plain[0]).max()


@turn(
    "comparison/turn-last-by-last",
    what="the distance of the two last points, divided by how far the last point lies from the start",
    why="Only the ends of the paths are looked at.",
    symptom="Right where nothing turns back, wrong where the path overshoots.",
    hint="A path overshoots and comes back: where is it farthest from its start, and from the other path?",
)
def turn_last_by_last(make, gradient, start, angle, steps=30):
    Q, plain = matrix(angle), path_of(make(), gradient, start, steps)
    back = turned(make, gradient, start, steps, Q) @ Q
    return np.abs(back[-1] - plain[-1]).max() / np.abs(plain[-1] - plain[0]).max()


@turn(
    "comparison/turn-start-stays",
    what="a turned valley with a start that is not turned",
    why="The function was turned; the start belongs to the problem, too.",
    symptom="SGD, which does not notice a turn, gets a gap that is not zero.",
    hint="Turn the page with the valley drawn on it: what turns along?",
)
def turn_start_stays(make, gradient, start, angle, steps=30):
    Q, plain = matrix(angle), path_of(make(), gradient, start, steps)
    return np.abs(turned(make, gradient, start, steps, Q, begin=start) @ Q - plain).max() / way(plain)


@turn(
    "comparison/turn-not-back",
    what="a turned path that is not turned back",
    why="The two paths are compared as they come.",
    symptom="Already the two starts are apart.",
    hint="Where do your two paths begin? By how much do they differ there?",
)
def turn_not_back(make, gradient, start, angle, steps=30):
    Q, plain = matrix(angle), path_of(make(), gradient, start, steps)
    return np.abs(turned(make, gradient, start, steps, Q) - plain).max() / way(plain)


@turn(
    "comparison/turn-back-again",
    what="a turned path that is turned once more in place of back",
    why="The points of a path are rows: Qᵀ times a column is the row times Q.",
    symptom="Already the two starts are apart, by twice the angle.",
    hint="Turn only the start, then turn it back: do you get it again? A path's points are rows.",
)
def turn_back_again(make, gradient, start, angle, steps=30):
    Q, plain = matrix(angle), path_of(make(), gradient, start, steps)
    return np.abs(turned(make, gradient, start, steps, Q) @ Q.T - plain).max() / way(plain)


@turn(
    "comparison/turn-other-way",
    what="a valley turned by −φ: Q and Qᵀ are swapped",
    why="The minus of the matrix stands in its other corner.",
    symptom="The gap expected of the opposite angle.",
    hint="Where does your Q take the point (1, 0) for a small angle: up, or down?",
)
def turn_other_way(make, gradient, start, angle, steps=30):
    Q, plain = matrix(-angle), path_of(make(), gradient, start, steps)
    return np.abs(turned(make, gradient, start, steps, Q) @ Q - plain).max() / way(plain)


@turn(
    "comparison/turn-gradient-swapped",
    what="the gradient Qᵀ ∇f(Qθ): Q and Qᵀ are swapped in it, while the start is turned by Q",
    why="Which of the two comes first is easily lost on the way through the chain rule.",
    symptom="SGD, which does not notice a turn, gets a gap that is not zero.",
    hint="At the turned start Qθ, at which point should f itself be looked at?",
)
def turn_gradient_swapped(make, gradient, start, angle, steps=30):
    Q, plain = matrix(angle), path_of(make(), gradient, start, steps)
    return np.abs(turned(make, gradient, start, steps, Q.T, begin=Q @ start) @ Q - plain).max() / way(plain)


@turn(
    "comparison/turn-gradient-stays",
    what="the gradient ∇f(Qᵀθ) without the Q in front of it",
    why="The chain rule's second factor was left out.",
    symptom="SGD, which does not notice a turn, gets a gap that is not zero.",
    hint="Differentiate f(Qᵀθ) by the chain rule: which factor comes from the inner function?",
)
def turn_gradient_stays(make, gradient, start, angle, steps=30):
    Q, plain = matrix(angle), path_of(make(), gradient, start, steps)
    path = path_of(make(), lambda theta: gradient(Q.T @ theta), Q @ start, steps)
    return np.abs(path @ Q - plain).max() / way(plain)


@turn(
    "comparison/turn-one-rule",
    what="one rule object for both paths: the second one begins with the memory of the first",
    why="`make()` is called once.",
    symptom="A rule without a memory gets the right number, every other a wrong one.",
    hint="What does your rule remember when its second path begins?",
)
def turn_one_rule(make, gradient, start, angle, steps=30):
    Q, rule = matrix(angle), make()
    plain = path_of(rule, gradient, start, steps)
    return np.abs(turned(lambda: rule, gradient, start, steps, Q) @ Q - plain).max() / way(plain)


@turn(
    "comparison/turn-rows-of-one-array",
    what="paths whose rows are all the same array: `walk` keeps no copies",
    why="The gap is right; the walk below it gives each path's last point as all of its rows.",
    symptom="Infinite: no path gets away from its first row.",
    hint='Your gap may be right. Does check("comparison/six-rules", path_of) pass?',
)
def turn_rows_of_one_array(make, gradient, start, angle, steps=30):
    Q, plain = matrix(angle), points(make(), gradient, start, steps, entry=itself)
    back = points(make(), lambda theta: Q @ gradient(Q.T @ theta), Q @ start, steps, entry=itself)
    with np.errstate(divide="ignore"):
        return np.abs(np.array(back) @ Q - plain).max() / way(np.array(plain))


@turn(
    "comparison/turn-starts-at-the-end",
    what="a second path whose start is the turned end of the first one",
    why="`walk` changes the array `start` itself, because it made no copy of it.",
    symptom="The second path's first point, turned back, is the first path's last one.",
    hint="Print `start` before and after your first path. Does `walk` make an array of its own?",
)
def turn_starts_at_the_end(make, gradient, start, angle, steps=30):
    Q, plain = matrix(angle), path_of(make(), gradient, start, steps)
    start[:] = plain[-1]
    return np.abs(turned(make, gradient, start, steps, Q) @ Q - plain).max() / way(plain)
