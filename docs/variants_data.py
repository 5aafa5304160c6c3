"""What there is to say about each rule's variants, computed from the rules and the recorded runs."""

import inspect
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from descentlab import rules
from descentlab.objectives import bowl
from descentlab.registry import RULES, RuleInfo
from descentlab.variants.frameworks import FRAMEWORKS
from descentlab.variants.lookup import VariantRule, build, find, signature
from descentlab.variants.table import VARIANTS

STEPS = 30
DIGITS = 12
# Below this share of the path's size a difference is rounding.
ROUNDING = 1e-12
# One example, three settings: where ε is too small to see, where it is not, and where the rate changes.
SETTINGS = {"usual": {"eps": 1e-8}, "large_eps": {"eps": 0.1}, "changed_rate": {"eps": 1e-8}}
CHANGED_AFTER, CHANGED_BY = 10, 0.1
RELATED = {
    "adadelta": "AdaDelta (Zeiler 2012)",
    "adam_l2": "Adam with L2",
}


def collect(golden: Path) -> dict[str, Any]:
    """Everything the page says, as plain JSON. `golden` holds the recorded runs, one file a framework."""
    recorded = {framework: _recorded(golden / f"{framework}.json") for framework in FRAMEWORKS}
    return {
        "example": {
            "objective": bowl.name,
            "start": bowl.start.tolist(),
            "steps": STEPS,
            "settings": SETTINGS,
            "changed_rate": {"after": CHANGED_AFTER, "by": CHANGED_BY},
        },
        "frameworks": {name: {"title": home.TITLE} for name, home in FRAMEWORKS.items()},
        "overview": _overview(),
        "rules": [_rule(row, recorded) for row in RULES.values()],
        "related": list(_related(recorded)),
    }


def _rule(row: RuleInfo, recorded: dict[str, dict[str, Any]]) -> dict[str, Any]:
    name, hyper = row.name, dict(row.example)
    plain = getattr(rules, name)
    own = [pair for pair in _pairs(row.recorded) if not _made(*pair).differences]
    paths = {setting: _path(plain, hyper, setting) for setting in SETTINGS}
    variants = [
        {
            "id": "paper",
            "sentence": f"{name} as in the paper and in this course",
            "formula": equations(plain),
            "differences": [],
            "related": False,
            "same_at_constant_rate": True,
            "used_by": [_use(*pair, recorded) for pair in own],
            "parts": {},
            "paths": {setting: _rounded(path) for setting, path in paths.items()},
        }
    ]
    for variant in VARIANTS:
        if variant.rule == name:
            made = variant.factory(**(hyper | _eps(plain, "usual")))
            here = {setting: _path(variant.factory, hyper, setting, plain) for setting in SETTINGS}
            variants.append(
                {
                    "id": variant.id,
                    "sentence": variant.sentence,
                    "formula": list(made.formula),
                    "differences": list(made.differences),
                    "related": variant.related,
                    "same_at_constant_rate": variant.same_at_constant_rate,
                    "used_by": [_use(*pair, recorded) for pair in variant.examples],
                    "parts": {setting: _parting(paths[setting], here[setting]) for setting in SETTINGS},
                    "paths": {setting: _rounded(path) for setting, path in here.items()},
                }
            )
    has_eps = "eps" in vars(plain())
    head = {"rule": name, "paper": row.source, "lesson": row.lesson, "hyper": hyper, "has_eps": has_eps}
    return head | {"variants": variants}


def equations(rule: type) -> list[str]:
    """The equations above the statements of a rule's `update`: "θ ← θ − η g"."""
    return re.findall(r"^ *# \(\d\)  (.*)$", inspect.getsource(rule.update), flags=re.M)


def _pairs(used: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for framework, home in FRAMEWORKS.items():
        yield from ((framework, rule) for rule in used if rule in home.RULES)


def _made(framework: str, rule: str) -> Any:
    """The framework's rule with its defaults, and some rate where it has none."""
    asked = inspect.signature(find(framework, rule)[0]).parameters
    missing = "learning_rate" in asked and asked["learning_rate"].default is inspect.Parameter.empty
    return build(framework, rule, {"learning_rate": 0.01} if missing else {})


def _use(framework: str, rule: str, recorded: dict[str, dict[str, Any]]) -> dict[str, Any]:
    make, chosen = find(framework, rule)
    run = recorded[framework][rule]
    call = run["call"] + (f"({_arguments(chosen)})" if chosen else "")
    if "+" in rule:  # Lasagne's rules in a row
        call += ", then " + rule.split("+")[1]
    return {
        "framework": framework,
        "call": call,
        "defaults": signature(make),
        "like": f'like("{framework}", "{rule}")',
        "recorded": run,
    }


def _arguments(chosen: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in chosen.items())


def _eps(plain: Callable[..., VariantRule], setting: str) -> dict[str, float]:
    return SETTINGS[setting] if "eps" in vars(plain()) else {}


def _path(
    make: Callable[..., VariantRule],
    hyper: dict,
    setting: str,
    plain: Callable[..., VariantRule] | None = None,
):
    """θ after 0 … STEPS steps of the fixed example."""
    rule = make(**(hyper | _eps(plain or make, setting)))
    params = {"theta": bowl.start.copy()}
    path = [params["theta"].copy()]
    for step in range(1, STEPS + 1):
        if setting == "changed_rate" and step == CHANGED_AFTER + 1:
            rule.lr = rule.lr * CHANGED_BY
        rule.update(params, {"theta": bowl.gradient(params["theta"])})
        path.append(params["theta"].copy())
    return np.array(path)


def _parting(paper: np.ndarray, variant: np.ndarray) -> dict[str, Any] | None:
    """The first step that differs and the largest gap of any coordinate; None where all agree."""
    gaps = np.abs(paper - variant).max(axis=1)
    apart = np.flatnonzero(gaps > ROUNDING * np.abs(paper).max())
    return {"step": int(apart[0]), "gap": float(f"{gaps.max():.3g}")} if apart.size else None


def _rounded(path: np.ndarray) -> list[list[float]]:
    return [[float(f"{x:.{DIGITS}g}") for x in point] for point in path]


def _recorded(file: Path) -> dict[str, Any]:
    """What the framework itself did on the test bed with its defaults, some steps of each rule."""
    runs = {}
    for case in json.loads(file.read_text(encoding="utf-8"))["cases"]:
        if case["task"] == "quad" and case["setting"] == "default":
            iterates = dict(zip(case["at"], case["iterates"], strict=True))
            steps = [t for t in (1, 2, 3, 5, 10, 20, 30, 50, 100, 200) if t in iterates]
            runs[case["rule"]] = {
                "call": case["call"],
                "hyper": case["hyper"],
                "at": steps,
                "iterates": [iterates[t] for t in steps],
            }
    return runs


def _overview() -> dict[str, dict[str, list[str]]]:
    """rule → framework → where the framework's default departs from the paper."""
    table: dict[str, dict[str, list[str]]] = {}
    for name, row in RULES.items():
        names = (*row.recorded, *row.recorded_variants)
        table[name] = {}
        for framework, home in FRAMEWORKS.items():
            rule = next((rule for rule in names if rule in home.RULES), None)
            if rule:
                table[name][framework] = list(_made(framework, rule).differences)
    return table


def _related(recorded: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for rule, title in RELATED.items():
        for framework, _ in _pairs((rule,)):
            made = _made(framework, rule)
            yield {
                "title": title,
                "formula": list(made.formula),
                "differences": list(made.differences),
                **_use(framework, rule, recorded),
            }
