"""Who may enter: passwords, sessions, one-time links and the limits on trying."""
