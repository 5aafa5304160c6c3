"""`python -m autograde.lessons`: as `autograde notebooks`."""

import sys

from autograde.cli import app

if __name__ == "__main__":
    app(["notebooks", *sys.argv[1:]])
