"""`python -m autograde`: as the script `autograde`."""

from autograde.cli import main

main()
