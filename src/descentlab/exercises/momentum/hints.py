"""Hints of lesson 02-momentum: what `hint` says before a check fails, one more at each call."""

HINTS = {
    "momentum/update": (
        "The new displacement is the new velocity. Which velocity does your code add to the place?",
        "With gradients that are 1 at every call, η = 0.1 and μ = 0.9, the steps are −0.1, −0.19, "
        "−0.271. Print the steps of your class.",
        "Where does a velocity live between two calls, and is there one for each key?",
    ),
    "momentum/ball": (
        "In step 3 everything stands that you need. What is the difference of places on the left "
        "multiplied by?",
        "Divide both sides by that bracket. μ is what the old displacement is multiplied by, η what "
        "the gradient is.",
        "Without friction the ball keeps all of its velocity: which value must μ then have? Try it "
        "with your formula.",
    ),
    "momentum/matrix": (
        "The product of a row and the vector is one number. Which number does each row have to make?",
        "The second row needs no formula: it hands over a number that is in the vector already.",
        "Check with μ = 0: then θ_t alone decides, and the factor is that of plain descent.",
    ),
    "momentum/read-off": (
        "Take three neighbouring places. What does the ball's recursion say about them, with the "
        "gradient λ times the place?",
        "That is one equation, and two numbers in it are unknown. How many places does a second "
        "equation need?",
        "Both equations are linear. `np.linalg.solve` or `np.linalg.lstsq` finds the two numbers.",
    ),
    "momentum/limit": (
        "At the limit one root is −1. Put s = −1 into the equation for the eigenvalues.",
        "A bowl has several curvatures and one η. In which direction does the ball diverge first?",
    ),
    "momentum/tuned": (
        "At the flattest and at the steepest curvature the two roots meet. That makes two equations "
        "for √(ηλ).",
        "Add the two equations: √μ drops out, and η is left alone.",
        "In a round bowl both curvatures are equal. Which η brings the ball to the minimum in one step, "
        "and which μ goes with it?",
    ),
}
