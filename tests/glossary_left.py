"""Where words that the glossary replaces still stand: to be renamed, never to be added to."""

LEFT: dict[str, dict[str, int]] = {
    "step size": {
        "src/descentlab_variants/frameworks": 1,
    },
}
