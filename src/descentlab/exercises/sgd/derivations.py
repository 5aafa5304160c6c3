"""Derivations of lesson 01-sgd: what a check shows when it has passed."""

DERIVATIONS = {
    "sgd/noise-floor": r"""
$V = (1 - \eta\lambda)^2\,V + \eta^2\sigma^2/B$, so
$V = \eta\sigma^2 / \bigl(B\lambda(2 - \eta\lambda)\bigr)$.""",
    "sgd/batch-noise": r"""
All $N$ deviations together: $N s + N(N - 1)\,c = 0$, so $c = -s/(N - 1)$. The mean of $B$ of them:

$$\frac{B s + B(B - 1)\,c}{B^2} = \frac{s}{B}\Bigl(1 - \frac{B - 1}{N - 1}\Bigr) =
\frac{s}{B} \cdot \frac{N - B}{N - 1} .$$""",
}
