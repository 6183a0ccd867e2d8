"""The unfinished work of a colleague who stops working here."""

from django.utils.translation import ngettext

from consultations.models import Appointment, Consultation, Draft, TreatmentSession


def unfinished_work(user):
    """Return what this person leaves unfinished, in words with counts."""
    consultations = Consultation.objects.unsigned().filter(clinician=user).count()
    sessions = TreatmentSession.objects.to_sign_by(user).count()
    bookings = Appointment.objects.holding().filter(practitioner=user).count()
    drafts = Draft.objects.of(user).count()
    told = [
        (
            consultations,
            ngettext("%d consultation to sign", "%d consultations to sign", consultations),
        ),
        (sessions, ngettext("%d session to sign", "%d sessions to sign", sessions)),
        (bookings, ngettext("%d appointment", "%d appointments", bookings)),
        (
            drafts,
            ngettext(
                "%d draft that only they can open", "%d drafts that only they can open", drafts
            ),
        ),
    ]
    return [words % count for count, words in told if count]
