"""A visit: one form, its page, and what is checked while it is typed."""
