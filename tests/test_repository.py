"""The repository keeps the promises of its own files."""

import re
import subprocess

from support import ROOT

from autograde.course.configuration import TEMPLATE


def test_a_new_course_is_configured_as_the_clone_is():
    assert (ROOT / "nbgrader_config.py").read_bytes() == TEMPLATE.read_bytes()


def test_of_a_lesson_its_text_is_committed_and_the_released_notebook():
    """The complete notebook is made where it is needed: one sentence changed is two files in a diff."""
    words = ["git", "ls-files", "solutions", "notebooks"]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    lessons = sorted(path.parent.name for path in (ROOT / "solutions").glob("*/*.md"))
    files = {name: f"{name}/{name.partition('-')[2]}" for name in lessons}
    texts = [f"solutions/{file}.md" for file in files.values()]
    released = [f"notebooks/{file}.ipynb" for file in files.values()]
    assert [name for name in listed if name.count("/") == 2] == [*released, *texts]


def test_the_example_in_readme_prints_what_readme_shows(capsys):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"```python\n(.*?)```\n\n```\n(.*?)```", text, re.DOTALL)
    exec(example[1], {})
    assert capsys.readouterr().out.startswith(example[2])
