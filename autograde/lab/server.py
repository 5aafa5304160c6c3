"""JupyterLab or Notebook 7 for one folder: a student's, without teachers' tools, or a course's, with them."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import zmq

SETTINGS = Path(__file__).parent  # a folder of Jupyter's settings for each role
TRUSTING = "from nbformat.sign import TrustNotebookApp; TrustNotebookApp"
PLACES_AT_HOME = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR", "MPLCONFIGDIR")


def jupyter(application: str, root: Path, port: int, browser: bool) -> list[str]:
    """The command: `application` is jupyterlab or notebook; it shows `root` and what is in it.

    A file `random.py` there is not imported (-P).
    """
    command = [
        *(sys.executable, "-P", "-m", application),
        f"--ServerApp.root_dir={root}",
        f"--ServerApp.port={port}",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]
    if zmq.has("curve"):  # on a shared machine nobody listens to what kernels say
        command.append("--KernelManager.transport_encryption=auto")
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # in a container; Jupyter would not start otherwise
        command.append("--allow-root")
    return command if browser else [*command, "--no-browser"]


def environment(copies: Path, student: bool) -> dict[str, str]:
    """This process's, with the role's settings first; a home that cannot be written is not used."""
    variables = dict(os.environ)
    settings = SETTINGS / ("student" if student else "teacher")
    before = variables.get("JUPYTER_CONFIG_PATH")
    variables["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, [str(settings), before]))
    if not os.access(os.path.expanduser("~"), os.W_OK):
        for name in PLACES_AT_HOME:
            variables.setdefault(name, str(copies / ".settings" / name.lower()))
    return variables


def trust(notebooks: Iterable[Path], variables: dict[str, str]) -> None:
    """Tell Jupyter that these are the course's, as `jupyter trust` does: it does not warn of them then."""
    if paths := list(map(str, notebooks)):
        command = [sys.executable, "-P", "-c", f"{TRUSTING}.launch_instance()", *paths]
        subprocess.run(command, env=variables, capture_output=True, check=False)


def run(command: list[str], folder: Path, variables: dict[str, str]) -> int:
    """Become the server, so that Ctrl-C and other signals are its own; on Windows wait for it.

    Returns:
        Its exit status.
    """
    sys.stdout.flush()
    if os.name == "posix":
        os.chdir(folder)
        os.execve(command[0], command, variables)
    with subprocess.Popen(command, cwd=folder, env=variables) as server:
        while True:
            try:
                return server.wait()
            except KeyboardInterrupt:  # Jupyter asks whether it is to end
                continue
