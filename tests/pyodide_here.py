"""Pyodide for the tests: its runtime from npm, its packages from a folder next to the clone.

Matplotlib for Pyodide is in no registry: here it is a stand-in. Its Python files are those installed here,
its compiled modules do nothing but move points, as markers need: figures are not drawn, and no test says that they
were.
"""

import hashlib
import json
import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

from support import ROOT

from autograde.site.pyodide import LOCK, NEEDED, PACKAGES, RUNTIME, normalized

VERSION = "0.29.3"
PLACE = Path(os.environ.get("PYODIDE_PACKAGES", ROOT.parent / "shared" / "pyodide"))
MATPLOTLIB = "matplotlib-3.8.4-py3-none-any.whl"
STAND_IN = """
import sys
from unittest.mock import MagicMock
stand_in = MagicMock(name=__name__)
stand_in.affine_transform = lambda points, matrix: points @ matrix[:2, :2].T + matrix[:2, 2]
stand_in.__spec__, stand_in.__name__ = __spec__, __name__
sys.modules[__name__] = stand_in
"""


def missing() -> str:
    """Why Pyodide cannot be tried here; empty where it can."""
    if not PLACE.is_dir():
        return f"no Pyodide packages at {PLACE}"
    return "" if shutil.which("npm") else "no npm for Pyodide's runtime"


def unpack(folder: Path) -> Path:
    """Make a folder as Pyodide's unpacked distribution is."""
    folder.mkdir()
    subprocess.run(["npm", "pack", f"pyodide@{VERSION}"], cwd=folder, check=True, capture_output=True)
    archive = folder / f"pyodide-{VERSION}.tgz"
    subprocess.run(["tar", "xzf", archive.name, "--strip-components=1"], cwd=folder, check=True)
    archive.unlink()
    for path in PLACE.iterdir():
        shutil.copyfile(path, folder / path.name)
    _add_matplotlib(folder)
    return folder


def _add_matplotlib(folder: Path) -> None:
    root = Path(find_spec("matplotlib").submodule_search_locations[0])
    with ZipFile(folder / MATPLOTLIB, "w") as wheel:
        for path in sorted(root.rglob("*")):
            name = str(path.relative_to(root.parent))
            if path.suffix == ".so":
                wheel.writestr(name.partition(".")[0] + ".py", STAND_IN)
            elif path.is_file() and path.suffix != ".pyc" and "tests" not in path.parts:
                wheel.write(path, name)
        info = "matplotlib-3.8.4.dist-info"
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: matplotlib\nVersion: 3.8.4\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    lock = json.loads((folder / "pyodide-lock.json").read_bytes())
    lock["packages"]["matplotlib"] |= {
        "file_name": MATPLOTLIB,
        "sha256": hashlib.sha256((folder / MATPLOTLIB).read_bytes()).hexdigest(),
        "imports": ["matplotlib", "mpl_toolkits", "pylab"],
    }
    (folder / "pyodide-lock.json").write_text(json.dumps(lock))


def empty_packages(folder: Path) -> Path:
    """A folder with all that the lessons need of Pyodide, each file its own name: enough to build a site."""
    folder.mkdir()
    rows = {}
    for name in {name for package in PACKAGES for name in package.depends} | set(NEEDED):
        file = f"{name}-1-py3-none-any.whl"
        (folder / file).write_bytes(name.encode())
        digest = hashlib.sha256(name.encode()).hexdigest()
        rows[normalized(name)] = {"name": name, "file_name": file, "sha256": digest, "depends": []}
    for name in RUNTIME:
        (folder / name).write_text(name)
    (folder / LOCK).write_text(json.dumps({"info": {}, "packages": rows}))
    return folder
