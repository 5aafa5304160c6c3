"""Derivations of lesson 06-adam: what a check shows when it has passed."""

from descentlab.sentences import template

DERIVATIONS = {
    "adam/weight-sum": template(r"""
The gradient of $k$ calls ago has the weight $(1-\beta)\beta^k$, and
$(1-\beta)(1 + \beta + \dots + \beta^{t-1}) = 1 - \beta^t$.

Or let every $x$ be 1: then $1 - a$ is multiplied by $\beta$ at each call, so after $t$ calls
$a = 1 - \beta^t$."""),
}
