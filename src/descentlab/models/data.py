"""Data sets: digits and a recorded run of PyTorch, which ship with the package (`data/README.md`), moons, MNIST.

MNIST is for a person who has its four IDX files. An IDX file: two zero bytes, one for the type (8: unsigned bytes),
one for the number of dimensions; then each dimension as four bytes, big end first; then the numbers, the last
dimension fastest. Source: LeCun's MNIST page.
"""

import gzip
import io
import math
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from descentlab.sentences import say

FOLDER = Path(__file__).with_name("data")
UNSIGNED_BYTES = 8
LARGEST = 2**30  # bytes; MNIST's largest file has 47 million


class Part(NamedTuple):
    """Some rows of a data set."""

    x: np.ndarray
    """(n, pixels) floats from 0 to 1."""
    t: np.ndarray
    """(n,) class numbers."""


class Data(NamedTuple):
    """Rows to learn from, rows to choose by, rows to report; no row is in two parts."""

    train: Part
    valid: Part
    test: Part


def digits() -> Data:
    """1797 handwritten digits of 8×8 pixels: 1199 to train on, 299 to validate, 299 to test.

    Of each six rows of `data/digits.csv.gz` the first four train, the fifth validates, the sixth tests: no
    chance in it, and each of the 13 writers is in every part. Source and licence: `data/README.md`.
    """
    table = np.loadtxt(FOLDER / "digits.csv.gz", delimiter=",", dtype=np.uint8)
    x, t = table[:, :-1] / 16, table[:, -1].astype(int)
    remainder = np.arange(len(t)) % 6
    train, valid, test = (Part(x[rows], t[rows]) for rows in (remainder < 4, remainder == 4, remainder == 5))
    return Data(train, valid, test)


def moons(rows: int, rng: np.random.Generator, noise: float = 0.1) -> tuple[np.ndarray, np.ndarray]:
    """Two half circles that reach into each other: x (rows, 2), t (rows, 1) of 0.0 and 1.0.

    The upper half circle (class 0) has centre (0, 0), the lower (class 1) centre (1, 0.5), both radius 1;
    `noise` is the standard deviation around them.
    """
    t = np.arange(rows) % 2
    angle = rng.uniform(0, np.pi, rows)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    x = np.where(t[:, None] == 0, upper, [1, 0.5] - upper)
    return x + noise * rng.standard_normal((rows, 2)), t[:, None].astype(float)


@dataclass(frozen=True)
class PyTorchRun:
    """A run of `torch.optim.Adam(lr=0.001)` on BCEWithLogitsLoss, in float64."""

    x: np.ndarray
    """(128, 10) inputs."""
    t: np.ndarray
    """(128, 1) targets in [0, 1]."""
    iterates: dict[int, dict[str, np.ndarray]]
    """Step number → the parameters after it: W1 (10, 50), b1 (50,), W2 (50, 1), b2 (1,). Step 0 is the start.
    """
    losses: np.ndarray
    """(200,) the mean loss of batch t before step t, t = 1, 2, …"""

    def batch(self, step: int) -> tuple[np.ndarray, np.ndarray]:
        """The 32 rows that step 1, 2, … uses: x (32, 10), t (32, 1). After the fourth: the first."""
        first = 32 * ((step - 1) % 4)
        return self.x[first : first + 32], self.t[first : first + 32]

    def start(self) -> dict[str, np.ndarray]:
        """A copy of the parameters before step 1."""
        return {key: array.copy() for key, array in self.iterates[0].items()}


def pytorch_adam() -> PyTorchRun:
    """The recorded run."""
    with np.load(FOLDER / "pytorch_adam.npz", allow_pickle=False) as file:
        held = {key: file[key] for key in file.files}
    keys = ("W1", "b1", "W2", "b2")
    iterates = {int(step): {key: held[key][i] for key in keys} for i, step in enumerate(held["steps"])}
    return PyTorchRun(held["x"], held["t"], iterates, held["loss"])


