"""What a clinic's export says of itself in words: its tables, and what stands in none of them.

Names, help texts and choices of columns come from the models. Here stands what the models have no
words for, as no form shows it, and what a reader elsewhere needs beside them.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

CARE = _("Patients and their treatment")
PAPERS = _("Consent, documents and money")
DIARY = _("Diary and messages")
CLINIC = _("The clinic")
LOGS = _("What was done with the records")
GROUPS = (CARE, PAPERS, DIARY, CLINIC, LOGS)


@dataclass(frozen=True)
class Told:
    """What is said of a table: `label` where that of the model is not in the clinic's words."""

    group: object
    about: object
    label: object = ""


# In the order in which they are read.
TABLES = {
    "patient": Told(CARE, _("Who they are, how to reach them, and their standing health answers.")),
    "consultation": Told(
        CARE,
        _("A visit at which areas were assessed: what the patient wants, and the health screen."),
    ),
    "areaassessment": Told(
        CARE,
        _("One area at one consultation: its laxity, the verdict with its reasons, the decision."),
    ),
    "treatmentplan": Told(
        CARE, _("A course of sessions for one assessed area: how many, how often, at what price.")
    ),
    "treatmentsession": Told(
        CARE,
        _("One treatment of one plan: who did it, what the laser was set to, what came of it."),
    ),
    "testpatch": Told(CARE, _("A small patch that was treated to see how the skin takes it.")),
    "adverseevent": Told(CARE, _("What went wrong after a session, and what was done about it.")),
    "surgicalreferral": Told(CARE, _("A severe area that was referred to a surgeon.")),
    "referralsending": Told(CARE, _("Each time a referral was sent, to whom, and the answer.")),
    "followup": Told(CARE, _("Calls and reviews that fell due, and what came of them.")),
    "photo": Told(CARE, _("What each photo shows. The pictures are with their patients.")),
    "photouse": Told(CARE, _("Where a photo is shown outside the record.")),
    "addendum": Told(CARE, _("What was added to a record after it was signed.")),
    "consent": Told(
        PAPERS, _("What a patient agreed to or refused, as they read it, and withdrawals.")
    ),
    "consentwording": Told(PAPERS, _("The texts that patients read before they agree.")),
    "issueddocument": Told(
        PAPERS,
        _("Letters, quotes, receipts, with their patients; treatment registers, in clinic/files."),
    ),
    "payment": Told(PAPERS, _("Money received and given back, each for one plan.")),
    "discount": Told(PAPERS, _("What was taken off the price of a plan, and why.")),
    "appointment": Told(DIARY, _("Who comes when, to whom, and whether they came.")),
    "appointmentplan": Told(
        DIARY, _("Which plans an appointment is for, and the session that came of it.")
    ),
    "absence": Told(DIARY, _("When staff are away.")),
    "openinghours": Told(DIARY, _("When the clinic is open, by weekday.")),
    "closedday": Told(DIARY, _("Days on which the clinic is closed.")),
    "appointmentlength": Told(DIARY, _("How long an appointment of a kind takes.")),
    "appointmentreason": Told(DIARY, _("The reasons that can be chosen for calling off.")),
    "message": Told(DIARY, _("E-mails and text messages to patients about appointments.")),
    "message_others": Told(
        DIARY,
        _("Where one message tells of several appointments: those after the first."),
        _("Further appointments of messages"),
    ),
    "messageattempt": Told(DIARY, _("What became of a message, step by step.")),
    "messagetemplate": Told(DIARY, _("The clinic's own words for messages.")),
    "precare": Told(DIARY, _("The texts about preparing for a treatment.")),
    "clinicsettings": Told(CLINIC, _("Name, address, and the rules the clinic chose. One row.")),
    "user": Told(CLINIC, _("Everybody with an account, and what they may do."), _("Staff")),
    "room": Told(CLINIC, _("The rooms of the diary.")),
    "surgeon": Told(CLINIC, _("Surgeons to whom patients are referred.")),
    "laser": Told(CLINIC, _("The machines.")),
    "lasermode": Told(CLINIC, _("What a machine can be set to, from and up to.")),
    "laserservice": Told(CLINIC, _("When a machine was serviced, and by whom.")),
    "laserincident": Told(CLINIC, _("Faults and accidents with a machine.")),
    "authoriseduser": Told(CLINIC, _("Who was trained on which machine.")),
    "importbatch": Told(LOGS, _("Files that came in from other systems.")),
    "importedrecord": Told(LOGS, _("Which record came in with which import.")),
    "accessrecord": Told(LOGS, _("Who opened, exported or signed in to what, and when.")),
    "erasure": Told(LOGS, _("Whose data were erased, by whom and why. It names nobody.")),
}

