"""Evidence in which somebody wrote the value of a kind by hand."""

import json

import pytest

from verdicts.recording.evidence_bytes import FORMAT, OddEvidenceError, unpack
from verdicts.values import carried, shown

HELD = {
    "int": [[], [""], ["0x"], ["12"], ["0x01"], ["0x1" + "f" * 2000], [3], 3, None, ["１"]],
    "str": [[1], 3, None],
    "bytes": [["6 1"], ["6"], ["zz"], [None]],
    "date": [["20240301"], ["2024-13-01"], ["2024-03-01", ""], [], ["2024-03-01T00:00:00"]],
    "datetime": [["2024-03-01T00:00:00+01:00"], ["2024-03-01"]],
    "time": [["25:00:00"], ["3:00"]],
    "timedelta": [["1.5"], ["9" * 30], ["+1"]],
    "set": [3, None, [[{"odd": "set", "held": 1}]]],
    "dict": [3, [1], [["a"]], [["a", 1, 2]]],
    "object": [["P"], ["P", 3], [3, {}], ["a b", {}], 3],
    "list": [3],
    "raised": [3, [1], None],
    "array": [3, [1]],
    "frame": [1],
    "__class__": [1],
}


@pytest.mark.parametrize(("tag", "held"), [(tag, held) for tag, several in HELD.items() for held in several])
def test_a_value_that_its_kind_does_not_write_is_refused(tag, held):
    with pytest.raises(OddEvidenceError):
        unpack(json.dumps({"format": FORMAT, "runs": [{"result": {"odd": tag, "held": held}}]}).encode())


@pytest.mark.parametrize("more", [{"held": ["a"], "more": 1}, {"kind": 1}, {}])
def test_a_tag_stands_with_what_is_held_alone(more):
    with pytest.raises(OddEvidenceError):
        unpack(json.dumps({"result": {"odd": ["str"], **more}}).encode())


class Hostile:
    def __getattr__(self, name):
        raise SystemExit(name)

    __class__ = property(lambda self: int)
    __eq__ = __hash__ = __iter__ = __len__ = __repr__ = __getattr__


@pytest.mark.parametrize(
    "wrap", [lambda one: one, lambda one: [one, 1], lambda one: {"a": one}, lambda one: (one,)]
)
def test_nothing_of_an_object_is_asked(wrap):
    assert "Hostile" in shown(carried(wrap(Hostile())))
