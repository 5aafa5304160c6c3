"""Derivations of lesson 03-nesterov: what a check shows when it has passed."""

from descentlab.sentences import template

DERIVATIONS = {
    "nesterov/update": template(r"""
With both velocities, and with the old one alone; $\theta$ is what `params` holds:

$$v_{t+1} = \mu\,v_t - \eta\,g$$

$$\theta_{t+1} = \theta_t - \mu\,v_t + (1 + \mu)\,v_{t+1}$$

$$\theta_{t+1} = \theta_t + \mu^2\,v_t - (1 + \mu)\,\eta\,g$$

With the new velocity alone, as Lasagne writes it:

$$\theta_{t+1} = \theta_t + \mu\,v_{t+1} - \eta\,g$$"""),
}
