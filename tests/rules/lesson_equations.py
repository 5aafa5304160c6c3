"""The displayed equations of a lesson, as the rules' comments print them."""

import re
from collections.abc import Iterator

PRINTED = (
    (r"\\tag\{\d+\}", ""),
    (r"\\[,;!]", " "),
    (r"[.\s]+$", ""),
    (r"v_t\b(?=.*v_\{t\+1\})", "w"),  # the old velocity, beside the new one
    (r"_\{t\+1\}|(?<=[yva])_t\b", ""),
    (r"\\hat ([mv])", "\\1\u0302"),
    (r"\\beta_1", "β₁"),
    (r"\\beta_2", "β₂"),
    (r"\bc_1", "c₁"),
    (r"\bc_2", "c₂"),
    (r"\\theta\b|\by\b", "θ"),
    (r"\\eta\b", "η"),
    (r"\\mu\b", "μ"),
    (r"\\rho\b", "ρ"),
    (r"\\varepsilon\b", "ε"),
    (r"\^2", "²"),
    (r"\^t", "ᵗ"),
    (r" = | \\leftarrow ", " ← "),
    (r"-", "−"),
)


def equations(text: str) -> Iterator[list[tuple[str, str]]]:
    """Of each display that has some: target and expression of its equations."""
    for display in re.findall(r"\$\$(.+?)\$\$", text, flags=re.S):
        parts = (_printed(part) for part in re.split(r"\\q?quad", display))
        found = [tuple(part.split(" ← ")) for part in parts if part.count(" ← ") == 1]
        if found:
            yield found


def _printed(latex: str) -> str:
    text = latex.strip().rstrip(",")
    # The target's own index says nothing of old and new.
    text = re.sub(r"^(y|v)_\{t\+1\}", r"\1", text)
    for pattern, printed in PRINTED:
        text = re.sub(pattern, printed, text)
    before = None
    while before != text:
        before = text
        text = re.sub(r"\\sqrt\{([^{}]*)\}", r"√(\1)", text)
        text = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1) / (\2))", text)
    return text.strip()
