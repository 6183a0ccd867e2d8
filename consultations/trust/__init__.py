"""What makes the record worth believing: who looked, the audit and its seals, backups, erasure."""
