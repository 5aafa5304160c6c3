"""Formulas in words are drawn without a script and a network, and nothing in them acts."""

import random
import re

import pytest

from autograde.pages.clean import MATHML_ELEMENTS, clean_markdown, mathml, with_formulas


def test_a_formula_is_drawn_in_the_line_and_by_itself():
    shown = clean_markdown("so $m_t^2$, and\n\n$$\\frac{a}{\\sqrt{v}}$$")
    assert '<math alttext="m_t^2" display="inline">' in shown
    assert "<msubsup><mi>m</mi><mi>t</mi><mn>2</mn></msubsup>" in shown
    assert 'display="block"' in shown
    assert "<mfrac>" in shown
    assert "$" not in shown


@pytest.mark.parametrize(
    "text", ["it costs $5 and $6", "a $ b $ c", "`$x$`", "    $x$ in code", "only one $", "$\\frac$", "$^{$"]
)
def test_what_is_no_formula_stays_as_it_was_written(text):
    assert "<math" not in clean_markdown(text)
    assert "$" in clean_markdown(text)


def test_an_attribute_that_looks_like_a_formula_is_left_alone():
    html = '<b title="> $x$ onclick=alert(1)">q</b>'
    assert with_formulas(html) == html


@pytest.mark.parametrize(
    "tex",
    [
        r"\text{<script>alert(1)</script>}",
        r"\href{javascript:alert(1)}{x}",
        r"\style{color:red}{y}",
        r"\text{</mtext></math><img src=x onerror=alert(1)>}",
        r'x" onmouseover="alert(1)',
        r"\unicode{60}script",
        "&lt;img src=x onerror=alert(1)&gt;",
    ],
)
def test_nothing_in_a_formula_becomes_an_element_that_acts(tex):
    for shown in (clean_markdown(f"${tex}$"), mathml(tex)):
        elements = {name.lower() for name in re.findall(r"<\s*/?\s*([a-zA-Z]+)", shown)}
        assert elements <= {*MATHML_ELEMENTS.split(), "p", "em"}
        attributes = re.findall(r"<[a-z]+((?:[^>\"]|\"[^\"]*\")*)>", shown)
        named = {name for one in attributes for name in re.findall(r'\b([a-z]+)="', one)}
        assert named <= {"alttext", "display", "accent"}


def test_odd_formulas_take_no_time_and_raise_nothing():
    rng = random.Random(20261121)
    words = [
        "{",
        "}",
        "^",
        "_",
        "x",
        "&",
        "$",
        "\\frac",
        "\\sqrt",
        "\\left(",
        "\\begin{matrix}",
        "\\end{matrix}",
        "\\text{",
        "\\hat",
        "\\sum",
        "\\over",
    ]
    for _ in range(500):
        tex = " ".join(rng.choices(words, k=rng.randint(1, 80)))
        assert isinstance(clean_markdown(f"${tex}$"), str)
