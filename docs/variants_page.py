"""Makes build/variants.md, frameworks side by side, and the paths that lessons show.

python docs/variants_page.py
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from variants_data import collect

from descentlab import rules as reference
from descentlab.models.data import FOLDER
from descentlab.objectives import bowl, descend
from descentlab.registry import RULES

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "build/variants.md"
VALLEY = FOLDER / "valley.npz"
GOLDEN = ROOT / "tests" / "golden"

HEAD = """<!-- Made by `python docs/variants_page.py`. Edit src/descentlab/variants, not this file. -->
# Same rule, other numbers

Two programs that both say "Adam" may move differently. This page says where frameworks depart from the
papers, from which step the numbers part, and by how much. It is computed from `descentlab.variants`,
whose numbers agree to rounding with runs recorded from the frameworks themselves (`tests/golden`).

To get a framework's numbers here: `like("tensorflow", "Adam")`, from `descentlab.rules`.
"""

LEGEND = """`=` as in the paper and in this course; `·` no such rule in the records. η learning rate,
μ momentum, ρ decay, ε the small number in a denominator. "η outside the velocity" gives the same numbers
until the rate changes. TensorFlow is `tf.compat.v1.train` here; `tf.keras.optimizers` of TensorFlow 2.16 and
later is Keras.
"""

SETTING_NAMES = {
    "usual": "parts, ε = 1e-8",
    "large_eps": "parts, ε = 0.1",
    "changed_rate": "parts, η changed",
}


def page(data: dict[str, Any]) -> str:
    """The whole page as Markdown."""
    parts = [HEAD, "## In one look\n", _overview(data), LEGEND, _adam(data), _reading(data)]
    parts += [part for rule in data["rules"] for part in _rule(rule, data)]
    parts += ["## Related rules\n", _related(data)]
    return "\n".join(parts)


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n" for row in lines)


def _overview(data: dict[str, Any]) -> str:
    overview = data["overview"]
    rows = []
    for framework, about in data["frameworks"].items():
        cells = [_differences(overview[rule].get(framework)) for rule in overview]
        rows.append([f"**{about['title']}**", *cells])
    return _table(["", *overview], rows)


def _differences(differences: list[str] | None) -> str:
    if differences is None:
        return "·"
    return "; ".join(differences) or "="


def _adam(data: dict[str, Any]) -> str:
    adam = next(rule for rule in data["rules"] if rule["rule"] == "Adam")
    paper, hat = adam["variants"][0], next(d for d in adam["variants"] if d["id"] == "adam-eps-hat")
    beta2 = adam["hyper"]["beta2"]
    larger = 1 / (1 - beta2) ** 0.5
    usual, large = hat["parts"]["usual"], hat["parts"]["large_eps"]
    forms = _table(
        ["", "step of Adam"],
        [
            [_who(paper, data), "θ ← θ − η m̂ / (√v̂ + ε)"],
            [_who(hat, data), "θ ← θ − η m̂ / (√v̂ + ε / √(1 − β₂ᵗ))"],
        ],
    )
    return f"""## Why does my Adam differ from TensorFlow's?

TensorFlow adds ε to √v, before v is corrected for its start at zero; Algorithm 1 adds it to √v̂, afterwards.
So TensorFlow's ε counts 1/√(1 − β₂ᵗ) times as much: with β₂ = {beta2:g} that is {larger:.1f} times at the
first step, and in the long run once.

{forms}
On the example below the numbers part at step {usual["step"]}: by {usual["gap"]:.1g} at most with ε = 1e-8,
by {large["gap"]:.2g} with ε = 0.1. It matters where gradients are as small as ε. Neither is a mistake: Kingma
and Ba give both forms. Look at ε itself, too: Keras and Deep Learning from Scratch use 1e-7, the others 1e-8.
"""


def _reading(data: dict[str, Any]) -> str:
    example = data["example"]
    changed = example["changed_rate"]
    x, y = example["start"]
    return f"""## How to read the tables

