"""The small nets and data sets that the lessons train; start with `net`.

data = digits()                                       1797 real handwritten digits, 8×8 pixels
net = Net((64, 30, 10), softmax_cross_entropy, l2=1e-4)
params = net.start(np.random.default_rng(0))          {"W1": …, "b1": …, "W2": …, "b2": …}
train(net, params, rule, data, epochs=10)             any object with update(params, grads)
runs = train_each({"SGD": rule, …}, net, data, 10)     each from the same start, on the same mini-batches
"""

from .data import Data, Part, PyTorchRun, digits, moons, pytorch_adam, valley_paths
from .net import Net, binary_cross_entropy, softmax_cross_entropy, squared_error
from .training import Epoch, accuracy, gradient_noise, minibatches, train, train_each

__all__ = [
    "Data",
    "Epoch",
    "Net",
    "Part",
    "PyTorchRun",
    "accuracy",
    "binary_cross_entropy",
    "digits",
    "gradient_noise",
    "minibatches",
    "moons",
    "pytorch_adam",
    "softmax_cross_entropy",
    "squared_error",
    "train",
    "train_each",
    "valley_paths",
]
