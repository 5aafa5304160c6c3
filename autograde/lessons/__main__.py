"""`python -m autograde.lessons`: as `autograde notebooks`, where no script is installed."""

import sys
from importlib import import_module

if __name__ == "__main__":
    import_module("autograde.cli").app(["notebooks", *sys.argv[1:]])
