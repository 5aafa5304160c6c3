"""Facts about a rule's wrong numbers that have no name, and a hint where to look."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from descentlab.rule_check.definition import EPS_SLACK
from descentlab.rule_diagnosis import comparison, probe_table
from descentlab.rule_diagnosis.case import Case
from verdicts.diagnosis import Explanation, catalogue, exceptions
from verdicts.sentences import say_named
from verdicts.values.numbers import at, distinct_texts

Values = Mapping[str, Any]
"""The values for the templates of a row."""
Holds = Callable[[Case], Values | bool | None]
"""Whether a row applies to an answer, and the values for its templates."""
MOST_FACTS = 4
WORDS = {
    section.title: section.fields(("fact", "cause", "hint", "symptom"))
    for section in catalogue.sections(Path(__file__).with_name("findings.md"))
}
"""What is said of each finding, by its id, and of each fact, by its name."""


def explain_by_facts(case: Case) -> Explanation:
    """Explain an answer by all facts that hold and the first one's hint."""
    held = [(WORDS[name], holds(case)) for name, holds in FACTS.items()]
    said = [(words, values if isinstance(values, Mapping) else {}) for words, values in held if values]
    facts = [say_named(words["fact"], values) for words, values in said if "fact" in words]
    hint = next(say_named(words["hint"], values) for words, values in said if "hint" in words)
    wrong = ", ".join(sorted(case.wrong_probes))
    return Explanation("", "", hint, f"wrong on the probes {wrong}", facts=tuple(facts[:MOST_FACTS]))


def _depends_on_order(case: Case) -> bool:
    """Whether the order of the keys alone changes the steps."""
    one, other = case.of_probe("main"), case.of_probe("other order")
    near = case.table.near(case.actual, case.actual[:, :1])[:, case.table.row("other order")].all()
    return not _by_array(case) and bool(np.isfinite(one).all() and np.isfinite(other).all()) and not near


def _by_array(case: Case) -> bool:
    """Whether each array has one ratio to the expected step, but not all the same."""
    return case.call is not None and case.common_ratio is None and None not in case.array_ratios


def _ratios(case: Case) -> Values | None:
    if case.call is None or not np.isfinite(case.step_ratios).all() or case.common_ratio is not None:
        return None  # one for all: the first difference has it
    shares = []
    for key, columns, ratio in zip(probe_table.KEYS, probe_table.OWN_COLUMNS, case.array_ratios, strict=True):
        actual = case.step_ratios[columns]
        ends = " … ".join(distinct_texts(actual.min(), actual.max(), 3))
        shown = f"{ends}×" if ratio is None else f"{ratio:.4g}×"
        shares.append(f'"{key}" {shown}')
    return {"call": case.call + 1, "shares": ", ".join(shares)}


def _made_of(case: Case) -> Values | None:
    return case.weights and {**case.weights, "call": case.state_call + 1}


def _memory(case: Case) -> Values | None:
    actual, expected = case.remembered
    if not actual or not expected:
        return None
    key, index = case.first_wrong
    return {
        "call": case.state_call + 1,
        "place": f'"{key}"{at(index)}',
        "actual": ", ".join(f"self.{name} = {value:.4g}" for name, value in actual.items()),
        "expected": ", ".join(f"{name} = {value:.4g}" for name, value in expected.items()),
    }


def _names_of_one(case: Case) -> Values | None:
    """The attributes with one number where the reference has several."""
    actual, expected = case.remembered
    if len(actual) > 1 and len(set(actual.values())) == 1 < len(set(expected.values())):
        return {"same": " is ".join(f"self.{name}" for name in actual)}
    return None


def _remembers_now(case: Case) -> bool:
    return bool(case.kept) and all(case.kept.values())


def _remembers_some(case: Case) -> Values | None:
    wrong = [name for name, is_kept in case.kept.items() if not is_kept]
    return {"wrong": ", ".join(wrong)} if wrong and len(wrong) < len(case.kept) else None


EPS_PROBES = {"large eps", "small gradients"}
"""The probes in which ε is not tiny."""


def _eps_adds_up(case: Case) -> bool:
    first = [case.near[0, case.table.row(name)].all() for name in case.wrong_probes]
    return case.wrong_probes <= EPS_PROBES and all(first)


def _is_only_eps(case: Case) -> bool:
    """Whether the steps are nearly right in all probes whose ε is tiny, and wrong in another."""
    near = case.agrees_to(EPS_SLACK)
    far = {probe.name for probe in case.table.probes if not near[:, case.table.row(probe.name)].all()}
    return bool(far) and far <= EPS_PROBES


def _first_run_is_right(case: Case) -> Values | None:
    if case.call is not None:
        return None
    wrong = (probe.name for probe in case.table.probes if probe.name in case.wrong_probes)
    return {"runs": "; ".join(map(comparison.circumstances, wrong))}


def _right_arrays(case: Case) -> Values | None:
    """The arrays that are right in the first run."""
    right = case.near[:, case.main].all(axis=0)
    keys = np.array([right[columns].all() for columns in probe_table.OWN_COLUMNS])
    return {"keys": quoted(keys)} if keys.any() else None


def quoted(chosen: np.ndarray) -> str:
    """The keys selected by one boolean each."""
    return ", ".join(f'"{key}"' for key, is_chosen in zip(probe_table.KEYS, chosen, strict=True) if is_chosen)


def _fails(case: Case) -> Values | None:
    fails = any("error" in run for run in case.actual_runs.values())
    return {"ask": exceptions.UNKNOWN_ERROR_HINT} if fails else None


FACTS: Mapping[str, Holds] = {
    "names-of-one-thing": _names_of_one,
    "only-eps-is-wrong": _is_only_eps,
    "ratios": _ratios,
    "another-key-order": _depends_on_order,
    "a-constant": Case.ratio_in_constants,
    "made-of": _made_of,
    "memory": _memory,
    "a-ratio-of-each-array": _by_array,
    "some-states-are-right": _remembers_some,
    "one-factor-and-right-states": lambda case: case.common_ratio is not None and _remembers_now(case),
    "eps-adds-up": _eps_adds_up,
    "where-eps-enters": lambda case: case.wrong_probes <= EPS_PROBES,
    "where-eps-stands": _is_only_eps,
    "first-run-is-right": _first_run_is_right,
    "some-arrays-are-right": _right_arrays,
    "states-are-right": _remembers_now,
    "one-factor": lambda case: case.common_ratio is not None,
    "first-wrong-call": lambda case: case.call and {"wrong": case.call + 1},
    "an-exception": _fails,
    "anything": lambda case: True,
}
"""In order of importance: at most `MOST_FACTS` facts are shown, with the first hint."""
