"""docs/variants.md and the shipped data say what the rules compute."""

import json
import sys

import golden_runs
import pytest
from support import ROOT

from descentlab.registry import RULES
from descentlab.rules import like
from descentlab_variants.data import FILE
from descentlab_variants.table import VARIANTS

sys.path.insert(0, str(ROOT / "docs"))
from variants_data import collect
from variants_page import page

COMMAND = "out of date: run `python docs/variants_page.py`"


@pytest.fixture(scope="module")
def shipped():
    return json.loads(FILE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def computed():
    return json.loads(json.dumps(collect(golden_runs.FOLDER)))


def differences(one, other, path=""):
    """Where two documents differ: numbers by more than the last digits, all else at all."""
    if isinstance(one, dict) and isinstance(other, dict):
        if one.keys() != other.keys():
            return [f"{path}: {sorted(one.keys() ^ other.keys())}"]
        return [d for key in one for d in differences(one[key], other[key], f"{path}/{key}")]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return [
            d
            for i, pair in enumerate(zip(one, other, strict=True))
            for d in differences(*pair, f"{path}/{i}")
        ]
    if isinstance(one, float) and isinstance(other, float):
        # Gaps have three digits, and the smallest are differences of nearly equal numbers.
        close = pytest.approx(other, rel=0.02) if path.endswith("/gap") else pytest.approx(other, rel=1e-9)
        return [] if one == close else [f"{path}: {one} is not {other}"]
    return [] if one == other else [f"{path}: {one!r} is not {other!r}"]


def test_the_shipped_data_are_what_the_rules_compute(shipped, computed):
    assert differences(shipped, computed) == [], COMMAND


def test_the_page_says_what_the_shipped_data_say(shipped):
    assert (ROOT / "docs" / "variants.md").read_text(encoding="utf-8") == page(shipped), COMMAND


def test_a_changed_number_or_word_is_seen(shipped):
    other = json.loads(json.dumps(shipped))
    other["rules"][6]["variants"][1]["paths"]["usual"][3][0] *= 1 + 1e-6
    other["rules"][3]["variants"][1]["differences"] = []
    assert len(differences(shipped, other)) == 2


def test_every_variant_and_every_recorded_rule_is_on_the_page(shipped):
    text = page(shipped)
    listed = [d["id"] for rule in shipped["rules"] for d in rule["variants"]]
    assert sorted(listed) == sorted([n.id for n in VARIANTS] + ["paper"] * len(RULES))
    for framework in golden_runs.FRAMEWORKS:
        for rule in golden_runs.rules_of(framework):
            missing = f'like("{framework}", "{rule}")' not in text
            related = any(r["like"] == f'like("{framework}", "{rule}")' for r in shipped["related"])
            assert not missing or related, (framework, rule)


def test_the_first_screen_answers_why_adam_differs_from_tensorflows(shipped):
    first_screen = page(shipped).split("## How to read")[0]
    (row,) = [line for line in first_screen.splitlines() if line.startswith("| **TensorFlow**")]
    assert "ε beside the raw root" in row
    assert "Why does my Adam differ from TensorFlow's?" in first_screen
    assert "31.6 times" in first_screen


def test_a_like_call_on_the_page_can_be_typed(shipped):
    for rule in shipped["rules"]:
        for variant in rule["variants"]:
            for use in variant["used_by"]:
                needed = {} if "learning_rate=" in use["defaults"] else {"learning_rate": 0.1}
                needed = needed if "learning_rate" in use["defaults"] else {}
                made = eval(use["like"].replace(")", ", **needed)"), {"like": like, "needed": needed})
                assert made.lr > 0
