"""How staff see and enter the records: one ModelAdmin a file, custom pages in `pages`."""

from . import (  # noqa: F401
    addendum,
    appointment,
    assessment,
    clinic,
    consent,
    consultation,
    diary,
    discount,
    event,
    follow_up,
    laser,
    message_words,
    patch,
    patient,
    payment,
    photo,
    plan,
    referral,
    session,
)
