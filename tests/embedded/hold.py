"""Start the embedded server of argv[1], print its address, stop it at Ctrl-C or end of input."""

import resource
import signal
import sys
from pathlib import Path

from outlay.embedded import EmbeddedError, EmbeddedPostgres


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    # A shell that starts the tests in the background has Ctrl-C ignored, and that is inherited.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if "small-files" in sys.argv:  # stands for a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))
    server = EmbeddedPostgres(Path(sys.argv[1]))
    try:
        server.start()
        say(server.dsn)
        sys.stdin.read()
    except KeyboardInterrupt:
        say("interrupted")
        sys.stdin.read()
    except EmbeddedError as error:
        say(f"{type(error).__name__}: {error}")
    finally:
        server.stop()


if __name__ == "__main__":
    main()
