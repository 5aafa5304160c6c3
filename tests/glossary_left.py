"""Where words that the glossary replaces still stand: to be renamed, never to be added to."""

LEFT: dict[str, dict[str, int]] = {
    "step size": {
        "src/descentlab_variants/frameworks": 1,
    },
}

OF_GRAMMAR: dict[str, int] = {
    "asked": 23,
    "bought": 0,
    "chosen": 10,
    "done": 16,
    "held": 10,
    "kept": 20,
    "left": 27,
    "made": 28,
    "place": 39,
    "said": 21,
    "seen": 19,
    "shown": 34,
    "taken": 7,
    "told": 0,
    "written": 9,
}
"""In how many files something is still named by such a word alone."""
