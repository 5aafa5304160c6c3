"""Where `--scheduler` may point: N worker processes here, or a scheduler that TLS guards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from autograde.errors import UsageError

MOST_WORKERS = 256  # of one machine
FORMS = "--scheduler takes local:N (N worker processes on this machine) or tls://HOST:PORT"


@dataclass(frozen=True)
class Address:
    """`workers` processes on this machine, or, where that is 0, the scheduler at `url`."""

    workers: int = 0
    url: str = ""


def parse_address(text: str) -> Address:
    """What `--scheduler` says.

    Whoever reaches a scheduler without TLS can run programs as the grader. A loopback address is no
    exception: every user of this machine reaches it, and a scheduler listens on every interface unless told
    otherwise.

    Raises:
        UsageError: anything but `local:N` and `tls://HOST:PORT`; nothing was connected to.
    """
    if local := re.fullmatch(r"local:([0-9]{1,4})", text):
        if 1 <= (workers := int(local[1])) <= MOST_WORKERS:
            return Address(workers=workers)
        raise UsageError(f"--scheduler {text}: N must be between 1 and {MOST_WORKERS}.")
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError(f"--scheduler {text}: no address. {FORMS}.") from None
    if parts.scheme != "tls":
        raise UsageError(
            f"--scheduler {text}: without TLS anyone who reaches a scheduler, on this machine too, can run "
            f"programs as the grader. {FORMS}."
        )
    if not host or not port or parts.path or parts.query or parts.username:
        raise UsageError(f"--scheduler {text}: must be tls://HOST:PORT.")
    return Address(url=text)
