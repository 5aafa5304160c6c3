"""Rules as students write them: a class to build on, and rows of wrong rules with what their verdict says."""

from dataclasses import dataclass

from descentlab.judging import run


class Rule:
    """A student's class: every hyperparameter by its name, and empty memory."""

    def __init__(self, lr, **hyper):
        self.lr, self.t = lr, 0
        self.m, self.v, self.h = {}, {}, {}
        vars(self).update(hyper)

    def velocity(self, k, g):
        self.v[k] = self.momentum * self.v.get(k, 0.0) - self.lr * g
        return self.v[k]

    def averages(self, k, g):
        self.m[k] = self.beta1 * self.m.get(k, 0.0) + (1 - self.beta1) * g
        self.v[k] = self.beta2 * self.v.get(k, 0.0) + (1 - self.beta2) * g**2
        return self.m[k], self.v[k]

    def hats(self, k, g):
        m, v = self.averages(k, g)
        return m / (1 - self.beta1**self.t), v / (1 - self.beta2**self.t)


def rule(update, **more):
    """The class with this `update`."""
    return type(update.__name__, (Rule,), {"update": update, **more})


@dataclass(frozen=True)
class Row:
    """A wrong answer, its mistake's id (a whole one, or the beginning up to a slash) and words of its verdict."""

    check: str
    answer: object
    says: tuple[str, ...]
    id: str | None
    never: tuple[str, ...]

    def require(self, seed: int) -> None:
        """Judge the answer, and compare what the student reads with the row."""
        verdict = run(self.check, self.answer, seed)
        said = " ".join([verdict.cause, verdict.numbers, *verdict.facts, verdict.hint])
        assert not verdict.passed
        assert verdict.hint
        assert verdict.notes == ()
        assert verdict.mistake == self.id or (self.id or "").endswith("/")
        assert (verdict.mistake or "").startswith(self.id or "")
        assert [words for words in self.says if words not in said] == []
        assert [words for words in self.never if words in said] == []


class Table(list):
    """Rows, one for each wrong rule that follows `@row(…)`."""

    def __call__(self, check, *says, id=None, never=()):
        def keep(answer):
            made = rule(answer) if "/" not in check and not isinstance(answer, type) else answer
            self.append(Row(check if "/" in check else f"{check}/update", made, says, id, tuple(never)))
            return answer

        return keep