class IdxError(ValueError):
    """A file that is not what an IDX file of unsigned bytes should be; the message names the file."""


def read_idx(path: str | Path) -> np.ndarray:
    """The array in an IDX file of unsigned bytes, gzipped or plain.

    Never returns a part of the numbers.

    Raises:
        FileNotFoundError: there is no file.
        IdxError: the magic number, the sizes or the length are not right.
    """
    path = Path(path)
    try:
        with path.open("rb") as raw:
            zipped = raw.read(2) == b"\x1f\x8b"
        with gzip.open(path) if zipped else path.open("rb") as file:
            return _read_array(path, file)
    except (EOFError, gzip.BadGzipFile, zlib.error) as broken:
        raise IdxError(
            say("{path}: damaged or cut off ({broken}): get the file again", path=path, broken=broken)
        ) from None


def mnist(folder: str | Path | None = None) -> Data:
    """50 000 images to train on, 10 000 to validate, 10 000 to test, from the four IDX files in `folder`.

    Without `folder`: the folder named by the variable DESCENTLAB_MNIST. Files may be gzipped or plain, and
    named `train-images-idx3-ubyte` or `train-images.idx3-ubyte`.

    Raises:
        FileNotFoundError, IdxError: as `read_idx` says, with what to do.
    """
    folder = folder or os.environ.get("DESCENTLAB_MNIST")
    if not folder:
        raise FileNotFoundError(
            say("no folder with the MNIST files: mnist('folder'), or set DESCENTLAB_MNIST")
        )
    train, test = (_read_part(Path(folder), name) for name in ("train", "t10k"))
    cut = len(train.t) * 5 // 6
    return Data(Part(train.x[:cut], train.t[:cut]), Part(train.x[cut:], train.t[cut:]), test)


def _read_array(path: Path, file: io.BufferedReader | gzip.GzipFile) -> np.ndarray:
    magic = file.read(4)
    kind, dimensions = magic[2:] if len(magic) == 4 and magic[:2] == b"\0\0" else (0, 0)
    sizes = file.read(4 * dimensions)
    if kind != UNSIGNED_BYTES or not 1 <= dimensions <= 4 or len(sizes) < 4 * dimensions:
        raise IdxError(say("{path}: not an IDX file of unsigned bytes in 1 to 4 dimensions", path=path))
    shape = tuple(int(size) for size in np.frombuffer(sizes, ">u4"))
    count = math.prod(shape)
    numbers = file.read(min(count, LARGEST) + 1)  # one more, to notice what should not be there
    if len(numbers) != count:
        held = say("more") if len(numbers) > count else len(numbers)
        raise IdxError(
            say(
                "{path}: its header promises {count} bytes for shape {shape}, the file holds {held}",
                path=path,
                count=count,
                shape=shape,
                held=held,
            )
        )
    return np.frombuffer(numbers, np.uint8).reshape(shape)


def _read_part(folder: Path, name: str) -> Part:
    images, labels = _find(folder, f"{name}-images", 3), _find(folder, f"{name}-labels", 1)
    x, t = read_idx(images), read_idx(labels)
    if x.ndim != 3 or t.ndim != 1 or len(x) != len(t):
        raise IdxError(
            say(
                "{folder}: {images} of shape {x} and {labels} of {t} do not fit",
                folder=folder,
                images=images.name,
                x=x.shape,
                labels=labels.name,
                t=t.shape,
            )
        )
    return Part(x.reshape(len(x), -1) / 255, t.astype(int))


def _find(folder: Path, name: str, dimensions: int) -> Path:
    """The file, gzipped or plain, with a dot or a dash in its name."""
    for path in sorted(folder.glob(f"{name}[-.]idx{dimensions}-ubyte*")):
        return path
    file = f"{name}-idx{dimensions}-ubyte"
    raise FileNotFoundError(say("no {file} (or .gz) in {folder}", file=file, folder=folder))
