"""Known mistakes in running a rule, and in measuring what it does not notice."""

import numpy as np

import descentlab.rules
from descentlab.exercises.catalogue import MistakesOf

walk = MistakesOf("comparison/six-rules")
scale = MistakesOf("comparison/scale-gap")
turn = MistakesOf("comparison/rotation-gap")


def points(rule, gradient, start, steps, kept=np.copy):
    """The path as a list: `kept` makes each entry of the parameters' array."""
    params = {"theta": np.array(start, dtype=float)}
    path = [kept(params["theta"])]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(kept(params["theta"]))
    return path


def path_of(rule, gradient, start, steps):
    return np.array(points(rule, gradient, start, steps))


def itself(array):
    return array


def way(path):
    """The farthest that any coordinate gets from its start."""
    return np.abs(path - path[0]).max()


def both(make, gradient, start, c, steps):
    """The paths with the loss f and c f."""
    plain = path_of(make(), gradient, start, steps)
    return plain, path_of(make(), lambda theta: c * gradient(theta), start, steps)


def matrix(angle):
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin], [sin, cos]])


def turned(make, gradient, start, steps, Q, begin=None):
    """The path on f(Qᵀθ), not turned back."""
    begin = Q @ start if begin is None else begin
    return path_of(make(), lambda theta: Q @ gradient(Q.T @ theta), begin, steps)


# ------------------------------------------------------------------------------------------------ walk


@walk(
    "comparison/no-copies",
    what="a path whose rows are all the same array: each shows the last point",
    why='`path.append(params["theta"])` keeps the array that the rule goes on changing.',
    symptom="Every row of every path is the last point.",
    hint="Your six rules may be right. What does your list in `walk` hold: points, or one array many times?",
)
def no_copies(name, hyper, gradient, start, steps):
    rule = getattr(descentlab.rules, name)(**hyper)
    return np.array(points(rule, gradient, start, steps, kept=itself))


@walk(
    "comparison/start-not-copied",
    what="a path whose first row moves along with the parameters: it shows the last point",
    why="The later points are copied; the start is put into the list as it is.",
    symptom="The first row is the last point, the others are right.",
    hint="Your six rules may be right. Who else writes into the array that `walk` puts first into its list?",
)
def start_not_copied(name, hyper, gradient, start, steps):
    path = path_of(getattr(descentlab.rules, name)(**hyper), gradient, start, steps)
    path[0] = path[-1]
    return path


@walk(
    "comparison/no-start",
    what="a path without its start",
    why="Only what follows an update is kept.",
    symptom="One row too few; the first one is the point after the first step.",
    hint="How many points has a path of one step?",
)
def no_start(name, hyper, gradient, start, steps):
    return path_of(getattr(descentlab.rules, name)(**hyper), gradient, start, steps)[1:]


@walk(
    "comparison/start-of-whole-numbers",
    what="a walk in an array of whole numbers",
    why="`np.array(start)` takes its dtype from the numbers it is given, and 3 is an integer.",
    symptom="An exception where the start is a tuple of integers; right everywhere else.",
    hint="What is the dtype of the array that `walk` makes from (3, 1, 2)? Can it hold 2.7?",
    group="error/integer-state",
)
def start_of_whole_numbers(name, hyper, gradient, start, steps):
    rule, params = getattr(descentlab.rules, name)(**hyper), {"theta": np.array(start)}
    path = [params["theta"].copy()]
    for _ in range(steps):
        rule.update(params, {"theta": gradient(params["theta"])})
        path.append(params["theta"].copy())
    return np.array(path)


# ----------------------------------------------------------------------------------------- other units


@scale(
    "comparison/scale-last-point",
    what="a comparison of the two last points alone",
    why="The end of a path is what one usually looks at.",
    symptom="Smaller than expected where the paths are farthest apart before their end.",
    hint="Must two paths be farthest apart at their end? At which steps do you compare them?",
)
def scale_last_point(make, gradient, start, c, steps=30):
    plain, scaled = both(make, gradient, start, c, steps)
    return np.abs(scaled[-1] - plain[-1]).max() / way(plain)


@scale(
    "comparison/scale-by-last-way",
    what="the distance divided by how far the first path's last point lies from the start",
    why="“How far it gets” was taken for “where it ends”.",
    symptom="Larger than expected where the path turns back.",
    hint="A path overshoots and comes back: which of its points is the farthest from the start?",
)
def scale_by_last_way(make, gradient, start, c, steps=30):
    plain, scaled = both(make, gradient, start, c, steps)
    return np.abs(scaled - plain).max() / np.abs(plain[-1] - plain[0]).max()


@scale(
    "comparison/scale-last-by-last",
    what="the distance of the two last points, divided by how far the last point lies from the start",
    why="Only the ends of the paths are looked at.",
    symptom="Right where nothing turns back, wrong where the path overshoots.",
    hint="A path overshoots and comes back: where is it farthest from its start, and from the other path?",
)
def scale_last_by_last(make, gradient, start, c, steps=30):
    plain, scaled = both(make, gradient, start, c, steps)
    return np.abs(scaled[-1] - plain[-1]).max() / np.abs(plain[-1] - plain[0]).max()


@scale(
    "comparison/scale-not-divided",
    what="the distance of the two paths, divided by nothing",
    why="The last half of the sentence that defines the gap was left out.",
    symptom="The gap times the way of the first path.",
    hint="Is your distance large or small? Compared with what?",
)
def scale_not_divided(make, gradient, start, c, steps=30):
    plain, scaled = both(make, gradient, start, c, steps)
    return np.abs(scaled - plain).max()


@scale(
    "comparison/scale-inside",
    what="the gradient taken at cθ, in place of c times the gradient at θ",
    why="On a bowl both are the same.",
    symptom="Right on every bowl, wrong where the gradient is not linear.",
    hint="Which is multiplied by c: the loss, or the place where you look at it?",
)
def scale_inside(make, gradient, start, c, steps=30):
    plain = path_of(make(), gradient, start, steps)
    return np.abs(path_of(make(), lambda theta: gradient(c * theta), start, steps) - plain).max() / way(plain)


@scale(
    "comparison/scale-one-rule",
    what="one rule object for both paths: the second one begins with the memory of the first",
    why="`make()` is called once.",
    symptom="A rule without a memory gets the right number, every other a wrong one.",
    hint="What does your rule remember when its second path begins?",
)
def scale_one_rule(make, gradient, start, c, steps=30):
    rule = make()
    plain = path_of(rule, gradient, start, steps)
    scaled = path_of(rule, lambda theta: c * gradient(theta), start, steps)
    return np.abs(scaled - plain).max() / way(plain)


@scale(
    "comparison/scale-starts-at-the-end",
    what="a second path that begins where the first one ended",
    why="`walk` changes the array `start` itself, because it made no copy of it.",
    symptom="The second path's first point is the first path's last one.",
    hint="Print `start` before and after your first path. Does `walk` make an array of its own?",
)
def scale_starts_at_the_end(make, gradient, start, c, steps=30):
    plain = path_of(make(), gradient, start, steps)
    start[:] = plain[-1]
    scaled = path_of(make(), lambda theta: c * gradient(theta), start, steps)
    start[:] = scaled[-1]
    return np.abs(scaled - plain).max() / way(plain)


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
