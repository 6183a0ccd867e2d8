"""The demo clinic: invented patients, their stories, and what writes them to the database."""
