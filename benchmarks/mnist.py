"""Real MNIST, for a person who has its four IDX files: read, checked against what is known of it, trained on.

    python benchmarks/mnist.py FOLDER

Three epochs of the lessons' net with momentum; prints the training log, the time and what reading it took.
"""

import sys
import time

import numpy as np

from descentlab.models import IdxError, Net, mnist, softmax_cross_entropy, train
from descentlab.rules import Momentum

SIZES = [(50000, 784), (10000, 784), (10000, 784)]
FIRST_LABELS = [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
ONES = 6742  # among the 60 000 images to train and validate on


def main(folders: list[str]) -> int:
    """Returns 1 where the files are not MNIST's, 2 where there are none."""
    start = time.perf_counter()
    try:
        data = mnist(*folders)
    except (FileNotFoundError, IdxError) as error:
        print(error, file=sys.stderr)
        return 2
    print(f"read in {time.perf_counter() - start:.2f} s")
    labels = np.concatenate([data.train.t, data.valid.t])
    known = [part.x.shape for part in data] == SIZES and labels[:10].tolist() == FIRST_LABELS
    if not known or np.sum(labels == 1) != ONES:
        print("these are not MNIST's sizes and labels", file=sys.stderr)
        return 1
    net = Net((784, 100, 10), softmax_cross_entropy, l2=1e-4)
    start = time.perf_counter()
    train(net, net.start(np.random.default_rng(0)), Momentum(0.1, 0.9), data, epochs=3)
    print(f"trained in {time.perf_counter() - start:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:2]))
