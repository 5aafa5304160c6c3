"""The digits are those of the source, in three parts; IDX files are read whole or refused with a reason."""

import gzip
import hashlib
import re

import numpy as np
import pytest

from descentlab.models import IdxError, digits, mnist, moons, read_idx
from descentlab.models.data import FOLDER


def test_the_digits_file_is_the_one_the_readme_names():
    stated = re.search(r"sha256sum`: `([0-9a-f]{64})`", (FOLDER / "README.md").read_text()).group(1)
    assert hashlib.sha256((FOLDER / "digits.csv.gz").read_bytes()).hexdigest() == stated


def test_the_parts_hold_every_row_once():
    data = digits()
    assert [len(part.t) for part in data] == [1199, 299, 299]
    rows = np.concatenate([np.column_stack(part) for part in data])
    table = np.loadtxt(FOLDER / "digits.csv.gz", delimiter=",")
    table[:, :-1] /= 16
    assert sorted(map(tuple, rows)) == sorted(map(tuple, table))


def test_pixels_run_from_0_to_1_and_every_part_has_all_ten_digits():
    for x, t in digits():
        assert x.shape == (len(t), 64)
        assert (x.min(), x.max()) == (0, 1)
        assert set(t) == set(range(10))


def test_the_moons_are_two_classes_of_equal_size_that_a_line_cannot_part():
    x, t = moons(400, np.random.default_rng(0))
    assert x.shape == (400, 2)
    assert t.shape == (400, 1)
    assert t.sum() == 200
    line = np.column_stack([x, np.ones(400)])
    fitted = line @ np.linalg.lstsq(line, 2 * t - 1, rcond=None)[0]
    assert 0.75 < np.mean((fitted > 0) == (t == 1)) < 0.95


def idx(array: np.ndarray) -> bytes:
    sizes = b"".join(size.to_bytes(4, "big") for size in array.shape)
    return bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes()


PICTURES = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzipped"])
def test_an_idx_file_is_read_as_written(tmp_path, pack):
    (tmp_path / "file").write_bytes(pack(idx(PICTURES)))
    assert np.array_equal(read_idx(tmp_path / "file"), PICTURES)


BROKEN = {
    "empty": (b"", "not an IDX file of unsigned bytes"),
    "a web page": (b"<!DOCTYPE html>", "not an IDX file of unsigned bytes"),
    "floats": (b"\0\0\x0d\x03" + bytes(40), "not an IDX file of unsigned bytes"),
    "no dimensions": (b"\0\0\x08\0" + bytes(40), "not an IDX file of unsigned bytes"),
    "cut in the header": (idx(PICTURES)[:9], "not an IDX file of unsigned bytes"),
    "cut in the numbers": (idx(PICTURES)[:-1], "promises 24 bytes.*holds 23"),
    "too long": (idx(PICTURES) + b"x", "promises 24 bytes.*holds more"),
    "sizes of a galaxy": (b"\0\0\x08\x03" + b"\xff" * 12 + bytes(9), "holds 9"),
    "gzip cut": (gzip.compress(idx(PICTURES))[:-9], "damaged or cut off"),
    "gzip damaged": (gzip.compress(idx(PICTURES))[:10] + b"\xff" * 28, "damaged or cut off"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_idx_file_is_refused_with_its_name_and_the_reason(tmp_path, name):
    content, reason = BROKEN[name]
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(IdxError, match=f"(?s)file: .*{reason}"):
        read_idx(tmp_path / "file")


def write_mnist(folder, images=12, labels=12):
    rng = np.random.default_rng(0)
    for name in ("train", "t10k"):
        (folder / f"{name}-images.idx3-ubyte").write_bytes(
            idx(rng.integers(0, 256, (images, 4, 4), np.uint8))
        )
        (folder / f"{name}-labels.idx1-ubyte").write_bytes(idx(rng.integers(0, 10, labels, np.uint8)))


def test_mnist_keeps_a_sixth_of_the_training_rows_for_validation(tmp_path):
    write_mnist(tmp_path)
    data = mnist(tmp_path)
    assert [part.x.shape for part in data] == [(10, 16), (2, 16), (12, 16)]
    assert data.train.x.max() <= 1


def test_images_and_labels_of_different_number_are_refused(tmp_path):
    write_mnist(tmp_path, labels=11)
    with pytest.raises(IdxError, match="do not fit"):
        mnist(tmp_path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="train-images-idx3-ubyte"):
        mnist(tmp_path)


def test_without_a_folder_the_message_says_what_to_set(monkeypatch):
    monkeypatch.delenv("DESCENTLAB_MNIST", raising=False)
    with pytest.raises(FileNotFoundError, match="DESCENTLAB_MNIST"):
        mnist()
