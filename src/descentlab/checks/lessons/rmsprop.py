"""The checks of lesson 05-rmsprop."""

from descentlab.checks.spec import RuleCheck

CHECKS = (
    RuleCheck(
        name="rmsprop/update",
        rule="RMSprop",
        hyper={"lr": (0.05, 0.09), "decay": (0.91, 0.95)},
        has_eps=True,
        remembers=True,
        section="05-rmsprop, the fading average",
    ),
    RuleCheck(
        name="graves/update",
        rule="RMSpropGraves",
        hyper={"lr": (0.05, 0.09), "decay": (0.91, 0.95), "momentum": (0.76, 0.84)},
        has_eps=True,
        remembers=True,
        section="05-rmsprop, the centred version",
    ),
)
