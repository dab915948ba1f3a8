"""What people write and what the operator answers: the one source of the custom resources' schemas."""
