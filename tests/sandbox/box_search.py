"""Run inside a staged box by test_nothing_knows: tries all of the engine and the course that can be reached as an answer.

Reads the expected results from the file named first; prints JSON: evidence of classes by check, finds of functions.
"""

import base64
import contextlib
import functools
import importlib
import inspect
import itertools
import json
import pkgutil
import signal
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from inside.stand_ins import NotThereError

import descentlab
import verdicts
from descentlab.exercises import all_checks
from descentlab.rule_check.definition import RuleCheck
from verdicts.recorders import record
from verdicts.recording import evidence_bytes, evidence_outbox
from verdicts.recording.probes import FunctionProbe
from verdicts.spec import FunctionCheck
from verdicts.values import carried

SEED = 5
OURS = ("descentlab", "verdicts")
NO_ANSWERS = (
    "descentlab.rule_check", "descentlab.figures", "verdicts.canvas", "verdicts.courses", "verdicts.notebook",
    "verdicts.recorders", "verdicts.recording", "verdicts.sentences", "verdicts.solving", "verdicts.spec",
)  # fmt: skip
"""Modules whose functions record answers, talk and draw: they compute nothing that a check asks for."""
signature = functools.cache(inspect.signature)


def modules(package: types.ModuleType) -> Iterator[types.ModuleType]:
    """A package and every module in it."""
    yield package
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        yield importlib.import_module(found.name)


def reachable(roots: list[Any]) -> list[Any]:
    """Everything of ours behind these objects: attributes, bases, closures, wrapped functions, instances."""
    seen: dict[int, Any] = {}
    left = list(roots)
    while left:
        thing = left.pop()
        if id(thing) in seen:
            continue
        seen[id(thing)] = thing
        if isinstance(thing, dict | types.MappingProxyType):
            left += thing.values()
        elif isinstance(thing, list | tuple | set | frozenset):
            left += thing
        elif isinstance(thing, functools.partial):
            left += [thing.func, thing.args, thing.keywords]
        elif str(getattr(thing, "__module__", type(thing).__module__)).startswith(OURS):
            left += [getattr(thing, "__wrapped__", None), getattr(thing, "__dict__", None)]
            left += [
                cell.cell_contents for cell in getattr(thing, "__closure__", None) or () if _is_filled(cell)
            ]
            left += [getattr(thing, "__defaults__", None), *getattr(thing, "__mro__", ())]
            left += [getattr(thing, "fget", None), getattr(thing, "__func__", None)]
    return list(seen.values())


def _is_filled(cell: Any) -> bool:
    try:
        return cell.cell_contents is not None
    except ValueError:
        return False


def is_own(thing: Any) -> bool:
    return str(getattr(thing, "__module__", "")).startswith(OURS)


def with_its_arguments(cls: type) -> Callable[..., Any]:
    """The class with as many of a rule's arguments as it takes, and 1 for others."""
    takes = signature(cls).parameters

    def make(**hyper: float) -> Any:
        known = {name: value for name, value in hyper.items() if name in takes}
        others = {
            name: 1.0
            for name, parameter in takes.items()
            if name not in known and parameter.default is parameter.empty and parameter.kind < 2
        }
        return cls(**known, **others)

    return make


def moved_from_zero(make: Callable[..., Any]) -> type:
    """A rule whose step is that of the made object on parameters of zero."""

    class FromZero:
        def __init__(self, **hyper: float) -> None:
            self.rule = make(**hyper)

        def update(self, params: dict[str, np.ndarray], grads: dict[str, np.ndarray]) -> None:
            moved = {key: np.zeros_like(value) for key, value in params.items()}
            self.rule.update(moved, grads)
            for key in params:
                params[key] += moved[key]

    return FromZero


