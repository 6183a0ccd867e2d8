"""Who may come in: passwords, second factor, lock-out, sessions of sign-in, staff accounts."""
