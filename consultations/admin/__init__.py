"""How staff see and enter the records: one ModelAdmin a file, custom pages in `pages`."""

from . import (  # noqa: F401
    addendum,
    appointment,
    assessment,
    clinic,
    consent,
    consultation,
    diary,
    document,
    event,
    follow_up,
    laser,
    message_words,
    patch,
    patient,
    photo,
    plan,
    referral,
    session,
)
