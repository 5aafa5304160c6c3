"""Hints of lesson 00-gradients: what `hint` says before a check fails, one more at each call."""

HINTS = {
    "gradients/slopes": (
        "Two of the three divide a difference of two loss values by a distance. Which distance lies "
        "between the two points of each?",
        "Try f(θ) = θ² at θ = 1 with h = 0.1 on paper: forward gives 2.1, central and complex give 2.",
        "The complex one has no difference in it: of f at a shifted point it takes the imaginary part.",
    ),
    "gradients/best-steps": (
        "Each error is a sum of two terms. One grows with h, the other shrinks. What is the "
        "derivative of the sum at the best h?",
        "Set that derivative to zero and solve for h. For the forward difference the answer has a "
        "square root, for the central one a cube root.",
        "A best h is a distance: it is positive whatever the signs of f and its derivatives.",
    ),
    "gradients/numerical": (
        "Only one entry of one array may differ from `params` when `loss` is called. How many calls "
        "of `loss` does an array of 6 entries need?",
        "Keep the entry's old value in a variable before you change it, and put that very value back."
        " Adding h and taking it away again does not always give the old bits.",
        "np.ndindex(p.shape) goes through the indices of an array of any shape, one without axes included.",
    ),
    "gradients/relative-error": (
        "Each entry is compared with its own partner. The largest quotient counts, not a mean and not"
        " a quotient of sums.",
        "What are both numbers divided by where one of them is zero? And where both are?",
    ),
    "gradients/backprop": (
        "Go backwards through the net, one line of the forward pass at a time. Which quantity does "
        "the loss depend on last?",
        "Each gradient has the shape of its parameter. Write down the shapes of the two arrays that "
        "can make it; often only one product fits.",
        "The derivative of tanh is known from its value. A bias is added to every row, so its "
        "gradient collects something from every row.",
    ),
}
