"""What is posted to the addresses of the matrix, and the forms that are there."""

from datetime import timedelta

from bs4 import BeautifulSoup
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp

from consultations.models import Appointment
from consultations.summaries.consent_reading import reading_of
from tests.admin.browsing import form_data
from tests.factories import AppointmentFactory
from tests.pictures import picture, upload
from tests.sweeps.world import OF_THE_DIARY

PASSWORD = "password"
NEW_PASSWORD = "Tr1cky-enough"
AUTHENTICATOR = "3132333435363738393031323334353637383930"  # the key that everybody is offered


def soon(days=40):
    return timezone.localdate() + timedelta(days=days)


def to_move(stage):
    """What is posted to move an appointment to a Monday morning."""
    by, patient = stage.users["clinician"], stage.patient
    found = Appointment.objects.holding().first()
    found = found or AppointmentFactory(by=by, patient=patient, kind="review")
    monday = soon() - timedelta(days=soon().weekday())
    return {
        "appointment": found.pk,
        "version": found.version,
        "starts": f"{monday:%Y-%m-%d}T09:30",
        "column": "practitioner",
        "key": "",
    }


def csv_file():
    return upload(b"family_name,date_of_birth\nNew,1990-01-02\n", "patients.csv")


def posted(stage):
    """What is filled in, by address, beside what the form itself has."""
    monday = soon() - timedelta(days=soon().weekday())
    when = {"starts_at_0": f"{monday:%Y-%m-%d}", "starts_at_1": "10:30"}
    spare = stage.spare
    plan, mode = stage.treatmentplan, stage.lasermode
    visit = f"plan-{plan.pk}-"
    new_person = {"family_name": "New", "given_name": "Person", "date_of_birth": "1990-01-02"}
    asked = {"pregnant": "false", "isotretinoin": "never"}
    passwords = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    reason = {"reason": "A slip."}
    signed = {"signed_name": "Given Family", "name_alone": "on"}
    days = {"starts_at_0": f"{soon():%Y-%m-%d}", "ends_at_0": f"{soon(50):%Y-%m-%d}"}
    return {
        "password_change": {
            "old_password": PASSWORD,
            "new_password1": NEW_PASSWORD,
            "new_password2": NEW_PASSWORD,
        },
        "import": {"file": csv_file(), "format": "auto"},
        "import_batch": {"check": "1", "column-0": "family_name", "column-1": "date_of_birth"},
        "draft": {
            "form": reverse("admin:consultations_patient_add"),
            "values": '{"family_name": "Half"}',
        },
        "diary_move": to_move(stage),
        "patient_add": new_person,
        "patient_change": {"phone": "020 7946 0001"},
        "patient_visit": asked
        | {
            f"{visit}include": "on",
            f"{visit}laser_mode": mode.pk,
            f"{visit}infection": "false",
            f"{visit}suspicious_lesion": "false",
        },
        "patient_photos": {
            "area": "face",
            "view": "front",
            "taken_on": "2025-03-03",
            "photos": [upload(picture())],
        },
        "patient_photos@consent": {
            "_consent": "1",
            "signed_name": "Given Family",
            "given_on": "2025-03-03",
        },
        "patient_photo_consent": signed,
        "patient_publicity_consent": signed,
        "consent_withdraw": {
            "withdrawn_on": f"{timezone.localdate():%Y-%m-%d}",
            "no_reason": "None given.",
        },
        "treatmentplan_consent": signed | {"_agree": "1", "stamp": reading_of(plan).stamp},
        "consultation_add": {
            "assessments-0-area": "face",
            "assessments-0-severity": "mild",
        },
        "consultation_change": {"concern": "Another."},
        "consultation_verdict": {"patient": stage.patient.pk},
        "surgicalreferral_add": {"notes": "A note."},
        "surgicalreferral_change": {"notes": "Another note."},
        "surgicalreferral_accepted": {"version": spare["waiting_for_reply"].version},
        "surgicalreferral_declined": {"version": spare["waiting_for_reply"].version},
        "surgicalreferral_another": {"version": spare["declined"].version},
        "surgicalreferral_goes_on": {
            "day": "2025-05-01",
            "version": spare["accepted"].version,
        },
        "surgicalreferral_close": {"words": "Withdrawn", "version": spare["unsent"].version},
        "referralsending_add": {
            "surgeon": stage.surgeon.pk,
            "document": "",
            "words": "Own letter.",
            "sent_on": f"{timezone.localdate():%Y-%m-%d}",
        },
        "surgeon_add": {"name": "New surgeon"},
        "surgeon_change": {"practice": "Another"},
        "treatmentplan_add": {},
        "treatmentplan_change": {"interval_days": "30"},
        "treatmentsession_add@done": asked | {"infection": "false", "laser_mode": mode.pk},
        "treatmentsession_change@done": {"pain": "3"},
        "appointment_add": when | {"kind": "treatment", "plans": plan.pk},
        "appointment_change": when,
        "appointment_arrive": {"version": spare["appointment"].version},
        "appointment_enter": {"version": spare["appointment"].version},
        "appointment_finish": {"version": spare["review"].version},
        "appointment_put_back": {"version": spare["arrived"].version},
        "appointment_call_off": {
            "words": "Clinic closed",
            "version": spare["appointment"].version,
        },
        "appointment_call_off@done": {"words": "Slip"},
        "appointment_fill": {
            "appointment": spare["waiting_list"].pk,
            "version": spare["waiting_list"].version,
        },
        "appointment_decline": {"words": "Moved", "version": spare["missed"].version},
        "appointment_book_course": {
            "patient": stage.patient.pk,
            "plans": plan.pk,
            "course": f"{monday:%Y-%m-%d}T10:30:00+00:00|||",
        },
        "adverseevent_add": {
            "kind": "oedema",
            "severity": "mild",
            "onset_on": stage.treatmentsession.performed_on.isoformat(),
        },
        "adverseevent_change": {"action_taken": "Another."},
        "followup_add": {"due_on": f"{soon():%Y-%m-%d}", "kind": "recall"},
        "followup_change": {"outcome": "Another."},
        "followup_done": {"words": "Booked", "version": stage.spare["waiting"].version},
        "followup_no_answer": {"words": "Tried", "version": stage.spare["waiting"].version},
        "testpatch_add": {"area": "neck", "result": "clear"},
        "testpatch_change": {"note": "Another."},
        "payment_add": {"amount": "20", "method": "card"},
        "payment_add@refund": {"amount": "20", "method": "card", "words": "Moved."},
        "payment_correct": reason,
        "discount_add": {"amount": "5", "reason": "A colleague."},
        "laser_add": {"name": "New laser", "modes-TOTAL_FORMS": "0"},
        "laser_change": {"manufacturer": "Another"},
        "lasermode_add": {
            "laser": stage.laser.pk,
            "name": "New mode",
            "laser_type": "non_ablative",
            "wavelength_nm": "1064",
            "pulse": "long",
        },
        "lasermode_change": {"wavelength_nm": "1320"},
        "authoriseduser_add": {
            "laser": stage.laser.pk,
            "user": stage.users["clinician"].pk,
            "trained_on": "2025-03-03",
            "authorised_by": "The adviser",
        },
        "authoriseduser_change": {"authorised_by": "Another"},
        "laserservice_add": {
            "laser": stage.laser.pk,
            "serviced_on": "2025-03-03",
            "serviced_by": "The maker",
            "work": "Checked.",
        },
        "laserservice_change": {"work": "Another."},
        "laserincident_add": {
            "laser": stage.laser.pk,
            "happened_on": "2025-03-03",
            "what": "It stopped.",
        },
        "laserincident_change": {"what": "Another."},
        "photo_change": {"taken_on": "2025-03-04"},
        "photouse_add": {"where": "A leaflet"},
        "photouse_change": {"where": "A leaflet"},
        "photouse_taken_down": {"version": stage.records["photouse"].version},
        "photo_turn": {"degrees": "90", "version": stage.records["photo"].version},
        "patient_send_again": {"message": stage.spare["refused"].pk},
        "messagetemplate_add": {
            "kind": "cancelled",
            "channel": "email",
            "subject": "Cancelled",
            "body": "Not on {when}.",
        },
        "messagetemplate_change": {"subject": "Soon", "body": "On {when}."},
        "precare_add": {"laser_type": "ablative_full", "text": "Stay out of the sun."},
        "precare_change": {"text": "Stay out of the sun."},
        "consentwording_add": {"kind": "photo", "text": "New words."},
        "consentwording_change": {"text": "Other words."},
        "patient_merge": {"with": stage.other.pk, "_merge": "1"} | reason,
        "patient_erase": {"confirm": stage.spare["patient"].record_number}
        | {"legal_reason": "A court asks for it."}
        | reason,
        "consultation_move": {"to": stage.patient.pk} | reason,
        "consultation_move@signed": {"to": stage.other.pk} | reason,
        "consultation_addendum": {"text": "Also the left side."},
        "consultation_addendum@unsigned": {"text": "Also the left side."},
        "treatmentsession_addendum": {"text": "Also the left side."},
        "treatmentsession_addendum@unsigned": {"text": "Also the left side."},
        "room_add": {"name": "New room"},
        "room_change": {"name": "Another room"},
        "openinghours_add": {"weekday": "0", "opens_at": "20:00", "closes_at": "21:00"},
        "openinghours_change": {"closes_at": "18:30"},
        "closedday_add": {"day": f"{soon():%Y-%m-%d}"},
        "closedday_change": {"day": f"{soon():%Y-%m-%d}"},
        "absence_add@own": days,
        "absence_add@others": days | {"user": stage.users["reception"].pk},
        "absence_change": days,
        "appointmentreason_add": {"words": "New reason", "reason_of": "clinic"},
        "appointmentreason_change": {"reason_of": "medical"},
        "appointmentlength_add": {"kind": "review", "minutes": "20"},
        "appointmentlength_change": {"minutes": "45"},
        "clinicsettings_add": {"name": "New clinic", "retention_years": "1"},
        "clinicsettings_logo": {"logo": upload(picture())},
        "clinicsettings_change": {"retention_years": "12"},
        "clinicsettings_entered_in_error": reason,
        "second_factor_set_up": {
            "code": f"{totp(bytes.fromhex(AUTHENTICATOR)):06d}",
            "password": PASSWORD,
        },
        "second_factor_new_codes": {"password": PASSWORD},
        "auth_user_add": {"username": "newcomer", "usable_password": "true"} | passwords,
        "auth_user_change": {"first_name": "New"},
        "auth_user_change@superuser": {"first_name": "New"},
        "auth_user_password_change": passwords,
        "auth_user_password_change@superuser": passwords,
    } | {f"{model}_entered_in_error": reason for model in (*stage.spare, *OF_THE_DIARY, "surgeon")}


def form_of(answer):
    """What a browser would post from the page that was answered, its search aside."""
    if answer.status_code != 200 or "text/html" not in answer.headers.get("Content-Type", ""):
        return {}
    soup = BeautifulSoup(answer.content, "html.parser")
    posts = "form[method=post]:not([role=search])"
    # The record's own, where acts stand above it.
    own = soup.select_one(f"#content-main > {posts}")
    found = own or soup.select_one(f"#content {posts}")
    return form_data(found) if found else {}


def fields_of(answer):
    """The names of all that can be filled in on the page that was answered."""
    soup = BeautifulSoup(answer.content, "html.parser")
    named = soup.select("#content form[method=post]:not([role=search]) [name]")
    return {one["name"] for one in named if not one.has_attr("disabled")}
