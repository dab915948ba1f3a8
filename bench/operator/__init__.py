"""What the operator needs, with many schedules and many Backups that are done."""
