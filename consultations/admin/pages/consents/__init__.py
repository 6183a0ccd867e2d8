"""Consent: one page with the state of every kind, one to read and sign, one to withdraw."""
