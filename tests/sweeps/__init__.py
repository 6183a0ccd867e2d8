"""What holds for every admin, every role and every page at once."""
