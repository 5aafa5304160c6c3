"""Derivations of lesson 06-adam: what a check shows when it has passed."""

DERIVATIONS = {
    "adam/weight-sum": r"""
The gradient of $k$ calls ago has the weight $(1-\beta)\beta^k$, and
$(1-\beta)(1 + \beta + \dots + \beta^{t-1}) = 1 - \beta^t$.

Or let every $x$ be 1: then $1 - a$ is multiplied by $\beta$ at each call, so after $t$ calls
$a = 1 - \beta^t$.""",
    "adam/uncorrected": r"""
Where every $g$ is 1, $m$ and $v$ are the sums of their weights:

$$\frac{m}{\sqrt v} = \frac{1 - \beta_1^t}{\sqrt{1 - \beta_2^t}} .$$""",
    "adam/longest-step": r"""
Take $b_k = \sqrt{q_k}\,g$ and $a_k = p_k/\sqrt{q_k}$, where $g$ is the gradient of $k$ calls ago:

$$\hat m^2 = \Bigl(\sum_k p_k\,g\Bigr)^2 \le \sum_k \frac{p_k^2}{q_k} \cdot \sum_k q_k\,g^2 =
\hat v \sum_k \frac{p_k^2}{q_k} .$$

So $|\hat m|/\sqrt{\hat v}$ is at most the root of the last sum.""",
    "adam/worst-growth": r"""
Where $a_k$ and $b_k$ are equal, the gradient of $k$ calls ago is $p_k/q_k$, which is proportional to
$(\beta_1/\beta_2)^k$. One call later it is larger by the factor $\beta_2/\beta_1 = 0.99/0.8$.""",
    "adam/eps-hat": r"""
Multiply both parts of the fraction in (4) by $\sqrt{c_2}$:

$$\frac{m/c_1}{\sqrt{v/c_2} + \varepsilon} =
\frac{\sqrt{c_2}}{c_1} \cdot \frac{m}{\sqrt v + \varepsilon\sqrt{c_2}} .$$

Beside (5): $\hat\varepsilon = \varepsilon\sqrt{c_2}$ with $c_2$ of call $t$.""",
}
