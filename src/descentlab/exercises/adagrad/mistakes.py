"""Known mistakes in AdaGrad."""

import numpy as np

from descentlab.exercises.catalogue import MistakesOf

mistake = MistakesOf("adagrad/update")
hindsight = MistakesOf("adagrad/hindsight")
lemma = MistakesOf("adagrad/lemma")
steps = MistakesOf("adagrad/steps")
surprise = MistakesOf("adagrad/surprise")

mistake.section("04-adagrad, without hindsight", "last-square", "is-rmsprop", "fades")


class CorrectAdaGrad:
    """`sum` gives the new h of a key, `step` what is taken from the parameter."""

    def __init__(self, lr, eps):
        self.lr, self.eps, self.h = lr, eps, {}

    def update(self, params, grads):
        for k in params:
            h = self.h.get(k, np.zeros_like(params[k]))
            self.h[k] = self.sum(h, grads[k])
            params[k] -= self.step(grads[k], self.h[k])

    def sum(self, h, g):
        return h + g**2

    def step(self, g, h):
        return self.lr * g / (np.sqrt(h) + self.eps)


@mistake(
    "adagrad/no-root",
    what="AdaGrad without the square root",
    why="h is called “the sum of squares”, and the division seems to be what was asked for.",
    symptom="The first step is η/g in place of η.",
    hint=(
        "Make g ten times larger. How many times larger is g/h then, and what should the step of the "
        "formula be?"
    ),
    experiment="ten times the gradients",
)
class NoRoot(CorrectAdaGrad):
    def step(self, g, h):
        return self.lr * g / (h + self.eps)


@mistake(
    "adagrad/not-squared",
    what="AdaGrad that sums the gradients, not their squares",
    why="“The sum of all gradients so far”, without the square.",
    symptom="NaN wherever the sum is negative.",
    hint="Can your h become negative?",
)
class NotSquared(CorrectAdaGrad):
    def sum(self, h, g):
        return h + g


@mistake(
    "adagrad/last-square-only",
    what="AdaGrad without a sum: h is the last square alone",
    why="`=` for `+=`.",
    symptom="The first call is right; every later step has the size η.",
    hint="What does the second call know of the first?",
)
class LastSquareOnly(CorrectAdaGrad):
    def sum(self, h, g):
        return g**2


@mistake(
    "adagrad/one-sum-a-call",
    what="AdaGrad with one number for all arrays, started again at each call",
    why="A local `h = 0` that grows from key to key.",
    symptom="The first array is divided by its own norm, the next by that of both.",
    hint="Which coordinates share a denominator, and for how long does it live?",
)
class OneSumACall(CorrectAdaGrad):
    def update(self, params, grads):
        h = 0.0
        for k in params:
            h += np.sum(grads[k] ** 2)
            params[k] -= self.step(grads[k], h)


