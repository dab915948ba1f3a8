"""The `outlay` command."""
