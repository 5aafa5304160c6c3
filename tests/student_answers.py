"""Answers as students write them: those of `tests/answers`, and a class to build others on.

A section of `tests/answers/<lesson>.md` is an answer to the check in the heading above it: what is wrong with it, its
code, and fields:

    - Expect: passed, the id of the mistake that the verdict names, or unnamed
    - Score: the fraction of the points that it earns
    - Says: words of the verdict, a line each; numbers in them are not compared
    - Never: words that the verdict does not have

The code may use `np` and `Rule`; the answer is the last name that it defines.
"""

import linecache
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from support import ROOT

from verdicts.diagnosis.catalogue import Section, sections

FIELD = re.compile(r"^- (Expect|Score|Says|Never): (.+)$", re.MULTILINE)
PASSED, UNNAMED = "passed", "unnamed"


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
class Answer:
    """A section of `tests/answers`."""

    check: str
    name: str
    code: str
    expect: str
    score: Fraction | None
    says: tuple[str, ...]
    never: tuple[str, ...]

    def make(self) -> Any:
        """The class, function or value; a new one each time, whose lines a verdict can show."""
        file = f"<{self.check}: {self.name}>"
        linecache.cache[file] = (len(self.code), None, self.code.splitlines(keepends=True), file)
        names = {"np": np, "Rule": Rule}
        exec(compile(self.code, file, "exec"), names)
        return list(names.values())[-1]


def _answer(check: str, section: Section) -> Answer:
    fields: dict[str, list[str]] = {}
    for name, words in FIELD.findall(section.body):
        fields.setdefault(name, []).append(words)
    expect = fields.get("Expect", [""])[0]
    score = Fraction(fields["Score"][0]) if "Score" in fields else None
    said = (tuple(fields.get(name, ())) for name in ("Says", "Never"))
    return Answer(check, section.title, section.code, expect, score, *said)


def answers_in(files: Iterable[Path]) -> Iterator[Answer]:
    """The answers of these files."""
    for file in files:
        check = ""
        for section in sections(file):
            if section.level == 1:
                check = section.title
            else:
                yield _answer(check, section)


@cache
def answers() -> dict[tuple[str, str], Answer]:
    """Every answer of `tests/answers` by its check and its name.

    Raises:
        ValueError: two answers to a check have one name.
    """
    found: dict[tuple[str, str], Answer] = {}
    for answer in answers_in(sorted((ROOT / "tests/answers").glob("*.md"))):
        if found.setdefault((answer.check, answer.name), answer) is not answer:
            raise ValueError(f"two answers to {answer.check} are named {answer.name}")
    return found


def answer_to(check: str, name: str) -> Any:
    """The class, function or value of that answer."""
    return answers()[check, name].make()
