"""Whoever builds the site: the extra `site` from the wheel, as an ordinary user, outside any clone."""

import pytest
from pyodide_here import empty_packages

pytestmark = [
    pytest.mark.xdist_group("site"),
    pytest.mark.needs("python"),
    pytest.mark.needs("packages"),
    pytest.mark.parametrize("folder", ["builder"], indirect=True),
]


def test_the_site_is_built_of_what_the_extra_brings(builder, folder):
    empty_packages(folder / "pyodide")
    builder.own(folder)
    said = builder.good("autograde", "site", "public", "--browser-only", "--pyodide", "pyodide", cwd=folder)
    assert "public: 11 lessons" in said
    assert (folder / "public" / "files" / "06-adam" / "adam.ipynb").is_file()
    assert (folder / "public" / "api" / "contents" / "06-adam" / "all.json").is_file()
