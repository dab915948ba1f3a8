"""Watches BackupSchedules, Backups and Restores, and makes of them what runs in the cluster."""
