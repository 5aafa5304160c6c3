"""One file that makes scheduler, workers and grader known to each other, and to nobody else."""

from __future__ import annotations

import json
import os
from pathlib import Path

from distributed import Security

from autograde.errors import UsageError


def write_certificates(path: Path) -> None:
    """Write a new certificate and its key as a configuration of Dask's, readable by its owner alone.

    Raises:
        UsageError: the file is there already or cannot be written.
    """
    made = Security.temporary()
    pair = {"cert": made.tls_client_cert, "key": made.tls_client_key}
    tls = {"ca-file": made.tls_ca_file, "scheduler": pair, "worker": pair, "client": pair}
    pages = {"http": {"routes": []}}  # Dask's pages need no certificate
    settings = {"comm": {"require-encryption": True, "tls": tls}, "scheduler": pages, "worker": pages}
    text = json.dumps({"distributed": settings}, indent=1)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError.say(
            "{path} is there already. Choose another name, or remove it.", path=path
        ) from None
    except OSError as error:
        raise UsageError.say("{path}: {reason}.", path=path, reason=error.strerror) from error
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(text + "\n")  # JSON is YAML, which Dask reads
    except OSError as error:  # a full disk: half of it would be taken for the whole
        path.unlink(missing_ok=True)
        raise UsageError.say("{path}: {reason}.", path=path, reason=error.strerror) from error
