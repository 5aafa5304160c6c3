"""Derivations of lesson 02-momentum: what a check shows when it has passed."""

DERIVATIONS = {
    "momentum/update": r"""
In (1) bring $\theta_t$ to the left: a difference of two neighbouring places is left on each side, a velocity.

$$v \leftarrow \mu\,v - \eta\,g, \qquad \theta \leftarrow \theta + v$$

The ball moves by the *new* velocity: $v_{t+1} = \theta_{t+1} - \theta_t$.""",
    "momentum/matrix": r"""
$\theta_{t+1} = (1 + \mu - \eta\lambda)\,\theta_t - \mu\,\theta_{t-1}$, and the second number of $z_{t+1}$ is
the first one of $z_t$:

$$M = \begin{pmatrix} 1 + \mu - \eta\lambda & -\mu \\ 1 & 0 \end{pmatrix}$$""",
    "momentum/limit": r"""
The left side of (3) is zero at $s = -1$ where $\eta\lambda = 2(1 + \mu)$. So
$\eta < 2(1 + \mu)/\lambda_{\max}$.""",
    "momentum/tuned": r"""
Both ends alike: $1 - \sqrt{\eta\lambda_{\min}} = \sqrt{\eta\lambda_{\max}} - 1$, and each is $\sqrt\mu$. So
$\sqrt\eta\,\bigl(\sqrt{\lambda_{\min}} + \sqrt{\lambda_{\max}}\bigr) = 2$:

$$
\eta = \frac{4}{\bigl(\sqrt{\lambda_{\min}} + \sqrt{\lambda_{\max}}\bigr)^2}, \qquad
\sqrt\mu = \frac{\sqrt{\lambda_{\max}} - \sqrt{\lambda_{\min}}}
{\sqrt{\lambda_{\max}} + \sqrt{\lambda_{\min}}}
$$""",
}
