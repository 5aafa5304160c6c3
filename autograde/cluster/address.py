"""Where `--scheduler` may point: N worker processes here, or a scheduler that TLS guards."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from autograde.errors import UsageError
from descentlab.sentences import say, template

MOST_WORKERS = 256  # of one machine
FORMS = template("--scheduler takes local:N (N worker processes on this machine) or tls://HOST:PORT")


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
        raise UsageError.say(
            "--scheduler {address}: N must be between 1 and {most}.", address=text, most=MOST_WORKERS
        )
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise UsageError.say(
            "--scheduler {address}: no address. {forms}.", address=text, forms=say(FORMS)
        ) from None
    if parts.scheme != "tls":
        raise UsageError.say(
            "--scheduler {address}: without TLS anyone who reaches a scheduler, on this machine too, can run "
            "programs as the grader. {forms}.",
            address=text,
            forms=say(FORMS),
        )
    if not host or not port or parts.path or parts.query or parts.username:
        raise UsageError.say("--scheduler {address}: must be tls://HOST:PORT.", address=text)
    return Address(url=text)
