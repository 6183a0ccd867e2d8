"""A clinic's worth of records for FHIR: everything that is written, in every state."""

import io
import json
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from consultations.exchange.fhir.export import export_bundle
from consultations.vocabulary import Closure, ConsentKind, DocumentKind, ReferralStatus, Sex
from tests.factories import (
    AppointmentFactory,
    AssessmentFactory,
    ConsentFactory,
    ConsultationFactory,
    DocumentFactory,
    EventFactory,
    PlanFactory,
    ReferralFactory,
    SendingFactory,
    SessionFactory,
    TestPatchFactory,
)
from tests.sweeps.world import make_world

KNOWN = {
    "sex": Sex.FEMALE,
    "given_name": "Ève Łucja",
    "email": "eve@example.org",
    "address": "1 Park Row\nLondon",
    "emergency_contact": "Adam, 020 7946 0001",
    "guardian": "Her mother",
    "interpreter_needed": True,
    "general_practitioner": "Dr Green",
    "language": "pt-br",
    "phototype": "IV",
    "any_allergies": True,
    "allergies": "Lidocaine",
    "medicines": "Aspirin",
}
SETTINGS = {
    "fluence_j_cm2": Decimal("12.500"),
    "pulse_energy_mj": Decimal(70),
    "power_w": Decimal("1.5"),
    "pulse_duration_us": Decimal("300.25"),
    "spot_size_mm": Decimal(10),
    "density_percent": Decimal("5.25"),
    "passes": 2,
    "repetition_rate_hz": Decimal("1.5"),
    "pulse_count": 410,
    "cooling": "air",
    "anaesthesia": "topical",
    "pain": 0,
    "satisfaction": 9,
    "grade": Decimal("1.5"),
    "global_improvement": "improved",
}


def make_clinic(by):
    """A person with something of everything that FHIR is written from, and a merged record."""
    world = make_world(by, **KNOWN)
    person, mode = world.patient, world.lasermode
    consultation = ConsultationFactory(
        by=by, patient=person, height_cm=172, weight_kg=Decimal("70.5"), concern="My neck."
    )
    neck = AssessmentFactory(by=by, consultation=consultation, severe=True, area="neck")
    ReferralFactory(
        by=by,
        assessment=neck,
        status=ReferralStatus.CLOSED,
        surgeon="Ms Tan",
        sent_on=date(2025, 3, 4),
        closed_on=date(2025, 4, 1),
        closure=Closure.OTHER,
        closure_words="Moved abroad",
    )
    plan = PlanFactory(by=by, assessment=AssessmentFactory(by=by, consultation=consultation))
    session = SessionFactory(by=by, plan=plan, laser_mode=mode, **SETTINGS)
    SessionFactory(by=by, plan=plan, elsewhere=True)
    EventFactory(by=by, session=session, resolved_on=session.performed_on + timedelta(days=3))
    made_in_error(EventFactory(by=by, session=session, moderate=True), by)
    made_in_error(SessionFactory(by=by, plan=plan, laser_mode=mode), by)
    made_in_error(ConsultationFactory(by=by, patient=person, height_cm=160), by)
    for kind in ConsentKind:
        wording = {"wording__kind": kind}
        ConsentFactory(by=by, patient=person, **wording, refused=True, no_reason="Too dear.")
        ConsentFactory(by=by, patient=person, **wording, withdrawn_on=date(2025, 5, 1))
    AppointmentFactory(
        by=by, plans=[plan], cancelled=True, room=world.room, laser=mode.laser, practitioner=by
    )
    letter = DocumentFactory(
        by=by,
        patient=person,
        referral=world.surgicalreferral,
        kind=DocumentKind.REFERRAL_LETTER,
    )
    SendingFactory(by=by, referral=world.surgicalreferral, document=letter)
    made_in_error(DocumentFactory(by=by, patient=person), by)
    TestPatchFactory(by=by, patient=person, laser_mode=mode, result="clear")
    return world


def made_in_error(record, by):
    record.entered_in_error_by, record.entered_in_error_reason = by, "Of another patient."
    record.entered_in_error_at = timezone.now()
    record.save(by=by, correcting=True)
    return record


def bundle_of(patient, by):
    file = io.BytesIO()
    export_bundle(patient=patient, by=by, file=file)
    return json.loads(file.getvalue())


def of_kind(bundle, kind):
    found = (entry["resource"] for entry in bundle["entry"])
    return [one for one in found if one["resourceType"] == kind]
