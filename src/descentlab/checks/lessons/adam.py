"""The checks of lesson 06-adam."""

from descentlab.checks.spec import RuleCheck

CHECKS = (
    RuleCheck(
        name="adam/update",
        rule="Adam",
        hyper={"lr": (0.05, 0.09), "beta1": (0.82, 0.88), "beta2": (0.95, 0.98)},
        has_eps=True,
        remembers=True,
        section="06-adam, bias correction",
    ),
)
