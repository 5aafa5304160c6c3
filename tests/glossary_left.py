"""Where words that the glossary replaces still stand: to be renamed, never to be added to."""

LEFT: dict[str, dict[str, int]] = {
    "running mean": {
        "solutions/07-comparison/comparison.md": 2,
    },
    "fading average": {
        "solutions/05-rmsprop/rmsprop.md": 4,
    },
    "step size": {
        "solutions/04-adagrad/adagrad.md": 1,
        "src/descentlab_variants/frameworks": 1,
    },
    "swing": {
        "solutions/05-rmsprop/rmsprop.md": 1,
    },
    "run away": {
        "docs/mistakes/sgd-best-lr.md": 1,
        "solutions/01-sgd/sgd.md": 2,
        "solutions/04-adagrad/adagrad.md": 1,
    },
    "theirs": {
        "solutions/07-comparison/comparison.md": 1,
    },
    "mine": {
        "solutions/00-gradients/gradients.md": 1,
        "solutions/04-adagrad/adagrad.md": 1,
        "solutions/07-comparison/comparison.md": 1,
    },
    "yours": {
        "solutions/07-comparison/comparison.md": 1,
    },
    "found": {
        "solutions/00-gradients/gradients.md": 1,
        "solutions/05-rmsprop/rmsprop.md": 3,
        "solutions/07-comparison/comparison.md": 1,
    },
}
