"""The checks of lesson 04-adagrad."""

from descentlab.checks.spec import RuleCheck

CHECKS = (
    RuleCheck(
        name="adagrad/update",
        rule="AdaGrad",
        hyper={"lr": (0.05, 0.09)},
        has_eps=True,
        remembers=True,
        section="04-adagrad, the sum of squares",
    ),
)
