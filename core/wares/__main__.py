"""`python -m wares` is the command `wares`."""

from wares.cli.main import main

main()
