"""Training reports the test accuracy of the best validated net, learns the digits, and repeats itself."""

import numpy as np
import pytest

from descentlab.models import (
    Data,
    Net,
    Part,
    accuracy,
    digits,
    gradient_noise,
    minibatches,
    softmax_cross_entropy,
    train,
    train_each,
)
from descentlab.rules import SGD, Adam, Momentum

NET = Net((64, 30, 10), softmax_cross_entropy, l2=1e-4)


def learn(rule, epochs, **options):
    params = NET.start(np.random.default_rng(0))
    return train(NET, params, rule, digits(), epochs, log=None, **options), params


def test_minibatches_are_every_row_once_in_random_order():
    pieces = list(minibatches(70, 32, np.random.default_rng(0)))
    assert [len(piece) for piece in pieces] == [32, 32, 6]
    rows = np.concatenate(pieces)
    assert sorted(rows) == list(range(70))
    assert rows.tolist() != list(range(70))


@pytest.mark.parametrize("rule", [SGD(0.3), Momentum(0.03, 0.9), Adam(0.005)], ids=lambda r: type(r).__name__)
def test_every_rule_learns_the_digits(rule):
    epochs, _ = learn(rule, 12)
    assert epochs[-1].test > 0.93
    assert epochs[-1].loss < 0.2


def test_the_same_seed_gives_the_same_run_and_another_another():
    first, again, other = (learn(Momentum(0.03, 0.9), 2, seed=seed)[0] for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_loss_and_accuracies_are_those_of_the_parameters_left_behind():
    epochs, params = learn(Adam(0.005), 1)
    data = digits()
    assert epochs[0].loss == NET.loss(params, *data.train)
    assert epochs[0].valid_loss == NET.loss(params, *data.valid)
    assert epochs[0].train == accuracy(NET, params, *data.train)
    assert epochs[0].valid == accuracy(NET, params, *data.valid)
    assert epochs[0].test == accuracy(NET, params, *data.test)


class Steps:
    """A rule that sets one output's bias to what the test wants after each epoch of one batch."""

    def __init__(self, *biases):
        self.biases = list(biases)

    def update(self, params, grads):
        params["b1"][:] = [0, self.biases.pop(0)]


def three_rows(classes):
    return Part(np.zeros((3, 1)), np.array(classes))


def test_the_test_accuracy_belongs_to_the_first_best_validation_and_ties_do_not_move_it():
    net = Net((1, 2), softmax_cross_entropy)
    params = {"W1": np.zeros((1, 2)), "b1": np.zeros(2)}
    data = Data(three_rows([0, 1, 0]), three_rows([1, 1, 0]), three_rows([1, 0, 0]))
    lines = []
    epochs = train(
        net, params, Steps(-1, 1, 2, -1), data, epochs=4, log=lambda epoch: lines.append(str(epoch))
    )
    assert [epoch.best for epoch in epochs] == [True, True, False, False]
    assert [epoch.test for epoch in epochs] == pytest.approx([2 / 3, 1 / 3, 1 / 3, 1 / 3])
    assert lines[1].endswith("validation accuracy 66.67%: best to date, test accuracy 33.33%")
    assert lines[2].endswith("validation accuracy 66.67%")


def test_a_run_that_diverges_ends_without_an_epoch_and_without_a_warning(recwarn):
    assert learn(SGD(1e200), 3)[0] == []
    assert not recwarn.list


def test_each_rule_gets_the_run_that_it_gets_alone():
    runs = train_each({"a": Momentum(0.03, 0.9), "b": SGD(0.3), "diverges": SGD(1e200)}, NET, digits(), 2)
    assert runs["a"] == learn(Momentum(0.03, 0.9), 2)[0]
    assert runs["b"] == learn(SGD(0.3), 2)[0]
    assert runs["diverges"] == []


def test_training_stops_where_it_is_told_to():
    asked = []
    epochs, _ = learn(SGD(0.3), 9, stop=lambda done: asked.append(len(done)) or len(done) == 3)
    assert len(epochs) == 3
    assert asked == [1, 2, 3]


@pytest.mark.parametrize("batch", [1, 8, 64, 600])
def test_the_noise_of_a_mini_batch_is_that_of_drawing_without_replacement(batch):
    """The oracle: every row's own gradient, and the textbook's variance of a mean of drawn rows."""
    net, part = Net((64, 10), softmax_cross_entropy), Part(*(array[:1199] for array in digits().train))
    params = net.start(np.random.default_rng(0))
    rows = len(part.t)
    flat = [
        np.concatenate([g.ravel() for g in net.gradients(params, part.x[[row]], part.t[[row]]).values()])
        for row in range(rows)
    ]
    single = np.mean(np.sum((np.array(flat) - np.mean(flat, axis=0)) ** 2, axis=1))
    expected = single / batch * (rows - batch) / (rows - 1)
    assert gradient_noise(net, params, part, batch, draws=400) == pytest.approx(expected, rel=0.06)


def test_a_batch_of_all_rows_has_no_noise():
    params = NET.start(np.random.default_rng(0))
    assert gradient_noise(NET, params, digits().train, 1199, draws=2) == pytest.approx(0, abs=1e-20)
