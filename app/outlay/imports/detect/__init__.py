"""Propose the layout of a CSV file from its first bytes."""
