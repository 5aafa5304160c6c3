"""The checks of lesson 03-nesterov."""

from descentlab.checks.spec import RuleCheck

CHECKS = (
    RuleCheck(
        name="nesterov/update",
        rule="Nesterov",
        hyper={"lr": (0.05, 0.09), "momentum": (0.76, 0.84)},
        has_eps=False,
        remembers=True,
        section="03-nesterov, the stored point",
    ),
)
