"""Dicts with any plain keys, sets, and objects of dataclasses: what is compared in any order."""

import json
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import repeat
from typing import Any, NamedTuple

from verdicts.values.kind import (
    Carried,
    Inner,
    Kind,
    Mismatch,
    NotCarriedError,
    Pair,
    frozen,
    is_name,
    is_note,
    leaves,
    plain,
)
from verdicts.values.words import shown

MOST_NAMED = 3


def place_of(key: Carried) -> str:
    """A key as a part of a path."""
    return f"[{json.dumps(key, ensure_ascii=False) if isinstance(key, str) else shown(key)}]"


def _keys(keys: Iterable[Any], inner: Inner) -> Iterator[Carried]:
    for key in keys:
        data = inner(key)
        if any(is_note(leaf) for _, leaf in leaves(data)):
            raise NotCarriedError(f" with the key {key!r}"[:100])
        yield data


def _pairs(held: Any) -> Iterable[tuple[Any, Any]]:
    """Keys and items, however they are held."""
    return held.items() if isinstance(held, Mapping) else held


def _table(held: Any) -> dict[Any, tuple[Carried, Carried]]:
    """Keys and items by the key as Python compares it."""
    return {frozen(plain(key)): (key, item) for key, item in _pairs(held)}


class _Dicts(Kind):
    def hold(self, value: Any, inner: Inner) -> Any:
        items = [*value.items()]
        if all(is_name(key) for key, _ in items):
            return {str(key): inner(item) for key, item in items}
        keys = _keys((key for key, _ in items), inner)
        return [[key, inner(item)] for key, (_, item) in zip(keys, items, strict=True)]

    def make(self, held: Any, inner: Inner) -> Any:
        return {frozen(inner(key)): inner(item) for key, item in _pairs(held)}

    def parts(self, held: Any, path: str) -> Iterator[tuple[str, Carried]]:
        yield from ((path + place_of(key), item) for key, item in _table(held).values())

    def first(self, actual: Any, expected: Any, pair: Pair) -> Mismatch | None:
        mine, right = _table(actual), _table(expected)
        missing, surplus = (
            [shown(key) for of, (key, _) in one.items() if of not in other]
            for one, other in ((right, mine), (mine, right))
        )
        said = [f"lacks the {_keys_of(missing)}"] if missing else []
        said += [f"has the {_keys_of(surplus)} too many"] if surplus else []
        if said:
            return pair.differ(f"your dict {' and '.join(said)}")
        found = (pair.inside(mine[of][1], item, place_of(key)) for of, (key, item) in right.items())
        return next(filter(None, found), None)


def _keys_of(words: list[str]) -> str:
    return f"key{'s' * (len(words) > 1)} {', '.join(words[:MOST_NAMED])}{', …' * (len(words) > MOST_NAMED)}"


class _Sets(Kind):
    def hold(self, value: Any, inner: Inner) -> Any:
        return sorted(_keys(value, inner), key=repr)

    def make(self, held: Any, inner: Inner) -> Any:
        return {frozen(inner(item)) for item in held}

    def first(self, actual: Any, expected: Any, pair: Pair) -> Mismatch | None:
        mine, right = ({frozen(plain(one)): one for one in held} for held in (actual, expected))
        surplus, missing = (
            sorted((one[of] for of in one.keys() - other), key=repr)
            for one, other in ((mine, right), (right, mine))
        )
        # Numbers that are equal but for rounding stand in the same order.
        if len(missing) == len(surplus) and not any(map(pair.inside, surplus, missing, repeat(""))):
            return None
        said = [f"{shown(missing[0])} is missing"] if missing else []
        said += [f"{shown(surplus[0])} is one too many"] if surplus else []
        return pair.differ(", and ".join(said))


class _Object(NamedTuple):
    """An object of a dataclass, as it is shown."""

    name: str
    fields: dict[str, Any]

    def __repr__(self) -> str:
        return f"{self.name}({', '.join(f'{key}={value!r}' for key, value in self.fields.items())})"


class _Objects(Kind):
    def hold(self, value: Any, inner: Inner) -> Any:
        fields = vars(type(value))["__dataclass_fields__"]
        try:
            held = {name: object.__getattribute__(value, name) for name in fields}
        except AttributeError as error:
            raise NotCarriedError(f" without a field: {error}") from None
        return [type(value).__name__, inner(held)]

    def make(self, held: Any, inner: Inner) -> Any:
        name, fields = held
        if not (name.isidentifier() and isinstance(fields, Mapping)):
            raise ValueError("no object")
        return _Object(name, inner(fields))

    def first(self, actual: Any, expected: Any, pair: Pair) -> Mismatch | None:
        return pair.inside(actual[1], expected[1], "") if actual[0] == expected[0] else pair.differ("")


DICTS = (dict, defaultdict, OrderedDict, Counter)
_Dicts("dict", *DICTS, native=(dict,))
_Sets("set", set, frozenset)
_Objects("object")