def answers_of(classes: list[type]) -> Iterator[tuple[str, Any]]:
    """Each class itself, a subclass, one that is given what it takes, and the steps of that from zero."""
    for cls in classes:
        name = f"{cls.__module__}.{cls.__qualname__}"
        yield name, cls
        try:
            yield f"subclass of {name}", type("Answer", (cls,), {})
            yield f"arguments of {name}", with_its_arguments(cls)
            yield f"from zero, {name}", moved_from_zero(with_its_arguments(cls))
        except (TypeError, ValueError):
            continue


def sizes_of(function: Callable[..., Any]) -> range:
    """How many arguments a call of the function may have: with another number it fails before its first line."""
    try:
        parameters = [*signature(function).parameters.values()]
    except (TypeError, ValueError):
        return range(100)
    if any(one.kind is one.VAR_POSITIONAL for one in parameters):
        return range(100)
    by_place = [one for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    return range(sum(one.default is one.empty for one in by_place), len(by_place) + 1)


def any_order(args: tuple[Any, ...], sizes: range) -> Iterator[tuple[Any, ...]]:
    """The arguments, some of them, in any order."""
    for count in range(len(args), 0, -1):
        if count in sizes:
            yield from itertools.islice(itertools.permutations(args, count), 24)


def with_made(
    names: list[str], classes: list[type], args: tuple[Any, ...], sizes: range
) -> Iterator[tuple[Any, ...]]:
    """Up to three in any order of the arguments, of what they make, and of objects that hold them by their names."""
    named = dict(zip(names, args, strict=False))
    makers: list[Callable[[], Any]] = [argument for argument in args if callable(argument)]
    makers.append(functools.partial(types.SimpleNamespace, **named))
    makers += [functools.partial(with_its_arguments(cls), **named) for cls in classes if takes(cls, names)]
    # Each call has its own: an object may remember.
    ways = [lambda argument=argument: argument for argument in args] + makers
    for count in {3, 2, 1}.intersection(sizes):
        for chosen in itertools.permutations(ways, count):
            if any(way in makers for way in chosen):
                with contextlib.suppress(Exception):
                    yield tuple(way() for way in chosen)


def takes(cls: type, names: list[str]) -> bool:
    """Whether the class is made of something that is named as an argument is."""
    try:
        return not {*names}.isdisjoint(signature(cls).parameters)
    except (TypeError, ValueError):
        return False


def methods(classes: list[type]) -> list[Callable[..., Any]]:
    """For each method, a function that makes the object of its first arguments and gives the method the others."""

    def both(cls: type, name: str, count: int) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            result = getattr(cls(*args[:count]), name)(*args[count:])
            return list(args) if result is None else result

        call.__qualname__ = f"{cls.__qualname__}(…).{name}"
        return call

    return [
        both(cls, name, count)
        for cls in classes
        for name, method in vars(cls).items()
        if callable(method) and not name.startswith("__")
        for count in range(4)
    ]


def in_order(args: tuple[Any, ...], sizes: range) -> Iterator[tuple[Any, ...]]:
    """The arguments, or the first of them."""
    return (args[:count] for count in range(len(args), 0, -1) if count in sizes)


class TooLongError(Exception):
    """A call took too long."""


def stop(*_: Any) -> None:
    raise TooLongError


def leaves(value: Any) -> list[np.ndarray]:
    if isinstance(value, dict):
        return [leaf for key in sorted(value) for leaf in leaves(value[key])]
    if isinstance(value, list | tuple):
        return [leaf for item in value for leaf in leaves(item)]
    is_number = isinstance(value, np.ndarray) and value.dtype.kind in "fiub"
    return [value.astype(float)] if is_number else []


def called(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    of: Callable[[Any], list] = lambda it: leaves(carried(it)),
) -> list[Any]:
    """What `of` makes of a result, its numbers; nothing of a call that fails."""
    copies = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        try:
            return of(function(*copies))
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)  # the alarm may come just before
    except (Exception, SystemExit):
        return []


