"""Writes that cross records: keyword-only verbs, atomic, that say who acts and keep history."""
