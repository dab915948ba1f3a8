"""How the backups of this installation are, as whoever makes them publishes it."""
