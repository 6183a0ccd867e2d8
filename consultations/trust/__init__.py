"""Access log, audit and its seals, erasure, retention, a person's export, backups."""
