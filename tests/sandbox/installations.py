"""Installations as people have them: not editable, in virtual environments, with packages from elsewhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from importlib.metadata import distribution
from pathlib import Path

import numpy
from support import ROOT

ELSEWHERE = Path(numpy.__file__).parents[1]  # the packages of the environment that runs the tests
PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
PROJECT = (*(f"src/{path.name}" for path in sorted((ROOT / "src").iterdir()) if path.is_dir()), "autograde")
NOT_COPIED = shutil.ignore_patterns("__pycache__", "site-packages", "test", "idlelib", "ensurepip", "lib2to3")


def put_project(site: Path) -> None:
    """What `pip install .` puts into a site folder."""
    files = []
    for folder in PROJECT:
        copy = site / Path(folder).name
        shutil.copytree(ROOT / folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
        files += [path.relative_to(site) for path in copy.rglob("*") if path.is_file()]
    about = site / "descentlab-0.1.0.dist-info"
    about.mkdir()
    for name in ("METADATA", "entry_points.txt"):
        (about / name).write_text(distribution("descentlab").read_text(name), encoding="utf-8")
    (about / "RECORD").write_text("".join(f"{path},,\n" for path in files))


def put_package(site: Path, name: str, requires: str = "numpy", **files: str) -> Path:
    """A small distribution; returns its package's folder."""
    folder = site / name
    folder.mkdir(parents=True)
    for file, text in {"__init__": "", **files}.items():
        (folder / f"{file}.py").write_text(text)
    about = site / f"{name}-1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\nRequires-Dist: {requires}\n"
    )
    (about / "RECORD").write_text("".join(f"{name}/{path.name},,\n" for path in folder.iterdir()))
    return folder


class Environment:
    """A Python and its folders."""

    def __init__(self, root: Path, site: Path) -> None:
        self.root, self.python, self.site = root, root / "bin" / "python", site

    @classmethod
    def venv(cls, root: Path, base: str = sys.executable, *options: str) -> Environment:
        """A virtual environment with nothing in it."""
        words = [base, "-m", "venv", "--without-pip", *options, str(root)]
        subprocess.run(words, check=True, capture_output=True)
        return cls(root, root / "lib" / PYTHON / "site-packages")

    @classmethod
    def conda(cls, root: Path) -> Environment:
        """A prefix as conda makes it: Python's own files, libraries, data and packages side by side."""
        site = root / "lib" / PYTHON / "site-packages"
        shutil.copytree(sysconfig.get_path("stdlib"), root / "lib" / PYTHON, ignore=NOT_COPIED, symlinks=True)
        site.mkdir()
        (root / "bin").mkdir()
        shutil.copy2(os.path.realpath(sys.executable), root / "bin" / PYTHON)
        for name in ("python", "python3"):
            (root / "bin" / name).symlink_to(PYTHON)
        (root / "lib" / "python3.1").symlink_to(PYTHON)
        for library in Path(sys.base_prefix, "lib").glob("libpython*"):
            shutil.copy2(library, root / "lib", follow_symlinks=False)
        for folder in ("lib/cmake", "share/jupyter", "conda-meta"):
            (root / folder).mkdir(parents=True)
            (root / folder / "x.json").write_text("{}")
        return cls(root, site)

    def use(self, *folders: Path) -> Environment:
        """Import from other site folders, too."""
        (self.site / "elsewhere.pth").write_text("".join(f"{folder}\n" for folder in folders))
        return self

    def run(self, source: str, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run a program, outside any clone."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.root), "PYTHONSAFEPATH": "1"} | settings
        return subprocess.run(
            [*words, str(self.python), "-c", source],
            cwd="/",
            env=environment,
            capture_output=True,
            text=True,
            timeout=180,
        )

    def in_boxes(self, cells: list[str], tiers: tuple[int, ...] = (0,), **settings: str) -> dict[int, str]:
        """What cells print in a box of each tier; 0 stands for the best one."""
        done = self.run(IN_BOXES.format(cells=cells, tiers=tiers), **settings)
        assert done.returncode == 0, done.stderr[-3000:]
        return {int(tier): said for tier, said in json.loads(done.stdout).items()}


IN_BOXES = """
import json
from autograde.sandbox import CellTask, Limits, Pool, Tier, best_tier, program, pool as pool_module
from autograde.selftest.hostile.boxes import printed
said, needed = {{}}, program.needs_identity
for tier in {tiers}:
    program.needs_identity = (lambda: False) if tier == 2 else needed  # as for a grader who is not root
    if tier:
        pool_module.best_tier = lambda: Tier(tier, "")
    with Pool(jobs=1, limits=Limits(cell_seconds=60)) as pool:
        run = pool.submit_run([CellTask(source) for source in {cells}], 7).result()
        assert not tier or run.tier == tier
        said[tier] = printed(run) + "".join(run.flags)
print(json.dumps(said))
"""
