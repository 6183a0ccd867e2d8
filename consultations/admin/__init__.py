"""How staff see and enter the records: one ModelAdmin a file, custom pages in `pages`."""

from . import (  # noqa: F401
    assessment,
    consultation,
    event,
    follow_up,
    laser,
    patient,
    plan,
    referral,
    session,
    staff,
)
