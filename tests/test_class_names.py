"""A class has one name, and a name is one class: whoever reads `Outcome` need not ask whose."""

import ast
from collections import defaultdict

from support import ROOT


def public_classes(source: str) -> list[str]:
    """The classes of a file that others may import."""
    body = ast.parse(source).body
    return [node.name for node in body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]


def where_each_stands() -> dict[str, list[str]]:
    """Files by class. Known mistakes are data: the wrong code of a check, found by its id, never imported."""
    places = defaultdict(list)
    files = [file for top in ("src", "autograde") for file in sorted((ROOT / top).rglob("*.py"))]
    for file in files:
        if not file.name.startswith("mistakes"):
            for name in public_classes(file.read_text(encoding="utf-8")):
                places[name].append(file.relative_to(ROOT).as_posix())
    return places


def test_no_two_public_classes_have_one_name():
    places = where_each_stands()
    assert len(places) > 200
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


def test_a_private_class_or_one_within_another_is_not_counted():
    source = "class A:\n    class B: ...\nclass _C: ...\ndef f():\n    class D: ...\n"
    assert public_classes(source) == ["A"]
