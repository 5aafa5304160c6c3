"""The digits are those of the source, in three parts."""

import hashlib
import re

import numpy as np

from descentlab import rules
from descentlab.models import digits, moons, valley_paths
from descentlab.models.data import FOLDER
from descentlab.objectives import bowl, descend
from descentlab.registry import RULES


def test_the_digits_file_is_the_one_the_readme_names():
    stated = re.search(r"sha256sum`: `([0-9a-f]{64})`", (FOLDER / "README.md").read_text()).group(1)
    assert hashlib.sha256((FOLDER / "digits.csv.gz").read_bytes()).hexdigest() == stated


def test_of_six_rows_four_train_the_fifth_validates_and_the_sixth_tests():
    data = digits()
    table = np.loadtxt(FOLDER / "digits.csv.gz", delimiter=",")
    table[:, :-1] /= 16
    of_six = np.arange(len(table)) % 6
    for part, rows in zip(data, (of_six < 4, of_six == 4, of_six == 5), strict=True):
        assert np.array_equal(np.column_stack(part), table[rows])


def test_pixels_run_from_0_to_1_and_every_part_has_all_ten_digits():
    for x, t in digits():
        assert x.shape == (len(t), 64)
        assert (x.min(), x.max()) == (0, 1)
        assert set(t) == set(range(10))


def test_the_moons_are_two_classes_of_equal_size_that_a_line_cannot_part():
    x, t = moons(400, np.random.default_rng(0))
    assert x.shape == (400, 2)
    assert t.shape == (400, 1)
    assert t.sum() == 200
    line = np.column_stack([x, np.ones(400)])
    fitted = line @ np.linalg.lstsq(line, 2 * t - 1, rcond=None)[0]
    assert 0.75 < np.mean((fitted > 0) == (t == 1)) < 0.95


def test_the_recorded_paths_in_the_valley_are_those_of_the_rules_up_to_the_newest():
    paths = valley_paths("RMSprop")
    assert [label.partition(",")[0] for label in paths] == [
        "SGD",
        "Momentum",
        "Nesterov",
        "AdaGrad",
        "RMSprop",
    ]
    for label, path in paths.items():
        name = label.partition(",")[0]
        rule = getattr(rules, name)(**RULES[name].example)
        assert np.array_equal(path, descend(rule, bowl, 30))
