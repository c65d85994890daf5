"""Backup and restore: one archive with the database, the files, and what both must be."""