The example: f = {example["objective"]} from ({x:g}, {y:g}), {example["steps"]} steps, the same
hyperparameters for every variant. "parts" is the first step whose numbers differ by more than rounding, and
the largest distance of a coordinate from the paper's path in all those steps: with ε = 1e-8, with ε = 0.1,
and with η multiplied by {changed["by"]:g} after step {changed["after"]} (ε = 1e-8 again).
"""


def _rule(rule: dict[str, Any], data: dict[str, Any]) -> Iterator[str]:
    hyper = ", ".join(f"{name} = {value:g}" for name, value in rule["hyper"].items())
    variants = [variant for variant in rule["variants"] if not variant["related"]]
    related = [variant for variant in rule["variants"] if variant["related"]]
    lesson = f" Derived in lesson {rule['lesson']}." if rule["lesson"] else ""
    yield f"## {rule['rule']}\n\n{rule['paper']}.{lesson} In the example {hyper}.\n"
    yield _variants(variants, rule, data)
    if related:
        yield f"Not {rule['rule']}, but one small step away:\n"
        yield _variants(related, rule, data)
    uses = [use for variant in rule["variants"] for use in variant["used_by"]]
    if uses:
        yield "Names and defaults:\n"
        yield _table(
            ["the framework's name", "its arguments and defaults", "the same here"],
            ([f"`{s['call']}`", f"`{s['defaults']}`", f"`{s['like']}`"] for s in uses),
        )


def _variants(variants: list[dict[str, Any]], rule: dict[str, Any], data: dict[str, Any]) -> str:
    settings = [s for s in data["example"]["settings"] if rule["has_eps"] or s != "large_eps"]
    head = ["computed by", "update", "departs", *(SETTING_NAMES[s] for s in settings)]
    if not rule["has_eps"]:
        head[3] = "parts"
    rows = []
    for variant in variants:
        departs = variant["sentence"] if variant["related"] else _differences(variant["differences"])
        partings = [_parting(variant["parts"].get(s)) if variant["parts"] else "" for s in settings]
        rows.append([_who(variant, data), "<br>".join(variant["formula"]), departs, *partings])
    if len(rule["variants"]) == 1:  # nothing to compare with
        head, rows = head[:3], [row[:3] for row in rows]
    return _table(head, rows)


def _who(variant: dict[str, Any], data: dict[str, Any]) -> str:
    names = list(dict.fromkeys(data["frameworks"][s["framework"]]["title"] for s in variant["used_by"]))
    return ", ".join(["**paper, this course**", *names] if variant["id"] == "paper" else names)


def _parting(parting: dict[str, Any] | None) -> str:
    return f"step {parting['step']}, {parting['gap']:.2g}" if parting else "never"


def _related(data: dict[str, Any]) -> str:
    return _table(
        ["rule", "the framework's name", "its arguments and defaults", "update", "departs"],
        (
            [
                related["title"],
                f"`{related['call']}`",
                f"`{related['defaults']}`",
                "<br>".join(related["formula"]),
                _differences(related["differences"]),
            ]
            for related in data["related"]
        ),
    )


def record_valley() -> None:
    """Write the paths of the lessons' rules in the valley, in the order of the lessons."""
    rows = sorted((row for row in RULES.values() if "01" <= row.lesson <= "07"), key=lambda row: row.lesson)
    rules = {row.name: getattr(reference, row.name)(**row.example) for row in rows}
    paths = {name: descend(rule, bowl, 30) for name, rule in rules.items() if name != "RMSpropGraves"}
    np.savez_compressed(VALLEY, **paths)


def main() -> None:
    """Run the rules, and write the data and the page, which says what the data say alone."""
    record_valley()
    data = collect(GOLDEN)
    PAGE.write_text(page(data), encoding="utf-8")


if __name__ == "__main__":
    main()
