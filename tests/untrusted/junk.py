"""What a stranger may put anywhere: strategies for texts, values and mutated documents."""

import json
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from support import EXAMPLES

# A slow machine is no failure.
thousands = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=8)  # lone surrogates, too
ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**400), 10**400) | st.floats() | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=5,
)


def places(tree: Any, path: tuple = ()) -> list[tuple]:
    """The path of every value in a document."""
    found = [path] if path else []
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, value in steps:
        found += places(value, (*path, step))
    return found


def replaced(tree: Any, path: tuple, value: Any) -> Any:
    """A copy of a document with another value in one place."""
    copy = json.loads(json.dumps(tree))
    at = copy
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return copy


def mutants(tree: Any) -> st.SearchStrategy[Any]:
    """The document with anything in the place of one of its values."""
    return st.builds(
        lambda path, value: replaced(tree, path, value), st.sampled_from(places(tree)), ANY_VALUE
    )


def cut_or_changed(text: bytes) -> st.SearchStrategy[bytes]:
    """The bytes with a few of them replaced, left out or put in."""
    place = st.integers(0, len(text))
    return st.builds(
        lambda first, second, instead: text[: min(first, second)] + instead + text[max(first, second) :],
        place,
        place,
        st.binary(max_size=6) | ANY_TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")),
    )
