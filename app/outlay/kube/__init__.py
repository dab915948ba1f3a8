"""What the chart runs in a cluster beside the service."""
