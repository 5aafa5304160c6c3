"""A PostgreSQL server of its own in a temporary folder, for gradebooks that are no file."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "postgres"


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`, where they are installed."""
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if path := shutil.which("initdb"):
        places.append(Path(path).resolve().parent)
    return next((place for place in places if (place / "initdb").exists()), None)


@contextmanager
def server() -> Iterator[str]:
    """The address of an empty database behind a socket that only its folder's owner reaches.

    Raises:
        SystemExit: PostgreSQL is not installed here.
    """
    programs_here = programs()
    if programs_here is None:
        raise SystemExit("PostgreSQL is not installed here: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="autograde-postgres-") as folder:
        root = os.geteuid() == 0  # whom PostgreSQL refuses
        if root:
            os.chown(folder, pwd.getpwnam(USER).pw_uid, pwd.getpwnam(USER).pw_gid)
        owner = {"user": USER, "group": USER, "extra_groups": []} if root else {}

        def run(program: str, *words: str) -> None:
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            subprocess.run([programs_here / program, *words], check=True, cwd=folder, **quiet, **owner)

        data = f"{folder}/data"
        run("initdb", "-D", data, "-U", USER, "--auth=trust", "--encoding=UTF8")
        options = f"-c listen_addresses= -c unix_socket_directories={folder}"
        run("pg_ctl", "start", "-w", "-D", data, "-o", options)
        try:
            run("createdb", "-h", folder, "-U", USER, "gradebook")
            yield f"postgresql+psycopg://{USER}@/gradebook?host={folder}"
        finally:
            run("pg_ctl", "stop", "-D", data, "-m", "immediate")


def configure(root: Path, address: str) -> None:
    """Have a course keep its gradebook in the database at this address."""
    config = f"c = get_config()\nc.CourseDirectory.db_url = {address!r}\n"
    (root / "nbgrader_config.py").write_text(config, encoding="utf-8")
