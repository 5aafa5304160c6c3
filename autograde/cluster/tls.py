"""The certificates that make machines known to each other alone."""

import json
import os
from pathlib import Path
from urllib.parse import urlsplit

from autograde.errors import UsageError


def require_tls(address: str) -> None:
    """Refuse any address but tls://HOST:PORT.

    Without TLS anyone who reaches a scheduler can run programs as the grader. A loopback address is no
    exception: every user of this machine reaches it, and a scheduler listens on every interface unless told
    otherwise.

    Raises:
        UsageError: it is another one; nothing was connected to.
    """
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not address.startswith("tls:"):
        raise UsageError(
            f"--scheduler {address}: without TLS anyone who reaches a scheduler, on this machine too, can "
            "run programs as the grader. Give it as tls://HOST:PORT."
        )
    if not host or not port or parts.path or parts.query or parts.username:
        raise UsageError(f"--scheduler {address}: must be tls://HOST:PORT.")


def write_certificates(path: Path) -> None:
    """Write a new certificate and its key as a configuration of Dask's, readable by its owner alone.

    Raises:
        UsageError: the file is there already or cannot be written.
    """
    from distributed import Security

    made = Security.temporary()
    pair = {"cert": made.tls_client_cert, "key": made.tls_client_key}
    tls = {"ca-file": made.tls_ca_file, "scheduler": pair, "worker": pair, "client": pair}
    pages = {"http": {"routes": []}}  # Dask's pages need no certificate
    # A sandbox has limits of its own.
    memory = dict.fromkeys(("target", "spill", "pause", "terminate"), False)
    settings = {
        "comm": {"require-encryption": True, "tls": tls},
        "scheduler": pages,
        "worker": pages | {"memory": memory},
    }
    text = json.dumps({"distributed": settings}, indent=1)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"{path} is there already. Choose another name, or remove it.") from None
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}.") from error
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text + "\n")  # JSON is YAML, which Dask reads
    except OSError as error:  # a full disk: Dask must not read half of it
        path.unlink(missing_ok=True)
        raise UsageError(f"{path}: {error.strerror}.") from error
