"""Known mistakes in Adam that two names of one array make."""

from descentlab.exercises.adam.mistakes import CorrectAdam
from descentlab.exercises.catalogue import MistakesOf

mistake = MistakesOf("adam/update")
NO_COPY = "`m_hat = self.m[k]` makes no copy. Print self.m after a call: is it still the average?"


@mistake(
    "adam/hats-in-place",
    what="Adam that divides m and v themselves, where it should make m̂ and v̂ of them",
    why="`m_hat = self.m[k]` gives the array a second name; `m_hat /= …` changes it under both.",
    symptom="The first call is right, later ones only for the scalar, whose `/=` makes a new number.",
    hint=NO_COPY,
    group="adam/stores-the-hats",
)
class HatsInPlace(CorrectAdam):
    def hats(self, k):
        m_hat = self.m[k]
        m_hat /= 1 - self.b1**self.t
        v_hat = self.v[k]
        v_hat /= 1 - self.b2**self.t
        return m_hat, v_hat


@mistake(
    "adam/m-hat-in-place",
    like="adam/hats-in-place",
    what="Adam that divides m itself, where it should make m̂ of it",
    group="adam/stores-m-hat",
)
class MHatInPlace(CorrectAdam):
    def hats(self, k):
        m_hat = self.m[k]
        m_hat /= 1 - self.b1**self.t
        return m_hat, self.v[k] / (1 - self.b2**self.t)


@mistake(
    "adam/v-hat-in-place",
    what="Adam that divides v itself, where it should make v̂ of it",
    why="`v_hat = self.v[k]` gives the array a second name; `v_hat /= …` changes it under both.",
    symptom="The first call is right, later ones only for the scalar, whose `/=` makes a new number.",
    hint="`v_hat = self.v[k]` makes no copy. Print self.v after a call: is it still the average?",
    group="adam/stores-v-hat",
)
class VHatInPlace(CorrectAdam):
    def hats(self, k):
        v_hat = self.v[k]
        v_hat /= 1 - self.b2**self.t
        return self.m[k] / (1 - self.b1**self.t), v_hat


@mistake(
    "adam/one-memory",
    what="Adam whose m and v are two names of one memory",
    why="`self.m = self.v = {}` makes one dict; `self.m[k] = self.v[k] = zeros` makes one array.",
    symptom="m̂ is made of v, and v of m: NaN wherever (1 − β₁) β₂ g + (1 − β₂) g² is negative.",
    hint="Print `self.m is self.v`, and `self.m[k] is self.v[k]`. Are they two things, or two names of one?",
)
class OneMemory(CorrectAdam):
    def __init__(self, lr, beta1, beta2, eps):
        super().__init__(lr, beta1, beta2, eps)
        self.m = self.v = {}
