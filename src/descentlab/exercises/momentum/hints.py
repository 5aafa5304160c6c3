"""Hints of lesson 02-momentum: what `hint` says before a check fails, one more at each call."""

from descentlab.sentences import template

HINTS = {
    "momentum/update": (
        template(
            "There are two lines in the rule, and the second uses the new velocity. What does your code use?"
        ),
        template(
            "With gradients that are 1 at every call, η = 0.1 and μ = 0.9, the steps are −0.1, −0.19, "
            "−0.271. Print yours."
        ),
        template("Where does a velocity live between two calls, and is there one for each key?"),
    ),
    "momentum/ball": (
        template(
            "In step 3 everything stands that you need. What is the difference of places on the left "
            "multiplied by?"
        ),
        template(
            "Divide both sides by that bracket. μ is what the old displacement is multiplied by, η what "
            "the gradient is."
        ),
        template(
            "Without friction the ball keeps all of its velocity: which value must μ then have? Try it "
            "with your formula."
        ),
    ),
    "momentum/matrix": (
        template(
            "The product of a row and the vector is one number. Which number does each row have to make?"
        ),
        template("The second row needs no formula: it hands over a number that is in the vector already."),
        template("Check with μ = 0: then θ_t alone decides, and the factor is that of plain descent."),
    ),
    "momentum/stability": (
        template(
            "Run the rule with one learning rate for some hundred steps: is the end nearer to the minimum"
            " than the start?"
        ),
        template(
            "One learning rate is too small, one too large. Halve the interval between them, and keep the"
            " half that holds the limit."
        ),
    ),
    "momentum/tuned": (
        template(
            "At the flattest and at the steepest curvature the two roots meet. That makes two equations "
            "for √(ηλ)."
        ),
        template("Add the two equations: √μ drops out, and η is left alone."),
        template(
            "Compare with the pair printed for this valley: your function must give it for curvatures 0.1"
            " and 2."
        ),
    ),
}
