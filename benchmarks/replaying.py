"""The part of `replay.py` that stands for Dask: it answers tasks from a recording as fast as they come."""

import hashlib
import pickle
import socket
import sys
from pathlib import Path

from autograde.sandbox.inside import frames

PLACES = 64


def main(recording: Path, connection: socket.socket) -> None:
    """Serve until the grader is gone."""
    tier, answers = pickle.loads(recording.read_bytes())
    stream = connection.makefile("rwb")
    ready = {"places": PLACES, "tier": tier, "address": "tls://recording"}
    stream.write(frames.pack({"ready": ready}))
    stream.flush()
    while len(header := stream.read(frames.HEADER.size)) == frames.HEADER.size:
        text, raw = frames.lengths(header, 2**20, 2**31)
        order, task = frames.parse(stream.read(text)), stream.read(raw)
        answer = answers.get(hashlib.sha256(task).digest())
        if answer is None:
            stream.write(frames.pack({"failed": order["run"], "why": "not recorded"}))
        else:
            stream.write(frames.pack({"answer": order["run"], "worker": "tls://recording"}, answer))
        stream.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[3])))
