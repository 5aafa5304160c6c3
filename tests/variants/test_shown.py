"""The variants of the rules can be shown where the rules themselves are not at hand."""

import subprocess
import sys

import numpy as np

from descentlab.registry import RULES
from descentlab.variants.data import variants


def test_each_rule_starts_with_the_papers_own_variant():
    assert list(variants()) == list(RULES)
    for rule in variants().values():
        first, *others = rule.variants
        assert first.id == "paper"
        assert bool(first.frameworks) == bool(RULES[rule.rule].recorded)
        assert first.differences == ()
        assert all(d.related or d.differences for d in others)


def test_paths_start_at_the_same_point_and_part_where_it_says():
    for rule in variants().values():
        paper = rule.variants[0]
        for variant in rule.variants[1:]:
            for setting, path in variant.paths.items():
                gaps = np.abs(path - paper.paths[setting]).max(axis=1)
                assert path.shape == (31, 2)
                assert path[0].tolist() == [-7.0, 2.0]
                parting = variant.parts[setting]
                if parting is None:
                    assert gaps.max() < 1e-10
                else:
                    assert gaps[: parting.step].max() < 1e-10 < gaps[parting.step] + 1e-9
                    assert abs(gaps.max() - parting.gap) < 0.01 * parting.gap + 1e-9


def test_frameworks_own_runs_are_there():
    adam = variants()["Adam"].variants
    runs = {run.framework: run for variant in adam if not variant.related for run in variant.recorded}
    assert {"torch", "keras", "tensorflow", "optax", "chainer", "lasagne"} <= set(runs)
    run = runs["keras"]
    assert run.hyper["epsilon"] == 1e-7
    assert run.steps[:3] == (1, 2, 3)
    assert run.iterates.shape == (len(run.steps), 2)
    assert np.allclose(run.iterates[0], [-7 + 0.001, 2 - 0.001], atol=1e-8)


def test_reading_them_needs_no_rules():
    code = (
        "import sys; from descentlab.variants.data import variants; variants(); "
        "sys.exit('descentlab.rules' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
