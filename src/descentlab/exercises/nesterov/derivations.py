"""Derivations of lesson 03-nesterov: what a check shows when it has passed."""

DERIVATIONS = {
    "nesterov/update": r"""
With both velocities, and with the old one alone; $\theta$ is what `params` holds:

$$v_{t+1} = \mu\,v_t - \eta\,g$$

$$\theta_{t+1} = \theta_t - \mu\,v_t + (1 + \mu)\,v_{t+1}$$

$$\theta_{t+1} = \theta_t + \mu^2\,v_t - (1 + \mu)\,\eta\,g$$

With the new velocity alone, as Lasagne writes it:

$$\theta_{t+1} = \theta_t + \mu\,v_{t+1} - \eta\,g$$""",
    "nesterov/matrix": r"""
With $q$ for $\eta\lambda$, $a_t = \theta_t + \mu(\theta_t - \theta_{t-1})$ and $\theta_{t+1} = (1 - q)\,a_t$:

$$M = \begin{pmatrix} (1 + \mu)(1 - q) & -\mu(1 - q) \\ 1 & 0 \end{pmatrix}, \qquad
\operatorname{tr} M = (1 + \mu)(1 - q), \qquad \det M = \mu(1 - q) .$$""",
    "nesterov/limit": r"""
A root is −1 where $1 + \operatorname{tr} M + \det M = 1 + (1 + 2\mu)(1 - q)$ is 0, so

$$\eta_{\max} = \frac{2 + 2\mu}{(1 + 2\mu)\,\lambda_{\max}} .$$""",
    "nesterov/critical": r"""
$(1 + \mu)^2 (1 - q)^2 = 4\mu(1 - q)$ gives $q = 1 - 4\mu/(1 + \mu)^2 = (1 - \mu)^2/(1 + \mu)^2$, so

$$\mu = \frac{1 - \sqrt q}{1 + \sqrt q} .$$

For $q$ equal to $1/\kappa$ this is $(\sqrt\kappa - 1)/(\sqrt\kappa + 1)$, the momentum that books give
for Nesterov. (Momentum's best *factor per step* is the same expression: do not mix them up.) For $q$ equal
to 1 it is 0; $M$ is then zero in its first row for every $\mu$.""",
}
