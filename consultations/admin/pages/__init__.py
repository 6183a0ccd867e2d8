"""Pages of their own: each a function that asks permission first."""
