"""How staff see and enter the records: one ModelAdmin a file, custom pages in `pages`."""

from . import assessment, consultation, laser, patient, plan, referral, session, staff  # noqa: F401
