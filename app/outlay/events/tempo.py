"""How often things happen; all in seconds."""

from typing import Final

import msgspec


class Tempo(msgspec.Struct, frozen=True, kw_only=True):
    """The rhythm of live updates.

    `pace`: between two rounds of telling, so that a burst is told together. `per_stream` is added
    for each stream that was woken: telling takes half a core at most. `poll`: the database is asked
    for what nobody told. `check`: all rights are looked at again. `beat`: a comment keeps a silent
    stream open. `patience`: a client that takes nothing for so long is let go. `farewell`: streams
    have so long to end when the service stops. `first_retry`, `last_retry`: a lost connection is
    opened again after so long at first, and in the end.
    """

    pace: float = 0.02
    per_stream: float = 0.00005
    poll: float = 5.0
    check: float = 30.0
    beat: float = 15.0
    patience: float = 60.0
    farewell: float = 2.0
    first_retry: float = 0.25
    last_retry: float = 10.0


HOUSEHOLD: Final = Tempo()
