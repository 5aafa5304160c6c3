"""Derivations of lesson 00-gradients: what a check shows when it has passed."""

DERIVATIONS = {
    "gradients/best-steps": r"""
Set the derivatives of (5) and (6) to zero: $h = 2\sqrt{r|f/f''|}$ and $h = \sqrt[3]{3r|f/f'''|}$.""",
    "gradients/backprop": r"""
(10) gives $\delta = (z - t)/n$. Entry $(i, j)$ of $W_2$ enters $z_{kj}$ with the factor $a_{ki}$, in
every row $k$:

$$\frac{\partial f}{\partial W_{2,ij}} = \sum_k a_{ki}\,\delta_{kj} .$$

The row $k$ is summed, so it must stand in the middle of the product: $a^T \delta$. For $b_2$ the factor
is 1: sum $\delta$ over its rows. In the same way $\sum_j \delta_{kj} W_{2,ij}$ is entry $(k, i)$ of
$\delta\, W_2^T$, and the factor of Step 4 is $1 - a^2$.""",
}
