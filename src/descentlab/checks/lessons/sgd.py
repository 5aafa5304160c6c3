"""The checks of lesson 01-sgd."""

from descentlab.checks.spec import RuleCheck

CHECKS = (
    RuleCheck(
        name="sgd/update",
        rule="SGD",
        hyper={"lr": (0.05, 0.09)},
        has_eps=False,
        remembers=False,
        section="01-sgd, the step",
    ),
)
