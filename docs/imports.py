"""`python docs/imports.py`: makes docs/imports.md, which room imports which, from the code itself."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

import grimp

PAGE = Path(__file__).with_name("imports.md")
SETTINGS = tomllib.loads((PAGE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
LINTER = SETTINGS["tool"]["importlinter"]
PACKAGES = LINTER["root_packages"]
(STANDS_APART,) = (c for c in LINTER["contracts"] if c["name"].startswith("what few need stands apart"))
APART = STANDS_APART["forbidden_modules"]
"""Packages that few need: each one room."""
ON_CALL = [tuple(line.split(" -> ")) for line in STANDS_APART["ignore_imports"]]
"""The core's lines that reach them, inside functions."""
DEEPER = "descentlab.checks."
"""What stands two folders deep and is a room of its own."""
HEAD = """<!-- Made from the code by `make pages`. -->

# Which room imports which

A room is a folder, or a file beside the folders. A room imports only rooms of lower levels. {circles}
`make lint` holds the contracts in `pyproject.toml`, which say what must stay so.
[lines.md](lines.md) says how many lines each room has.

Packages that few need stand apart, each one room. The core reaches them by these lines alone, run on call and
not in the table:

{on_call}

{with_on_call}

| level | room | imports |
|---|---|---|
"""

Graph = Mapping[str, frozenset[str]]


def room_of(module: str) -> str:
    """The room in which a module stands."""
    parts = module.split(".")
    deep = 1 if parts[0] in APART else 3 if module.startswith(DEEPER) else 2
    return ".".join(parts[:deep])


def rooms(on_call: bool = False) -> Graph:
    """The rooms that each room imports, inside functions and for types too; `on_call`: lines to what stands
    apart, too."""
    modules = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=False, cache_dir=None)
    for importer, imported in () if on_call else ON_CALL:
        modules.remove_import(importer=importer, imported=imported)
    found: dict[str, set[str]] = {}
    for module in modules.modules:
        imported = {room_of(other) for other in modules.find_modules_directly_imported_by(module)}
        found.setdefault(room_of(module), set()).update(imported - {room_of(module)})
    return {room: frozenset(imports) for room, imports in found.items()}


def circles(graph: Graph) -> list[list[str]]:
    """Rooms that import each other, directly or through others; each circle once."""
    reached = {room: _reached(graph, room) for room in graph}
    around = {frozenset(b for b in reached[a] if a in reached[b]) for a in graph}
    return sorted(sorted(circle) for circle in around if circle)


def _reached(graph: Graph, room: str) -> set[str]:
    found: set[str] = set()
    ahead = [room]
    while ahead:
        new = graph[ahead.pop()] - found
        found |= new
        ahead += new
    return found


def levels(graph: Graph) -> dict[str, int]:
    """Each room's level: 0 where it imports none, one more than the highest it imports; a circle has one."""
    same = {room: circle for circle in circles(graph) for room in circle}
    level: dict[str, int] = {}
    while len(level) < len(graph):
        for room in graph.keys() - level.keys():
            group = same.get(room, [room])
            below = set().union(*(graph[other] for other in group)) - set(group)
            if below <= level.keys():
                level |= dict.fromkeys(group, 1 + max((level[other] for other in below), default=-1))
    return level


def page(graph: Graph, with_on_call: Graph) -> str:
    """The page's text."""
    level = levels(graph)
    found = _listed(circles(graph))
    still = f"These import each other still: {found}."
    said = still if found else "Between rooms there is no circle."
    ringed = _listed(circles(with_on_call))
    reached = f"With these lines, and only with them, there is a circle: {ringed}."
    none = "With these lines, too, there is no circle."
    rows = [
        f"| {level[room]} | `{room}` | {', '.join(f'`{other}`' for other in sorted(graph[room]))} |"
        for room in sorted(graph, key=lambda room: (-level[room], room))
    ]
    on_call = "\n".join(f"- `{importer}` → `{imported}`" for importer, imported in ON_CALL)
    head = HEAD.format(circles=said, on_call=on_call, with_on_call=reached if ringed else none)
    return head + "\n".join(rows) + "\n"


def _listed(found: list[list[str]]) -> str:
    return "; ".join(", ".join(f"`{room}`" for room in circle) for circle in found)


if __name__ == "__main__":
    PAGE.write_text(page(rooms(), rooms(on_call=True)), encoding="utf-8")
