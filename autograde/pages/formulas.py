"""Formulas in words as MathML, which browsers show without a script and without a network.

Text between dollar signs is a formula where a person means one: no blank stands inside next to a sign, and no
digit follows the last. What cannot be read as TeX stays as it was written. Of what the converter makes, only
elements that draw are kept, their text escaped, with no attribute but an accent.
"""

import re
from contextlib import suppress
from functools import lru_cache
from html import escape, unescape
from xml.etree.ElementTree import Element

LONGEST, MOST = 400, 60  # characters of a formula, formulas of a text: the rest stays as written
FORMULA = re.compile(r"\$\$(?P<block>[^$]+)\$\$|\$(?P<line>(?=\S)[^$]*[^\s$])\$(?!\d)")
TAG = re.compile(r'<(?:[^>"]|"[^"]*")*>')  # as the cleaner writes them
CODE = re.compile(r"<(/?)(?:code|pre)\b")
DRAWN = frozenset(
    {
        "math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "msup", "msub", "msubsup", "mfrac", "msqrt",
        "mroot", "mover", "munder", "munderover", "mtable", "mtr", "mtd", "mpadded", "mphantom", "mstyle",
        "mfenced",
    }
)  # fmt: skip


def with_formulas(html: str) -> str:
    """Clean HTML with its formulas drawn; code stays code."""
    if "$" not in html:
        return html
    parts: list[str] = []
    position = depth = drawn = 0
    for tag in [*TAG.finditer(html), None]:
        text = html[position : tag.start() if tag else len(html)]
        if "$" in text and not depth and drawn < MOST:
            drawn += text.count("$") // 2
            text = FORMULA.sub(_drawn, text)
        parts.append(text)
        if tag:
            if code := CODE.match(tag[0]):
                depth = max(0, depth + (-1 if code[1] else 1))
            parts.append(tag[0])
            position = tag.end()
    return "".join(parts)


def _drawn(formula: re.Match[str]) -> str:
    tex = unescape(formula["block"] or formula["line"]).strip()
    if len(tex) > LONGEST or "∖" in tex:  # the cleaner's mark of a command that would act
        return formula[0]
    return mathml(tex, is_block=formula["block"] is not None) or formula[0]


@lru_cache(maxsize=4096)
def mathml(tex: str, is_block: bool = False) -> str:
    """A formula as MathML; empty where it is none that can be read."""
    try:
        from latex2mathml.converter import convert_to_element
    except ImportError:  # a student's environment
        return ""
    with suppress(Exception):  # whatever the converter says of a stranger's text
        return _markup(convert_to_element(tex, display="block" if is_block else "inline"), tex)
    return ""


def _markup(element: Element, tex: str) -> str:
    name = element.tag.rpartition("}")[2]
    inside = escape(unescape(element.text or "")) + "".join(_markup(part, "") for part in element)
    tail = escape(unescape(element.tail or ""))
    if name not in DRAWN:
        return inside + tail
    values = {"accent": "true"} if element.get("accent") == "true" else {}
    if name == "math":
        values = {"alttext": tex, "display": element.get("display", "inline")}
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in values.items())
    return f"<{name}{attributes}>{inside}</{name}>{tail}"
