"""Who may sign in: passwords, second factor, lock-out, login sessions, staff accounts."""
