"""Records that come in from other systems: read, checked, decided, saved as a whole, undone."""
