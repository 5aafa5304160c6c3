"""Every equation that a hint cites by its number stands in that lesson, and is the one that is meant."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
EXERCISES = ROOT / "src" / "descentlab" / "exercises"
CITED = re.compile(r"(?<![\w`])\((\d{1,2})\)")
TAGGED = re.compile(r"\$\$((?:(?!\$\$).)*?)\\tag\{(\d+)\}", re.DOTALL)
# What a sentence names, and one of which its equation then holds.
NAMED = {
    "η": (r"\eta",),
    "μ": (r"\mu",),
    "λ": (r"\lambda",),
    "θ": (r"\theta",),
    "ρ": (r"\rho",),
    "β": (r"\beta",),
    "ε": (r"\varepsilon",),
    "μ²": (r"\mu^2",),
    "√|root": (r"\sqrt",),
    "½|fraction|divi": (r"\frac", "/"),
    "sum|added|term": (r"\sum", "+"),
    "bracket": (r"\Big(", "(", "+"),
    "gradient": (r"\nabla", "g"),
    "point": ("a", r"\theta"),
    "factor": (r"\mu", r"\eta"),
    "largest": (r"\max",),
    "log": (r"\ln",),
    "bound": (r"\le",),
    "limit": ("<",),
}
LETTER = re.compile(r"(?<![\w'’`.])([b-zA-HJ-Z])(?![\w'’`])(?!\()")


def equations(lesson: str) -> dict[str, str]:
    (page,) = (ROOT / "solutions").glob(f"*-{lesson}/*.md")
    return {number: tex for tex, number in TAGGED.findall(page.read_text(encoding="utf-8"))}


def fault(sentence: str, lesson: str) -> str:
    """What is wrong with a citation; empty where nothing is."""
    known = equations(lesson)
    for number in CITED.findall(sentence):
        if number not in known:
            return f"no ({number}) in {lesson}"
        tex = known[number]
        wanted = [parts for words, parts in NAMED.items() if re.search(words, sentence)]
        wanted += [(letter,) for letter in LETTER.findall(re.sub(r"[ᵢᵗ₁₂²̂]", "", sentence))]
        if wanted and not any(part in tex for parts in wanted for part in parts):
            return f"({number}) of {lesson} holds nothing of what is said: {tex}"
    return ""


CITATIONS = [
    pytest.param(text, source.parent.name, id=f"{source.parent.name}/{source.stem}: {text[:40]}")
    for source in sorted(EXERCISES.glob("*/*.md"))
    for text in re.sub(r"```.*?```", "", source.read_text(encoding="utf-8"), flags=re.DOTALL).splitlines()
    if CITED.search(text)
]


def test_there_are_citations():
    assert len(CITATIONS) >= 30


@pytest.mark.parametrize(("sentence", "lesson"), CITATIONS)
def test_a_cited_equation_is_the_one_that_is_meant(sentence, lesson):
    assert not fault(sentence, lesson)


@pytest.mark.parametrize(
    ("sentence", "lesson"),
    [
        ("At the first call one of the two terms of (5) has to be zero.", "nesterov"),
        ("Does the sum of (7) run over the calls?", "adagrad"),
        ("How is Gᵢ defined in (3)?", "adagrad"),
        ("In (1) a scale divides.", "adagrad"),
    ],
)
def test_a_wrong_number_is_found(sentence, lesson):
    assert fault(sentence, lesson)
