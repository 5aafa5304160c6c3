"""MNIST from its four IDX files, for a person who has them. The course works without.

An IDX file: two zero bytes, one for the type (8: unsigned bytes), one for the number of dimensions; then each
dimension as four bytes, big end first; then the numbers, the last dimension fastest. Source: LeCun's MNIST
page.
"""

from __future__ import annotations

import gzip
import math
import os
import zlib
from pathlib import Path

import numpy as np

from descentlab.sentences import say, template

from .data import Data, Part

UNSIGNED_BYTES = 8
LARGEST = 2**30  # bytes; MNIST's largest file has 47 million


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
        sentence = template("{path}: damaged or cut off ({broken}): get the file again")
        raise IdxError(say(sentence, path=path, broken=broken)) from None


def mnist(folder: str | Path | None = None) -> Data:
    """50 000 images to train on, 10 000 to validate, 10 000 to test, from the four IDX files in `folder`.

    Without `folder`: the folder named by the variable DESCENTLAB_MNIST. Files may be gzipped or plain, and
    named `train-images-idx3-ubyte` or `train-images.idx3-ubyte`.

    Raises:
        FileNotFoundError, IdxError: as `read_idx` says, with what to do.
    """
    folder = folder or os.environ.get("DESCENTLAB_MNIST")
    if not folder:
        sentence = template("no folder with the MNIST files: mnist('folder'), or set DESCENTLAB_MNIST")
        raise FileNotFoundError(say(sentence))
    train, test = (_read_part(Path(folder), name) for name in ("train", "t10k"))
    cut = len(train.t) * 5 // 6
    return Data(Part(train.x[:cut], train.t[:cut]), Part(train.x[cut:], train.t[cut:]), test)


def _read_array(path: Path, file) -> np.ndarray:
    magic = file.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0":
        sentence = template("{path}: not an IDX file: it begins with {begin}, not with 00 00")
        raise IdxError(say(sentence, path=path, begin=magic.hex(" ") or say("nothing")))
    kind, dimensions = magic[2], magic[3]
    if kind != UNSIGNED_BYTES or not 1 <= dimensions <= 4:
        sentence = template(
            "{path}: type {kind}, {dimensions} dimensions: unsigned bytes (type {read}) in 1 to 4 dimensions "
            "are read"
        )
        raise IdxError(say(sentence, path=path, kind=kind, dimensions=dimensions, read=UNSIGNED_BYTES))
    sizes = file.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise IdxError(say("{path}: cut off inside its header: get the file again", path=path))
    shape = tuple(int(size) for size in np.frombuffer(sizes, ">u4"))
    count = math.prod(shape)
    numbers = file.read(min(count, LARGEST) + 1)  # one more, to notice what should not be there
    if len(numbers) != count:
        held = say("more") if len(numbers) > count else len(numbers)
        sentence = template(
            "{path}: its header promises {count} bytes for shape {shape}, the file holds {held}"
        )
        raise IdxError(say(sentence, path=path, count=count, shape=shape, held=held))
    return np.frombuffer(numbers, np.uint8).reshape(shape)


def _read_part(folder: Path, name: str) -> Part:
    images, labels = _find(folder, f"{name}-images", 3), _find(folder, f"{name}-labels", 1)
    x, t = read_idx(images), read_idx(labels)
    if x.ndim != 3 or t.ndim != 1 or len(x) != len(t):
        sentence = template("{folder}: {images} of shape {x} and {labels} of {t} do not fit")
        raise IdxError(
            say(sentence, folder=folder, images=images.name, x=x.shape, labels=labels.name, t=t.shape)
        )
    return Part(x.reshape(len(x), -1) / 255, t.astype(int))


def _find(folder: Path, name: str, dimensions: int) -> Path:
    for dot in "-.":
        for end in ("", ".gz"):
            path = folder / f"{name}{dot}idx{dimensions}-ubyte{end}"
            if path.exists():
                return path
    file = f"{name}-idx{dimensions}-ubyte"
    raise FileNotFoundError(say("no {file} (or .gz) in {folder}", file=file, folder=folder))
