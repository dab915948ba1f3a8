"""`python -m outlay.cli`, for environments without the script."""

from outlay.cli.main import main

main()
