"""From what is in the cluster to what should be: one module a kind, each call from the beginning."""
