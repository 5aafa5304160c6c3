"""Lesson 04: odd answers."""

import numpy as np
from blind_collection import wrong


@wrong("adagrad/hindsight", "Starts at row 1 and so leaves out the gradients of the first round.")
def hindsight_scales_04_a(gradients, total):
    T, d = gradients.shape
    squares = np.zeros(d)
    for t in range(1, T):
        squares += gradients[t] ** 2
    G = np.sqrt(squares)
    return total * G / np.sum(G)


@wrong("adagrad/after-a-calm", "Prints the step instead of returning it.")
def surprise_04_a(calls, usual, big):
    h = calls * usual**2 + big**2
    step = -big / np.sqrt(h)
    print("The step is", step)
