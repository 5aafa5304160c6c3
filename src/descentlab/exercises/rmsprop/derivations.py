"""Derivations of lesson 05-rmsprop: what a check shows when it has passed."""

DERIVATIONS = {
    "rmsprop/decay-for": r"""
With $u$ for `usual`, each call multiplies $h - u$ by $\rho$. It has to fall from `held` $- u$ to $u$, so
$\rho^{\text{calls}} = u/(\text{held} - u)$.""",
    "graves/update": r"""
The mean of $g^2 - 2\bar g g + \bar g^2$ is the mean of $g^2$, less $\bar g^2$. So

$$
n \leftarrow \rho n + (1 - \rho)\, g^2, \quad a \leftarrow \rho a + (1 - \rho)\, g, \quad
d \leftarrow \mu d - \eta\, \frac{g}{\sqrt{n - a^2 + \varepsilon}}, \quad \theta \leftarrow \theta + d
$$""",
    "rmsprop/variance": r"""
The new $a$ is $a + (1-\rho)\,\delta$, and $n = v + a^2$. So the new $v$ is

$$
\rho\,(v + a^2) + (1-\rho)(a + \delta)^2 - \bigl(a + (1-\rho)\,\delta\bigr)^2
= \rho\, v + \rho\,(1-\rho)\,\delta^2
$$

PyTorch's `RMSprop(centered=True)` computes $n - a^2$, and adds $\varepsilon$ only after the root.""",
}
