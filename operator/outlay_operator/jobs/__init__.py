"""The objects that the operator makes: pure functions from a resource and the settings."""
