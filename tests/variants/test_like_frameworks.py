"""`like` gives the recorded iterates of all nine frameworks, every rule and every setting."""

from collections import Counter

import golden_runs
import pytest

from descentlab.rules import like
from descentlab.variants.frameworks import FRAMEWORKS
from descentlab.variants.lookup import find

by_framework = pytest.mark.parametrize("framework", golden_runs.FRAMEWORKS)


@by_framework
def test_a_rule_like_a_frameworks_gives_its_recorded_iterates(framework):
    for rule in golden_runs.rules_of(framework):
        count: Counter = Counter()
        for case in golden_runs.cases(framework, rule):
            count += golden_runs.compare(like(framework, rule, **case["hyper"]), framework, case)
        assert count["golden steps compared"] > 100, rule


def test_every_recorded_rule_is_offered_and_no_other():
    assert set(FRAMEWORKS) == set(golden_runs.FRAMEWORKS)
    for framework, home in FRAMEWORKS.items():
        assert list(home.RULES) == golden_runs.rules_of(framework)


@by_framework
def test_a_rule_is_found_by_the_frameworks_own_name_and_full_call(framework):
    for rule in golden_runs.rules_of(framework):
        by_rule, _ = find(framework, rule)
        for case in golden_runs.cases(framework, rule):
            if "+apply" in rule:  # two of Lasagne's functions in a row: the call names only the first
                continue
            for name in (case["call"], case["call"].rsplit(".", 1)[1]):
                if "legacy" in case["call"] and name == "RMSprop":
                    continue
                assert find(framework, name) == (by_rule, {}), rule
                made, named = like(framework, name, **case["hyper"]), like(framework, rule, **case["hyper"])
                assert vars(made) == vars(named), rule


@by_framework
def test_defaults_are_the_frameworks_own(framework):
    for rule in golden_runs.rules_of(framework):
        case = next(c for c in golden_runs.cases(framework, rule) if c["setting"] == "default")
        customary = {name: case["hyper"][name] for name in case.get("not_framework_default", [])}
        assert vars(like(framework, rule, **customary)) == vars(like(framework, rule, **case["hyper"])), rule
