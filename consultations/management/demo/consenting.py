"""Take consent to the courses: signed by hand on the day of the consultation."""

from consultations.actions.consents import answer_treatment
from consultations.models import TreatmentPlan
from consultations.models.signature import HEIGHT, WIDTH
from consultations.summaries.consent_reading import reading_of

POINTS = 40
ASKED_BEFORE = 15  # days before the first session, on which the time to reflect begins


def consent(diary, ago, assessed):
    """The patient reads and signs, some days before the course begins."""
    plan = TreatmentPlan.objects.with_patient().get(pk=diary.plans[assessed].pk)
    answer_treatment(
        plan=plan,
        stamp=reading_of(plan).stamp,
        by=diary.account("clinician"),
        signed_name=diary.patient.full_name,
        given_on=diary.clinic.day(ago),
        points=signature(diary.chance),
        created_at=diary.clinic.stamp(ago, "09:20"),
    )
    diary.plans[assessed].refresh_from_db()


def signature(chance):
    """A line that wanders across the sheet, as a hand would draw it."""
    step, height = (WIDTH - 200) // POINTS, HEIGHT // 2
    stroke = []
    for number in range(POINTS):
        height = min(max(height + chance.randint(-60, 60), 30), HEIGHT - 30)
        stroke.append([100 + number * step, height, number * 30])
    return [stroke]
