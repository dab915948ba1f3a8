"""`python -m outlay_backup`."""

from outlay_backup.cli.main import main

main()
