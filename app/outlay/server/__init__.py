"""The running program: both ports, the database's start and end, signals."""
