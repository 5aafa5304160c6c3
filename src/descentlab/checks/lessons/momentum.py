"""The checks of lesson 02-momentum."""

from descentlab.checks.spec import RuleCheck

CHECKS = (
    RuleCheck(
        name="momentum/update",
        rule="Momentum",
        hyper={"lr": (0.05, 0.09), "momentum": (0.76, 0.84)},
        has_eps=False,
        remembers=True,
        section="02-momentum, the velocity",
    ),
)
