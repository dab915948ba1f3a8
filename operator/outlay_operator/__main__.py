"""`python -m outlay_operator`."""

from outlay_operator.cli.main import main

main()
