"""What an index would show of a release: one version, absolute links, a section of changes."""

import importlib.util
import re
import tomllib

import pytest
import yaml
from support import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
NAMED = re.compile(r"descentlab-(\d+\.\d+\.\d+)")


@pytest.fixture(scope="module")
def hook():
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_that_names_a_file_of_a_release_names_this_versions(page):
    assert set(NAMED.findall(page.read_text(encoding="utf-8"))) <= {PROJECT["version"]}


def test_every_link_of_the_long_description_is_absolute_and_leads_to_a_file(hook):
    source, version = PROJECT["urls"]["Source"], PROJECT["version"]
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    text = hook.long_description(readme, source, version)
    targets = re.findall(r"\]\(([^)\s]+)\)", text)
    assert len(targets) == len(re.findall(r"\]\(([^)\s]+)\)", readme)) > 20
    pictures = re.findall(r'(?:src|srcset)="([^"]+)"', text)
    assert len(pictures) == 2
    assert all(address.startswith(f"{source}/raw/v{version}/docs/img/") for address in pictures)
    assert [target for target in targets if not re.match(r"https://|#", target)] == []
    for kind, path in re.findall(rf'{source}/(blob|raw)/v{version}/([^)#\s"]+)', text):
        assert (ROOT / path).exists()
        assert (kind == "raw") == path.endswith((".png", ".gif"))


def test_the_long_description_begins_with_the_site_where_there_is_one(hook):
    for site in ("", "https://example.org/course/"):
        urls = PROJECT["urls"] | ({"Site": site} if site else {})
        metadata = {"urls": urls, "version": PROJECT["version"]}
        hook.LongDescription(ROOT, {}).update(metadata)
        second = metadata["readme"]["text"].split("\n\n")[1]
        assert second == f"**[Try it now, in your browser]({site})**" or (not site and "Try it" not in second)


def test_the_citation_is_of_this_version():
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    stated = (PROJECT["version"], PROJECT["license"], PROJECT["urls"]["Source"])
    assert (cited["version"], cited["license"], cited["repository-code"]) == stated


def test_nothing_is_published_before_lint_and_tests_have_passed():
    jobs = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())["jobs"]
    assert (jobs["upload"]["needs"], jobs["build"]["needs"]) == ("build", "test")
    tests = yaml.safe_load((ROOT / jobs["test"]["uses"]).read_text())
    assert {"push", "workflow_call"} <= set(tests[True])  # "on", as YAML reads it
    (job,) = tests["jobs"].values()
    assert job["steps"][-1]["run"].endswith(" .ci/run")
    script = (ROOT / ".ci/run").read_text()
    assert "REQUIRE_ALL=1" in script
    assert "\nmake lint\nmake test\n" in script


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_their_commit(workflow):
    used = re.findall(r"uses: (\S+@\S+)", workflow.read_text())
    assert [action for action in used if not re.fullmatch(r".+@[0-9a-f]{40}", action)] == []


def test_the_workflow_uploads_the_wheel_alone():
    """The sdist carries the solutions."""
    jobs = yaml.safe_load((ROOT / ".github/workflows/release.yml").read_text())["jobs"]
    (downloaded,) = [s["with"]["name"] for s in jobs["upload"]["steps"] if "download" in s["uses"]]
    uploaded = {
        step["with"]["name"]: step["with"]["path"]
        for step in jobs["build"]["steps"]
        if "upload-artifact" in step.get("uses", "")
    }
    assert uploaded[downloaded].endswith(".whl")