def near(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and bool(np.allclose(one, other, rtol=1e-5, atol=1e-12))


def finds(check: FunctionCheck, problems: list[FunctionProbe], tried: list[Any], expected: Any) -> list[str]:
    """The functions that give a part of the expected result in every example that is not trivial."""
    asked = []
    for problem in problems:
        parts = dict(enumerate(leaves(expected[problem.name]["result"])))
        if wanted := {at: value for at, value in parts.items() if telling(value)}:
            asked.append((problem.args, wanted))
    found = []
    for function, orders in tried:
        sizes = sizes_of(function)
        in_all = None
        for arguments, wanted in asked:
            given = [leaf for args in orders(arguments, sizes) for leaf in called(function, args)]
            right = {at for at, value in wanted.items() if any(near(leaf, value) for leaf in given)}
            in_all = right if in_all is None else in_all & right
            if not in_all:
                break
        found += [f"{check.name}, part {at}: {function.__qualname__}" for at in in_all or ()]
    return found


def telling(value: np.ndarray) -> bool:
    """Whether a number is not met by chance: no whole numbers and no truth values."""
    return value.size > 0 and not np.array_equal(value, np.round(value))


def pairs(functions: list[Any], problems: list[FunctionProbe]) -> list[Any]:
    """One function of what another gives, where that one takes the arguments of some problem."""

    def after(first: Any, second: Any) -> Any:
        def both(*args: Any) -> Any:
            return second(first(*args))

        both.__qualname__ = f"{second.__qualname__} of {first.__qualname__}"
        return both

    few = [f for f in functions if isinstance(f, types.FunctionType) and f.__code__.co_argcount <= 4]
    single = [f for f in few if f.__code__.co_argcount - len(f.__defaults__ or ()) <= 1]

    def runs(function: Callable[..., Any]) -> bool:
        sizes = sizes_of(function)
        tried = (args for problem in problems for args in in_order(problem.args, sizes))
        return any(called(function, args, lambda it: [it]) for args in tried)

    return [after(one, two) for one in filter(runs, few) for two in single]


def main() -> None:
    signal.signal(signal.SIGALRM, stop)
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    sys.stdout, out = sys.stderr, sys.stdout
    evidence_outbox.enter_grading()
    expected = evidence_bytes.unpack(Path(sys.argv[1]).read_bytes())["expected"]
    checks = all_checks()
    drawn = {}
    for name, check in checks.items():
        if name in expected["drawn"]:
            calls = evidence_bytes.unpack(base64.b64decode(expected["drawn"][name]))["probes"]
            drawn[name] = [FunctionProbe(of, tuple(args), {}) for of, *args in calls]
            try:
                check.draw(SEED)
                raise SystemExit(f"{name}: its problems can be drawn in a box")
            except NotThereError:
                continue
        drawn[name] = list(check.draw(SEED))
    things = reachable(
        [[vars(module) for package in (descentlab, verdicts) for module in modules(package)], checks, drawn]
    )
    classes = [thing for thing in things if isinstance(thing, type) and is_own(thing)]
    functions = [
        thing
        for thing in things
        if callable(thing)
        and not isinstance(thing, type)
        and is_own(thing)
        and hasattr(thing, "__qualname__")
        if not thing.__module__.startswith(NO_ANSWERS)
    ]
    # The classes first: a function that is called with anything may change what the module knows.
    evidence = {
        name: {what: base64.b64encode(record(name, one, SEED)).decode() for what, one in answers_of(classes)}
        for name, check in checks.items()
        if isinstance(check, RuleCheck)
    }
    tried = [(one, any_order) for one in (*functions, *classes, *methods(classes))]
    found = [
        find
        for name, check in checks.items()
        if isinstance(check, FunctionCheck)
        for find in finds(
            check,
            drawn[name],
            tried
            + [(one, in_order) for one in pairs(functions, drawn[name])]
            + [(one, functools.partial(with_made, expected["names"][name], classes)) for one in functions],
            expected["results"][name],
        )
    ]
    print(
        json.dumps({"evidence": evidence, "finds": found, "looked": [len(classes), len(functions)]}), file=out
    )


if __name__ == "__main__":
    main()
