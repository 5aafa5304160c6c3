"""The shipped data of frameworks' variants say what the rules compute."""

import json
import sys

import golden_runs
import pytest
from support import ROOT

from descentlab.rules import like
from descentlab.variants.data import FILE

sys.path.insert(0, str(ROOT / "docs"))
from variants_data import collect

COMMAND = "out of date: run `make pages`"


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


def test_every_like_call_in_the_data_can_be_typed(shipped):
    for rule in shipped["rules"]:
        for variant in rule["variants"]:
            for use in variant["used_by"]:
                needed = {} if "learning_rate=" in use["defaults"] else {"learning_rate": 0.1}
                needed = needed if "learning_rate" in use["defaults"] else {}
                made = eval(use["like"].replace(")", ", **needed)"), {"like": like, "needed": needed})
                assert made.lr > 0
