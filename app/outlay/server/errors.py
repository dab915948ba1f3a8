"""Why the service cannot run; each message says what to do."""


class ListenError(Exception):
    """A port cannot be had."""


class DatabaseError(Exception):
    """The database cannot be used."""


class ServerFailedError(Exception):
    """A port stopped being served though nobody asked for it."""
