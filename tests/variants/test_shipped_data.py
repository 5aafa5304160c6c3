"""The page of frameworks' variants says what the rules compute."""

import sys

import golden_runs
import numpy as np
import pytest
from support import ROOT

from descentlab.registry import RULES
from descentlab.rules import like

sys.path.insert(0, str(ROOT / "docs"))
from variants_data import collect


@pytest.fixture(scope="module")
def computed():
    return collect(golden_runs.FOLDER)["rules"]


def test_each_rule_starts_with_the_papers_own_variant(computed):
    assert [rule["rule"] for rule in computed] == list(RULES)
    for rule in computed:
        first, *others = rule["variants"]
        assert (first["id"], list(first["differences"])) == ("paper", [])
        assert bool(first["used_by"]) == bool(RULES[rule["rule"]].recorded)
        assert all(variant["related"] or variant["differences"] for variant in others)


def test_paths_part_from_the_papers_where_it_says(computed):
    for rule in computed:
        paper, *others = rule["variants"]
        for variant in others:
            for setting, path in variant["paths"].items():
                gaps = np.abs(np.array(path) - paper["paths"][setting]).max(axis=1)
                parting = variant["parts"][setting]
                if parting is None:
                    assert gaps.max() < 1e-10
                else:
                    assert gaps[: parting["step"]].max() < 1e-10 < gaps[parting["step"]] + 1e-9
                    assert abs(gaps.max() - parting["gap"]) < 0.01 * parting["gap"] + 1e-9


def test_every_like_call_in_the_data_can_be_typed(computed):
    for rule in computed:
        for variant in rule["variants"]:
            for use in variant["used_by"]:
                needed = {} if "learning_rate=" in use["defaults"] else {"learning_rate": 0.1}
                needed = needed if "learning_rate" in use["defaults"] else {}
                made = eval(use["like"].replace(")", ", **needed)"), {"like": like, "needed": needed})
                assert made.lr > 0