@mistake(
    "adagrad/one-sum-an-array",
    what="AdaGrad with one sum for each array in place of one for each coordinate",
    why="`np.sum` for the word “sum”.",
    symptom="All coordinates of an array share one rate; the scalar is right.",
    hint="Two entries of one array: may they have different rates?",
)
class OneSumAnArray(CorrectAdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h[k] = self.h.get(k, 0.0) + np.sum(grads[k] ** 2)
            params[k] -= self.step(grads[k], self.h[k])


@mistake(
    "adagrad/one-sum-for-all",
    what="AdaGrad with one sum for all arrays together",
    why="“The norm of the gradient” is taken over everything.",
    symptom="All coordinates of all arrays share one rate.",
    hint="Is the denominator there for each coordinate?",
)
class OneSumForAll(CorrectAdaGrad):
    def update(self, params, grads):
        self.h = (self.h or 0.0) + sum(np.sum(g**2) for g in grads.values())
        for k in params:
            params[k] -= self.step(grads[k], self.h)


@mistake(
    "adagrad/divides-first",
    what="AdaGrad that divides by the sum before this gradient is in it",
    why="The two lines stand in the other order.",
    symptom="The first step is η g/ε, which is huge.",
    hint="What is the denominator on call one?",
)
class DividesFirst(CorrectAdaGrad):
    def update(self, params, grads):
        for k in params:
            h = self.h.get(k, np.zeros_like(params[k]))
            params[k] -= self.step(grads[k], h)
            self.h[k] = self.sum(h, grads[k])


@mistake(
    "adagrad/eps-inside",
    what="AdaGrad with ε inside the root",
    why="Many texts print √(h + ε); with ε = 10⁻⁸ no one can see the difference.",
    symptom="Right with a tiny ε, off by a few per cent with ε = 0.1 (by more where gradients are small), "
    "and by a factor for gradients of 10⁻⁹.",
    hint="Try gradients of 1e-9; compare the first step with η. Where does this lesson's formula have ε?",
    experiment="gradients of 1e-9",
)
class EpsInside(CorrectAdaGrad):
    def step(self, g, h):
        return self.lr * g / np.sqrt(h + self.eps)


@mistake(
    "adagrad/no-eps",
    what="AdaGrad without ε",
    why="“A small number for stability” seems to be optional.",
    symptom="NaN while the gradient has been zero throughout: 0/0.",
    hint="Call update once with a gradient of zeros. What is your step there, and what should it be?",
    experiment="gradients of zero",
)
class NoEps(CorrectAdaGrad):
    def step(self, g, h):
        return self.lr * g / np.sqrt(h)


@mistake(
    "adagrad/is-rmsprop",
    what="RMSprop with a decay of 0.9, the rule of another lesson",
    why="The sum was written as a moving average.",
    symptom="The first step is √10 times the expected one.",
    hint="Does what you keep decay? Should it?",
)
class IsRMSprop(CorrectAdaGrad):
    def sum(self, h, g):
        return 0.9 * h + 0.1 * g**2


@mistake(
    "adagrad/stores-the-root",
    what="AdaGrad that stores the root √h in h",
    why="The root was taken in the line of h, to save writing it below.",
    symptom="The first call is right; at the second a root and a square are added.",
    hint="What is in h after call two: a sum, or something else?",
)
class StoresTheRoot(CorrectAdaGrad):
    def sum(self, h, g):
        return np.sqrt(h + g**2)

    def step(self, g, h):
        return self.lr * g / (h + self.eps)


@mistake(
    "adagrad/rate-in-the-sum",
    what="AdaGrad that sums the squares of η g",
    why="The step η g was computed first and then squared.",
    symptom="Steps are 1/η times the expected ones: the rate cancels.",
    hint="Make η ten times larger: does the step change?",
    experiment="ten times the rate",
)
class RateInTheSum(CorrectAdaGrad):
    def sum(self, h, g):
        return h + (self.lr * g) ** 2


@mistake(
    "adagrad/starts-at-one",
    what="AdaGrad whose sum starts at one",
    why="`ones_like` for `zeros_like`, to avoid a division by zero.",
    symptom="The first step is η g/√(1 + g²), small for small gradients.",
    hint="How large is the first step for a gradient of 1e-3?",
    experiment="one gradient of 1e-3",
)
class StartsAtOne(CorrectAdaGrad):
    def update(self, params, grads):
        for k in params:
            self.h.setdefault(k, np.ones_like(params[k]))
        super().update(params, grads)


@mistake(
    "adagrad/eps-in-the-sum",
    what="AdaGrad that adds ε to h at each call",
    why="ε was put where the square is added, and so it piles up.",
    symptom="Right with a tiny ε; with ε = 0.1 the sum holds t ε after t calls.",
    hint="How much ε is in h after a thousand calls?",
)
class EpsInTheSum(CorrectAdaGrad):
    def sum(self, h, g):
        return h + (g**2 + self.eps)

    def step(self, g, h):
        return self.lr * g / np.sqrt(h)


@mistake(
    "adagrad/no-brackets",
    what="AdaGrad with ε outside the division, because brackets are missing",
    why="`lr * g / np.sqrt(h) + eps` reads like the formula and is computed otherwise.",
    symptom="Every parameter moves by an extra ε; NaN while the gradient has been zero.",
    hint="Read the line as Python does: what is ε added to?",
)
class NoBrackets(CorrectAdaGrad):
    def step(self, g, h):
        return self.lr * g / np.sqrt(h) + self.eps


@mistake(
    "adagrad/mean-of-squares",
    what="AdaGrad with the mean of the squares in place of their sum",
    why="“Mean square” is the name of a relative of this rule.",
    symptom="The first call is right; call t is √t times the expected step.",
    hint="With a steady gradient, do your steps shrink?",
    experiment="the same gradient always",
)
class MeanOfSquares(CorrectAdaGrad):
    calls = 0

    def update(self, params, grads):
        self.calls += 1
        super().update(params, grads)

    def step(self, g, h):
        return self.lr * g / (np.sqrt(h / self.calls) + self.eps)


@mistake(
    "adagrad/sums-sizes",
    what="AdaGrad that sums |g| and divides by the sum",
    why="√(g²) is |g|, but the root of a sum is not the sum of the roots.",
    symptom="The first call is right; later steps are too small.",
    hint="Compare 3 + 4 with √(3² + 4²).",
)
class SumsSizes(CorrectAdaGrad):
    def sum(self, h, g):
        return h + np.abs(g)

    def step(self, g, h):
        return self.lr * g / (h + self.eps)


@mistake(
    "adagrad/uphill",
    what="AdaGrad with steps in the opposite direction",
    why="The gradient points uphill, and `+=` is the first thing that comes to mind for an update.",
    symptom="Every step is −1 times the expected one.",
    hint="Print the loss before and after one small step: which way did it go?",
    experiment="one call",
)
class Uphill(CorrectAdaGrad):
    def step(self, g, h):
        return -self.lr * g / (np.sqrt(h) + self.eps)


@mistake(
    "adagrad/sums-columns",
    what="AdaGrad whose squares are summed along the first axis, one number for a column",
    why="`np.sum(g**2, axis=0)`: the sum of (7) is one over the calls, and not over an array.",
    symptom="The scalar is right; a matrix has one h for each column, a vector one h in all.",
    hint="Does the sum of (7) run over the calls, or over the entries of one array? Print the shape of h.",
)
class SumsColumns(CorrectAdaGrad):
    def sum(self, h, g):
        return h + np.sum(g**2, axis=0)


@hindsight(
    "adagrad/scales-without-the-total",
    what="the lengths Gᵢ themselves, not scaled to the sum that is asked for",
    why="Proportional was enough for the proof.",
    symptom="The scales do not sum to `total`.",
    hint="What is the sum of your scales, and what should it be?",
)
def scales_without_the_total(gradients, total):
    return np.linalg.norm(gradients, axis=0)


@hindsight(
    "adagrad/scales-times-the-total",
    what="`total` times the lengths Gᵢ, not divided by their sum",
    why="The factor was put in and the old sum was not taken out.",
    symptom="The scales sum to `total` times the sum of the lengths.",
    hint="What is the sum of your scales, and what should it be?",
)
def scales_times_the_total(gradients, total):
    return total * np.linalg.norm(gradients, axis=0)


@hindsight(
    "adagrad/scales-by-squares",
    what="scales proportional to Gᵢ², without the root",
    why="Gᵢ² stands in the cost, Gᵢ in the condition for equality.",
    symptom="The ratios of the scales are the squares of the right ones.",
    hint="Equality holds where the two factors are proportional: which power of Gᵢ follows?",
)
def scales_by_squares(gradients, total):
    return total * np.sum(gradients**2, axis=0) / np.sum(gradients**2)


@hindsight(
    "adagrad/scales-by-sizes",
    what="scales proportional to the sum of sizes |g|, not to the root of the sum of squares",
    why="Length was taken for the sum of the entries.",
    symptom="A few percent off; rarely seen coordinates get too little.",
    hint="How is Gᵢ defined in (3)?",
)
def scales_by_sizes(gradients, total):
    sizes = np.abs(gradients).sum(axis=0)
    return total * sizes / sizes.sum()


@hindsight(
    "adagrad/scales-inverse",
    what="scales proportional to 1/Gᵢ",
    why="Large gradients should get small steps; but the scale divides already.",
    symptom="The coordinate with the largest gradients gets the smallest scale.",
    hint="In (1) a scale divides. Should a coordinate with large gradients have a large one or a small one?",
)
def scales_inverse(gradients, total):
    inverse = 1 / np.linalg.norm(gradients, axis=0)
    return total * inverse / inverse.sum()


@hindsight(
    "adagrad/scales-over-the-length",
    what="the lengths Gᵢ divided by the length of all of them together, not by their sum",
    why="“Normalise” was taken as “to length one”.",
    symptom="The squares of the scales sum to `total`².",
    hint="What is the sum of your scales, and what should it be?",
)
def scales_over_the_length(gradients, total):
    return total * np.linalg.norm(gradients, axis=0) / np.linalg.norm(gradients)


def summands(g):
    """gₜ²/√Sₜ, 0 for as long as all is zero; and S."""
    S = np.cumsum(g**2)
    return np.where(S > 0, g**2 / np.sqrt(np.where(S > 0, S, 1.0)), 0.0), S


@lemma(
    "adagrad/lemma-not-divided",
    what="the left side of (5), not divided by √S_T",
    why="The sum was written and the ratio forgotten.",
    symptom="Off by √S_T.",
    hint="The lemma bounds your sum by what? And which ratio is at most 2?",
)
def lemma_not_divided(g):
    return np.sum(summands(g)[0])


@lemma(
    "adagrad/lemma-over-the-sum",
    what="the left side of (5) divided by S_T, without the root",
    why="S_T was at hand.",
    symptom="Multiply g by 10: the ratio becomes a tenth.",
    hint="Multiply all gradients by 10. May the ratio change?",
)
def lemma_over_the_sum(g):
    result, S = summands(g)
    return np.sum(result) / S[-1]


@lemma(
    "adagrad/lemma-one-sum",
    what="every g² divided by the root of the whole sum, not of the sum so far",
    why="`np.sum` in place of `np.cumsum`: a prophet's sum.",
    symptom="1 for every sequence.",
    hint="What is known of S at round t?",
)
def lemma_one_sum(g):
    return np.sum(g**2 / np.sqrt(np.sum(g**2))) / np.sqrt(np.sum(g**2))


@lemma(
    "adagrad/lemma-sum-before",
    what="every g² divided by the root of the sum before it",
    why="The sum is added to after it is used.",
    symptom="Above 2 where the sequence grows.",
    hint="Is this round's gradient part of Sₜ?",
)
def lemma_sum_before(g):
    S = total = 0.0
    for entry in g:
        if S > 0:
            total += entry**2 / np.sqrt(S)
        S += entry**2
    return total / np.sqrt(S)


@lemma(
    "adagrad/lemma-zero-over-zero",
    what="a sum that is NaN where the first gradients are zero: 0/0",
    why="The case was not thought of.",
    symptom="Right where the first gradient is not zero, NaN else.",
    hint="What does a summand count while all gradients so far are zero?",
)
def lemma_zero_over_zero(g):
    S = np.cumsum(g**2)
    with np.errstate(invalid="ignore"):
        return np.sum(g**2 / np.sqrt(S)) / np.sqrt(S[-1])


@lemma(
    "adagrad/lemma-with-eps",
    what="a denominator √S + 10⁻⁸, made so to keep away from 0/0",
    why="The rule has an ε there.",
    symptom="Right to seven digits.",
    hint="Can the summands that are 0/0 be left out, and the others stay exact?",
)
def lemma_with_eps(g):
    S = np.cumsum(g**2)
    return np.sum(g**2 / (np.sqrt(S) + 1e-8)) / np.sqrt(S[-1])


@lemma(
    "adagrad/lemma-size-on-top",
    what="summands |g|/√S, with the size of the gradient in place of its square",
    why="The square was taken for S, and not again on top.",
    symptom="Multiply g by 10: the ratio becomes a tenth.",
    hint="Multiply all gradients by 10. May the ratio change?",
)
def lemma_size_on_top(g):
    S = np.cumsum(g**2)
    return np.sum(np.abs(g[S > 0]) / np.sqrt(S[S > 0])) / np.sqrt(S[-1])


@lemma(
    "adagrad/lemma-gradient-on-top",
    what="summands g/√S, with the gradient in place of its square",
    why="The step of the rule was summed.",
    symptom="Negative for some sequences.",
    hint="Can a summand of (5) be negative?",
)
def lemma_gradient_on_top(g):
    S = np.cumsum(g**2)
    return np.sum(g[S > 0] / np.sqrt(S[S > 0])) / np.sqrt(S[-1])


@lemma(
    "adagrad/lemma-summands-without-root",
    what="summands g²/S, without the root",
    why="The root was taken of S_T alone.",
    symptom="Multiply g by 10: the ratio becomes a tenth.",
    hint="Multiply all gradients by 10. May the ratio change?",
)
def lemma_summands_without_root(g):
    S = np.cumsum(g**2)
    return np.sum(g[S > 0] ** 2 / S[S > 0]) / np.sqrt(S[-1])


@lemma(
    "adagrad/lemma-square-of-the-sum",
    what="S made as the square of a sum, not as a sum of squares",
    why="`np.cumsum(g)**2` for `np.cumsum(g**2)`.",
    symptom="Far above 2 where the signs change.",
    hint="For the gradients 1 and −1: what is S after two rounds, and what is yours?",
)
def lemma_square_of_the_sum(g):
    S = np.cumsum(g) ** 2
    return np.sum(g[S > 0] ** 2 / np.sqrt(S[S > 0])) / np.sqrt(S[-1])


@lemma(
    "adagrad/lemma-positive-only",
    what="the summands of positive gradients alone",
    why="`g > 0` was to leave out the zeros.",
    symptom="Right where no gradient is negative.",
    hint="Is there a summand for a negative gradient?",
)
def lemma_positive_only(g):
    S = np.cumsum(g**2)
    return np.sum(g[g > 0] ** 2 / np.sqrt(S[g > 0])) / np.sqrt(S[-1])


@lemma(
    "adagrad/lemma-is-two",
    what="the bound 2 itself, whatever the gradients",
    why="The lemma says “at most 2”.",
    symptom="2 for every sequence.",
    hint="Which line of yours looks at g?",
)
def lemma_is_two(g):
    return 2.0


def positions(rule, gradients):
    """θ at the start and after each call."""
    params = {"theta": np.zeros(gradients.shape[1])}
    path = [params["theta"].copy()]
    for g in gradients:
        rule.update(params, {"theta": g.copy()})
        path.append(params["theta"].copy())
    return np.array(path)


@steps(
    "adagrad/places-not-moves",
    what="the places of θ after each call, not its moves",
    why="The path was collected and returned as it is.",
    symptom="The first row is right, the others are sums.",
    hint="From what to what is the move of call 2?",
)
def places_not_moves(rule, gradients):
    return positions(rule, gradients)[1:]


@steps(
    "adagrad/places-not-copied",
    what="a list that holds the same array again and again, without copies",
    why="Appending an array appends a name of it, not its numbers.",
    symptom="All zero for rules that change the array; right for those that make a new one.",
    hint="After the last call, what do the entries of your list hold?",
)
def places_not_copied(rule, gradients):
    params = {"theta": np.zeros(gradients.shape[1])}
    path = [params["theta"]]
    for g in gradients:
        rule.update(params, {"theta": g})
        path.append(params["theta"])
    return np.diff(path, axis=0)


@steps(
    "adagrad/one-array-watched",
    what="an instrument that watches one array, and not what `params` holds after each call",
    why="The array was named before the loop and read under that name.",
    symptom="All zero for rules that make a new array; right for those that change it in place.",
    hint="Where does a rule put its new array, if it makes one?",
)
def one_array_watched(rule, gradients):
    theta = np.zeros(gradients.shape[1])
    params, path = {"theta": theta}, [theta.copy()]
    for g in gradients:
        rule.update(params, {"theta": g})
        path.append(theta.copy())
    return np.diff(path, axis=0)


surprise.value(
    "adagrad/surprise-sum-before",
    10 / np.sqrt(100),
    what="η itself: the root taken before the 10 is in the sum",
    why="(8) was used before (7).",
    symptom="10/√100 = 1.",
    hint="Which comes first, (7) or (8)? What is in h when the root is taken?",
)
surprise.value(
    "adagrad/surprise-one-square",
    10 / np.sqrt(101),
    what="a sum with one square of 1, not a hundred",
    why="The gradient is the same a hundred times, and so it was counted once.",
    symptom="10/√101.",
    hint="How many squares are in h before the surprise?",
)
surprise.value(
    "adagrad/surprise-not-squared",
    10 / np.sqrt(110),
    what="a sum to which 10 was added, not its square",
    why="100 is at hand already, and 10 is added to it.",
    symptom="10/√110.",
    hint="What does (7) add to h: the gradient, or what of it?",
)
surprise.value(
    "adagrad/surprise-without-root",
    10 / 200,
    what="a step divided by h, without the root",
    why="(7) ends in a sum, and the sum was used.",
    symptom="10/200.",
    hint="Multiply all gradients by 10. May the step, in units of η, change?",
)
surprise.value(
    "adagrad/surprise-sums-sizes",
    10 / 110,
    what="a step divided by the sum of the sizes",
    why="100 times 1, and 10 more.",
    symptom="10/110.",
    hint="Compare 3 + 4 with √(3² + 4²): which of them does (8) divide by?",
)
surprise.value(
    "adagrad/surprise-is-steady",
    1 / np.sqrt(200),
    what="the step of a gradient of 1, with the surprise in the sum",
    why="The numerator was forgotten.",
    symptom="1/√200.",
    hint="Two things in (8) know of the 10. Which one does not, in yours?",
)
surprise.value(
    "adagrad/surprise-no-surprise",
    1 / np.sqrt(101),
    what="the step of one more gradient of 1",
    why="A steady slope was continued.",
    symptom="1/√101.",
    hint="Where does the 10 enter your number?",
)
surprise.value(
    "adagrad/surprise-call-before",
    1 / np.sqrt(100),
    what="the step before the surprise",
    why="Step 100 was taken for the one after it.",
    symptom="1/√100.",
    hint="Where does the 10 enter your number?",
)
surprise.value(
    "adagrad/surprise-one-too-few",
    10 / np.sqrt(199),
    what="a sum with 99 squares of 1",
    why="The calls were counted from zero.",
    symptom="10/√199.",
    hint="How many gradients of 1 came before the surprise? And have you given three digits?",
)
surprise.value(
    "adagrad/surprise-turned-over",
    np.sqrt(200) / 10,
    what="the root over the gradient, in place of the gradient over the root",
    why="Numerator and denominator changed places.",
    symptom="√200/10.",
    hint="A larger gradient, and the same h: does your step grow?",
)
surprise.value(
    "adagrad/surprise-with-a-sign",
    -10 / np.sqrt(200),
    what="a right number with a minus",
    why="The step goes downhill.",
    symptom="−0.707.",
    hint="Which sign does the question ask for?",
)
