"""`like` gives the recorded iterates of all nine frameworks, every rule and every setting."""

from collections import Counter

import golden_runs
import pytest

from descentlab.rules import like
from descentlab_variants.frameworks import FRAMEWORKS
from descentlab_variants.lookup import find

PAIRS = [(f, rule) for f in golden_runs.FRAMEWORKS for rule in golden_runs.rules_of(f)]


@pytest.mark.parametrize(("framework", "rule"), PAIRS)
def test_a_rule_like_a_frameworks_gives_its_recorded_iterates(framework, rule, record_property):
    count: Counter = Counter()
    for case in golden_runs.cases(framework, rule):
        count += golden_runs.compare(like(framework, rule, **case["hyper"]), framework, case)
    record_property("counts", dict(count))
    assert count["golden steps compared"] > 100


def test_every_recorded_rule_is_offered_and_no_other():
    assert set(FRAMEWORKS) == set(golden_runs.FRAMEWORKS)
    for framework, home in FRAMEWORKS.items():
        assert list(home.RULES) == golden_runs.rules_of(framework)


@pytest.mark.parametrize(("framework", "rule"), PAIRS)
def test_a_rule_is_found_by_the_frameworks_own_name_and_full_call(framework, rule):
    by_rule, _ = find(framework, rule)
    for case in golden_runs.cases(framework, rule):
        if "+apply" in rule:  # two of Lasagne's functions in a row: the call names only the first
            continue
        for name in (case["call"], case["call"].rsplit(".", 1)[1]):
            if "legacy" in case["call"] and name == "RMSprop":
                continue
            by_call, nothing = find(framework, name)
            assert by_call is by_rule
            assert nothing == {}
            assert vars(like(framework, name, **case["hyper"])) == vars(
                like(framework, rule, **case["hyper"])
            )


@pytest.mark.parametrize(("framework", "rule"), PAIRS)
def test_defaults_are_the_frameworks_own(framework, rule):
    (case,) = [c for c in golden_runs.cases(framework, rule) if c["setting"] == "default"][:1]
    customary = {name: case["hyper"][name] for name in case.get("not_framework_default", [])}
    assert vars(like(framework, rule, **customary)) == vars(like(framework, rule, **case["hyper"]))
