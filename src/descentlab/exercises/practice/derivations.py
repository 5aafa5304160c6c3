"""Derivations of lesson 08-practice: what a check shows when it has passed."""

DERIVATIONS = {
    "practice/adamw": r"""
$$\theta \leftarrow \theta - \eta\, (\hat m / (\sqrt{\hat v} + \varepsilon) + w\, \theta)$$

The decay stands outside the division: no coordinate's history changes it.""",
    "practice/effective": r"""
After the correction the weights are $p_i = (1 - \beta)\beta^i/(1 - \beta^t)$. Their squares sum to
$\frac{(1 - \beta)^2}{(1 - \beta^t)^2} \cdot \frac{1 - \beta^{2t}}{1 - \beta^2}$, so

$$N = \frac{1}{\sum p_i^2} = \frac{1 + \beta}{1 - \beta} \cdot \frac{1 - \beta^t}{1 + \beta^t}$$""",
    "practice/rest": r"""
Plain descent rests where $\lambda(\theta - \theta_*) + w\theta = 0$, at $\lambda\theta_*/(\lambda + w)$. A
sign is $\pm 1$ however small the slope, and $w\theta$ is 1 at $1/w$. So the sign rule rests at $\theta_*$ if
$|\theta_*| \le 1/w$, else at $\pm 1/w$.""",
}
