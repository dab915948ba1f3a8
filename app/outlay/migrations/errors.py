"""What can be wrong between a schema and this program."""


class MigrationError(RuntimeError):
    """Says why the schema and this program do not fit, and what to do."""
