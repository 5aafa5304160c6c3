"""The long description of a release: README.md with absolute links, pictures among them."""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

PICTURE = re.compile(r"""(!\[[^\]]*\]\(|(?:src|srcset)=")(?![a-z]+:|#)([^)\s"]+)(?=[)"])""")
LINK = re.compile(r"((?<!!)\[[^\]]*\]\()(?![a-z]+:|#)([^)\s]+)\)")


class LongDescription(MetadataHookInterface):
    """Sets the project's `readme`; hatchling finds this class by its place."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Called by hatchling with the project's table."""
        text = Path(self.root, "README.md").read_text(encoding="utf-8")
        text = long_description(text, metadata["urls"]["Source"], metadata["version"])
        if site := metadata["urls"].get("Site"):
            text = text.replace("\n\n", f"\n\n**[Try it now, in your browser]({site})**\n\n", 1)
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


def long_description(readme: str, source: str, version: str) -> str:
    """The README whose relative links lead into the repository at the version's tag."""
    readme = PICTURE.sub(rf"\g<1>{source}/raw/v{version}/\g<2>", readme)
    return LINK.sub(rf"\g<1>{source}/blob/v{version}/\g<2>)", readme)
