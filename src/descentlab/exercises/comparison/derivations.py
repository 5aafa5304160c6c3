"""Derivations of lesson 07-comparison: what a check shows when it has passed."""

DERIVATIONS = {
    "comparison/all-pairs": r"""
For one $z_i$ write $z_i - t_j = (z_i - \bar t) + (\bar t - t_j)$ and take the mean of the squares over
$j$. The middle term vanishes: $(z_i - \bar t)^2 + \mathrm{var}(t)$ is left. So the loss is

$$\frac1n \sum_i (z_i - \bar t)^2 + \mathrm{var}(t),
\qquad \frac{\partial\,\mathrm{loss}}{\partial z_i} = \frac2n\,(z_i - \bar t) .$$

No target of its own occurs in the slope. The best output is $\bar t$ in every row, and the loss is then
$\mathrm{var}(t)$.""",
    "comparison/logit-loss": r"""
$-\ln s = \ln(1 + e^{-z})$ and $-\ln(1 - s) = \ln(1 + e^{z})$. Each is `np.logaddexp(0, ∓z)`, which
takes $\max(0, \mp z)$ out of the logarithm: $e^{1000}$ is never computed. The loss is the mean of

$$w\,t\,\ln(1 + e^{-z}) + (1 - t)\ln(1 + e^{z}),$$

and with Step 3 its slope is $\bigl((1 - t)\,s - w\,t\,(1 - s)\bigr)/n$.""",
}
