"""Facts about a rule's wrong numbers that have no name, and a hint where to look."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from descentlab.rule_diagnosis.case import Case
from descentlab.rule_diagnosis.comparison import circumstances
from descentlab.rule_diagnosis.probe_table import KEYS, OWN_COLUMNS
from verdicts.agreement import EPS_SLACK
from verdicts.comparing.differences import at, distinct_texts
from verdicts.diagnosis import Explanation
from verdicts.diagnosis.exceptions import UNKNOWN_ERROR_HINT
from verdicts.sentences import say_named

Values = Mapping[str, Any]
"""The values for the templates of a row."""
Holds = Callable[[Case], Values | bool | None]
"""Whether a row applies to an answer, and the values for its templates."""
MOST_FACTS = 4


def explain_by_facts(case: Case) -> Explanation:
    """Explain an answer by all facts that hold and the first one's hint."""
    held = [(fact, fact.holds(case)) for fact in FACTS]
    facts = [(fact, values if isinstance(values, Mapping) else {}) for fact, values in held if values]
    words = [say_named(fact.words, values) for fact, values in facts if fact.words]
    hint = next(say_named(fact.hint, values) for fact, values in facts if fact.hint)
    wrong = ", ".join(sorted(case.wrong_probes))
    return Explanation("", "", hint, f"wrong on the probes {wrong}", facts=tuple(words[:MOST_FACTS]))


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
    for key, own, ratio in zip(KEYS, OWN_COLUMNS, case.array_ratios, strict=True):
        actual = case.step_ratios[own]
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
    return {"runs": "; ".join(map(circumstances, wrong))}


def _right_arrays(case: Case) -> Values | None:
    """The arrays that are right in the first run."""
    right = case.near[:, case.main].all(axis=0)
    keys = np.array([right[own].all() for own in OWN_COLUMNS])
    return {"keys": quoted(keys)} if keys.any() else None


def quoted(chosen: np.ndarray) -> str:
    """The keys selected by one boolean each."""
    return ", ".join(f'"{key}"' for key, is_chosen in zip(KEYS, chosen, strict=True) if is_chosen)


def _fails(case: Case) -> bool:
    return any("error" in run for run in case.actual_runs.values())


@dataclass(frozen=True)
class Fact:
    """A fact computed about an answer without a name."""

    holds: Holds
    words: str = ""
    hint: str = ""


FACTS = (
    Fact(
        _names_of_one,
        hint="Print `{same}`, and the same with `[k]` after each where they are dicts. Are they different "
        "things, or names of one?",
    ),
    Fact(_is_only_eps, "Only ε is wrong: wherever it is tiny, your steps are the expected ones."),
    Fact(
        _ratios,
        "Your steps in call {call}, compared with the expected ones: {shares}.",
    ),
    Fact(
        _depends_on_order,
        "Your steps change when the same gradients arrive in a different key order.",
        "Which variable of yours goes on from one key of the loop to the next, or from the end of a loop into "
        "the lines below it? What belongs to a key is made, and stored, under that key: `self.h[k] = …` keeps "
        "the others, `self.h = {…}` forgets them.",
    ),
    Fact(Case.ratio_in_constants, "{ratio} is {expression}."),
    Fact(
        _made_of,
        "In call {call} your {attribute} becomes {actual}; expected {expected}.",
        "Compare the line that makes {attribute} with the formula: which part of it differs, and where does "
        "it come from?",
    ),
    Fact(_memory, "After call {call} you remember for {place}: {actual}. Expected: {expected}."),
    Fact(
        _by_array,
        hint="One number for each array: how often is each line of yours run in one call, and which number "
        "changes from one key to the next?",
    ),
    Fact(
        _remembers_some,
        hint="Look for the line that makes {wrong}. Is it there, and what does it take that the formula has "
        "not?",
    ),
    Fact(
        lambda case: case.common_ratio is not None and _remembers_now(case),
        hint="What you remember is right, and one number multiplies every step of this call. By what does "
        "the line that moves θ multiply or divide, and where is that made?",
    ),
    Fact(
        _eps_adds_up,
        hint="Everything agrees while ε is tiny, and in the first call always. Do you store something that "
        "holds ε, so that ε adds up from call to call?",
    ),
    Fact(
        lambda case: case.wrong_probes <= EPS_PROBES,
        hint="Everything agrees while ε is tiny. Where does ε enter?",
    ),
    Fact(
        _is_only_eps,
        hint="Is it the constructor's ε? Does it stand inside the root or outside, before or after what is corrected?",
    ),
    Fact(
        _first_run_is_right,
        hint="The first run is right. Yours is wrong {runs}. What have these in common?",
    ),
    Fact(
        _right_arrays,
        hint="In the first run only {keys} comes out right. What is different about the other arrays?",
    ),
    Fact(
        _remembers_now,
        hint="What you remember is right after this call, so look at what moves θ. Compute that line by hand "
        "from these numbers: what does each bracket hold?",
    ),
    Fact(
        lambda case: case.common_ratio is not None,
        hint="One number for all coordinates: does it come from a factor, from what the call starts with, or "
        "from a line that takes all gradients together?",
    ),
    Fact(
        lambda case: case.call and {"wrong": case.call + 1},
        hint="Your numbers are right until call {wrong}. Which value does that call start from?",
    ),
    Fact(_fails, hint=UNKNOWN_ERROR_HINT),
    Fact(
        lambda case: True,
        hint="Compute this one number by hand, line by line of your code. Which value is the first that is "
        "not what the formula says?",
    ),
)
"""In order of importance: at most `MOST_FACTS` facts are shown, with the first hint."""