_SECRETS = _("They sign people in.")
_PASSING = _("They are kept for a while only.")
_PROGRAM = _("They belong to the program, not to the clinic.")
_MADE = _("They are made from the other tables.")
_STAFF = _("They stand in the table of staff, with each account.")
_SIGNED_IN = _("Who is signed in now")
_CODES = _("Second factors: authenticator apps and recovery codes")
_COUNTED = _("Counts of refused sign-ins")
_ROLES = _("Roles and permissions")

# What a model that is in no table holds, and why it is in none.
LEFT_OUT = {
    "sessions.Session": (_SIGNED_IN, _SECRETS),
    "otp_totp.TOTPDevice": (_CODES, _SECRETS),
    "otp_static.StaticDevice": (_CODES, _SECRETS),
    "otp_static.StaticToken": (_CODES, _SECRETS),
    "consultations.CalendarAddress": (_("Addresses of calendars"), _SECRETS),
    "consultations.GivenPassword": (_("Marks on passwords that others have set"), _SECRETS),
    "consultations.SignInLimit": (_COUNTED, _PASSING),
    "consultations.RefusalCount": (_COUNTED, _PASSING),
    "consultations.Draft": (
        _("What somebody has typed and not saved"),
        _("Only its writer reads it, and it is no record."),
    ),
    "consultations.SearchKey": (_("Search keys"), _MADE),
    "consultations.ImportRow": (_("Rows of imports that are not saved yet"), _PASSING),
    "consultations.RecordCounter": (_("The last numbers that were given out"), _MADE),
    "consultations.AuditSeal": (
        _("Seals over the history"),
        _("They prove it to this program only, with its key."),
    ),
    "auth.Group": (_ROLES, _STAFF),
    "auth.Permission": (_ROLES, _STAFF),
    "auth.Group_permissions": (_ROLES, _STAFF),
    "auth.User_groups": (_ROLES, _STAFF),
    "auth.User_user_permissions": (_ROLES, _STAFF),
    "contenttypes.ContentType": (_("Lists of the program's own tables"), _PROGRAM),
    "admin.LogEntry": (
        _("A log of changes that is not used"),
        _("The history of each record says more."),
    ),
}

_DIGEST = _("SHA-256 of the file, as it was stored.")

