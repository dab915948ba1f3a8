"""What can go wrong around the embedded PostgreSQL; each message says what to do next."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot be used as it is; the message says what to do."""


class NotInstalledError(EmbeddedError):
    """PostgreSQL's programs are not in this environment."""


class DataFolderError(EmbeddedError):
    """The data folder cannot be used: foreign files, wrong owner, closed to the server."""


class AlreadyRunningError(EmbeddedError):
    """Another process of this machine holds the data folder."""


class ProgramError(EmbeddedError):
    """One of PostgreSQL's programs ended with an error; the message has its last lines."""


class StartError(EmbeddedError):
    """The server did not come up, or did not go away; the message has its last lines."""


class OtherVersionError(EmbeddedError):
    """The data was written by another major version of PostgreSQL."""


class UpgradeError(EmbeddedError):
    """The data could not be carried over; the old data is as it was."""
