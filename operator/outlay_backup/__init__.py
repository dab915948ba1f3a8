"""Backups of a PostgreSQL database that have been restored before they count.

Works without Kubernetes and without the service's code: a database's address, a place to store and
the owners' public keys are all it takes. `docs/backups/format.md` describes what it writes.
"""

from typing import Final

__version__: Final = "0.1.0"