# What a column holds, by its name or by table and name. Those of the models that have no words of
# their own are all here; of the others, those that a reader elsewhere would take amiss.
COLUMNS = {
    "id": _("What other records know it by. It never changes."),
    "created_at": _("When it was entered."),
    "created_by": _("Who entered it."),
    "changed_at": _("When it was last saved."),
    "changed_by": _("Who saved it last."),
    "version": _("How often it was saved. 1 is as it was entered."),
    "form_token": _("The program's own: a form that is sent twice counts once by it."),
    "entered_in_error_at": _("A record with a moment here counts no longer."),
    "entered_in_error_by": _("Who said so."),
    "history_id": _("A number for each version, in the order in which they were written."),
    "history_date": _("When this version was written."),
    "history_change_reason": _("Why, where somebody gave a reason or the program has one."),
    "history_type": _("What was done."),
    "history_user": _("Who wrote this version."),
    "signed_as": _("The record as it read when it was signed."),
    "findings": _("What spoke for or against, each with its level, its words and its source."),
    "rulebook": _("The edition of the rules that judged it."),
    "accessrecord.patient": _("Whose record it was, if it was a patient's."),
    "accessrecord.model": _("The kind of record: the name of its table."),
    "accessrecord.object_id": _("The id of the record in that table."),
    "addendum.consultation": _("What it was added to, if that is a consultation."),
    "addendum.session": _("What it was added to, if that is a session."),
    "appointment.before_diary": _("Whether it was a booked session in releases without a diary."),
    "appointment.uid": _("What calendars know the event by, in its feed and in messages."),
    "appointment.sequence": _("How often it was moved or cancelled, for calendars."),
    "appointment.holds": _("1 while it takes up its time: booked, arrived or in the room. Else 0."),
    "areaassessment.effective_outcome": _("The decision if there is one, else the verdict."),
    "areaassessment.facts": _("All that the rules saw, by the name of each fact."),
    "areaassessment.lasers": _("Which types of laser the verdict allows."),
    "areaassessment.until": _("Until when the verdict says to wait, if it does."),
    "clinicsettings.consent_from": _(
        "Since when consent has been recorded here. Plans that began before need none."
    ),
    "consent.digest": _("SHA-256 over what was read and signed."),
    "consent.digest_version": _("2 where the signature is in the digest too, else 1."),
    "consent.points": _("The strokes of the signature; drawn in the patient's folder."),
    "erasure.patient": _("The record, which has an E- number and no name any more."),
    "erasure.rows": _("Which rows were changed by it, with their digests, by table."),
    "erasure.key_name": _("Which key the proof was made with. It does not tell the key."),
    "erasure.proof": _("A digest that proves the erasure to this program."),
    "importbatch.format": _("The system it was known to come from."),
    "importbatch.headings": _("The headings of its columns."),
    "importbatch.mapping": _("What each of them was taken for, in the same order."),
    "importbatch.orders": _("What was answered about dates and decimals, by column."),
    "importbatch.readings": _("How dates and decimals were read, by column."),
    "importbatch.notes": _("What was said about the file."),
    "importbatch.counts": _("How many rows there were, and what became of them."),
    "importbatch.saving_since": _("Since when it is being saved, if it is now."),
    "importbatch.refusal": _("Why it was not saved, if it was not."),
    "importedrecord.batch": _("The import."),
    "importedrecord.model": _("The kind of record: the name of its table."),
    "importedrecord.key": _("The id of the record in that table."),
    "importedrecord.number": _("What the other system knows the patient by."),
    "importedrecord.is_new": _("Whether the record came in. If not, the row was found to be it."),
    "issueddocument.file": _("Where the program keeps it. In this folder it goes by its number."),
    "issueddocument.digest": _DIGEST,
    "issueddocument.size": _("Bytes."),
    "lasermode.pulse": _("How long a pulse is."),
    "message.claimed_by": _("The run of the program that sent it."),
    "message_others.message": _("The message."),
    "message_others.appointment": _("The appointment that it tells of too."),
    "patient.erased_at": _("When the person's data were erased."),
    "patient.merged_into": _("The record that goes on for the same person."),
    "patient.sort_name": _("The name as lists are ordered by it."),
    "payment.counters": _("The entry that this one corrects."),
    "photo.image": _("Where the program keeps it. In this folder its name ends with its id."),
    "photo.thumbnail": _("A small picture, made from the photo."),
    "photo.width": _("Pixels."),
    "photo.height": _("Pixels."),
    "photo.digest": _DIGEST,
    "photo.thumbnail_digest": _("SHA-256 of the small picture."),
    "testpatch.agreed": _("Whether the patient read the wording and agreed."),
    "treatmentsession.day": _("The day by which sessions are ordered: done, or else booked for."),
    "treatmentsession.elsewhere_checked": _(
        "False for sessions elsewhere of releases that asked less about them."
    ),
    "treatmentsession.performed_elsewhere": _(
        "Where, if it was not done here. It counts, and need not say who did it or with what laser."
    ),
    "treatmentsession.status": _(
        "Only “done” is a treatment. The others are bookings of releases without a diary."
    ),
    "user.email": _("Their e-mail address."),
    "user.is_active": _("Whether the account may sign in."),
    "user.is_staff": _("Whether the account may use the program."),
    "user.is_superuser": _("Whether the account may do everything."),
    "user.permissions": _("What they may do beside their roles."),
    "user.roles": _("The roles that say what they may do."),
    "user.username": _("The name they sign in with."),
}
