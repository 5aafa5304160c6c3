"""`python tools/mutants.py FILE[,FILE…] TEST [TEST …]`: the changes of these files that none of these tests notices.

mutmut makes the changes, one at a time, in a copy below build/, and runs the tests that call the changed function; each
change that all of them pass is printed as a diff. It is installed there, too, behind the packages of this environment.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COPY, TOOL = ROOT / "build/mutants", ROOT / "build/mutmut"
MUTMUT = "import runpy, sys; sys.path.append({!r}); runpy.run_module('mutmut', run_name='__main__', alter_sys=True)"
SURVIVED = re.compile(r"(\S+): survived")


def main(files: str, *tests: str) -> None:
    names = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")[:-1]
    shutil.rmtree(COPY, ignore_errors=True)
    for name in names:
        (COPY / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, COPY / name)
    settings = {
        "source_paths": ["autograde", "src"],
        "only_mutate": files.split(","),
        "also_copy": sorted({name.partition("/")[0] for name in names} - {"autograde", "src"}),
        "pytest_add_cli_args": ["-p no:cacheprovider", "-m not slow"],
        "pytest_add_cli_args_test_selection": tests,
    }
    lines = ["[mutmut]", *("\n    ".join([f"{name}=", *values]) for name, values in settings.items())]
    (COPY / "setup.cfg").write_text("\n".join(lines), encoding="utf-8")
    if not TOOL.is_dir():
        install = [
            sys.executable,
            "-m",
            "uv",
            "pip",
            "install",
            "--quiet",
            "--target",
            TOOL,
            "mutmut>=3.8,<3.9",
        ]
        subprocess.run(install, check=True)
    mutmut = [sys.executable, "-c", MUTMUT.format(str(TOOL))]
    if status := subprocess.run([*mutmut, "run"], cwd=COPY).returncode:
        sys.exit(status)  # it has said why
    for name in SURVIVED.findall(subprocess.check_output([*mutmut, "results"], cwd=COPY, text=True)):
        print(subprocess.check_output([*mutmut, "show", name], cwd=COPY, text=True))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(
            "name the files to change and the tests to run: make mutants FILES=a.py,b.py TESTS=tests/x.py"
        )
    main(*sys.argv[1:])
