"""The command line: `outlay-operator`."""
