"""Derivations of lesson 00-gradients: what a check shows when it has passed."""

from descentlab.sentences import template

DERIVATIONS = {
    "gradients/best-steps": template(r"""
Set the derivatives of (5) and (6) to zero: $h = 2\sqrt{r|f/f''|}$ and $h = \sqrt[3]{3r|f/f'''|}$."""),
}
