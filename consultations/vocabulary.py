"""The clinic's words: every choice a record, a rule or a screen can name, with its stored value."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    OTHER = "other", _("Other")
    UNKNOWN = "unknown", _("Unknown")


class Phototype(TextChoices):
    """Fitzpatrick skin phototype: how skin answers to sun, I always burns … VI never burns."""

    I = "I", _("I – always burns, never tans")  # noqa: E741
    II = "II", _("II – burns easily, tans little")
    III = "III", _("III – burns at times, tans slowly")
    IV = "IV", _("IV – burns little, tans well")
    V = "V", _("V – brown skin, rarely burns")
    VI = "VI", _("VI – deeply pigmented, never burns")


class Area(TextChoices):
    FACE = "face", _("Face")
    NECK = "neck", _("Neck")
    STOMACH = "stomach", _("Stomach")
    ARMS = "arms", _("Arms")
    LEGS = "legs", _("Legs")


class Severity(TextChoices):
    MILD = "mild", _("Mild")
    MODERATE = "moderate", _("Moderate")
    SEVERE = "severe", _("Severe")


class LaserType(TextChoices):
    NON_ABLATIVE = "non_ablative", _("Non-ablative")
    NON_ABLATIVE_FRACTIONAL = "non_ablative_fractional", _("Non-ablative fractional")
    ABLATIVE_FRACTIONAL = "ablative_fractional", _("Ablative fractional")
    ABLATIVE_FULL = "ablative_full", _("Fully ablative")


ABLATIVE = (LaserType.ABLATIVE_FRACTIONAL, LaserType.ABLATIVE_FULL)


class Pulse(TextChoices):
    LONG = "long", _("Long (milliseconds)")
    MICROSECOND = "microsecond", _("Microsecond")
    Q_SWITCHED = "q_switched", _("Q-switched (nanoseconds)")
    PICOSECOND = "picosecond", _("Picosecond")
    CONTINUOUS = "continuous", _("Continuous or scanned")


class Pace(TextChoices):
    RAPID = "rapid", _("Rapid")
    GRADUAL = "gradual", _("Gradual")


class Isotretinoin(TextChoices):
    NEVER = "never", _("Never")
    PAST = "past", _("In the past")
    TAKING = "taking", _("Taking it now")


class Photosensitiser(TextChoices):
    """Drugs that make skin sensitive to light, by what they mean for a laser."""

    NONE = "none", _("None")
    OTHER = "other", _("Another one")
    CAUTIOUS = (
        "amiodarone_minocycline_st_johns_wort",
        _("Amiodarone, minocycline or St John’s wort"),
    )
    PDT_DRUG = "pdt_drug", _("One for photodynamic therapy")


class WeightLossMedicine(TextChoices):
    NEVER = "never", _("Never")
    PAST = "past", _("In the past")
    TAKING = "taking", _("Taking it now")


class RecentProcedure(TextChoices):
    """What was done to an area elsewhere; sessions of the record count by themselves."""

    NONE = "none", _("None")
    BOTULINUM_TOXIN = "botulinum_toxin", _("Botulinum toxin")
    THREAD_LIFT = "thread_lift", _("Thread lift")
    RADIOFREQUENCY = "radiofrequency", _("Radiofrequency")
    ULTRASOUND = "ultrasound", _("Ultrasound")
    MICRONEEDLING = "microneedling", _("Microneedling")
    PEEL = "peel", _("Peel")
    DEEP_PEEL = "deep_peel", _("Deep peel")
    DERMABRASION = "dermabrasion", _("Dermabrasion")
    LASER = "laser", _("Another laser")
    FULL_ABLATION = "full_ablation", _("Full ablation")


class BddScreen(TextChoices):
    """Screening for body dysmorphic disorder; a positive screen is not a diagnosis."""

    NOT_DONE = "not_done", _("Not done")
    NEGATIVE = "negative", _("Negative")
    POSITIVE = "positive", _("Positive")
    DECLINED = "declined", _("Declined")


class SurgeryKind(TextChoices):
    LIFT = "lift", _("Lift")
    EXCISION = "excision", _("Excision of skin")
    LIPOSUCTION = "liposuction", _("Liposuction")
    OTHER = "other", _("Other")


class TestPatchResult(TextChoices):
    CLEAR = "clear", _("Clear")
    REACTION = "reaction", _("Reaction")
    AWAITED = "awaited", _("Awaited")


class Outcome(TextChoices):
    """What candidacy concludes for one area; also the values of a clinician's decision."""

    CANDIDATE = "candidate", _("Suitable for laser")
    TOUCH_UP = "touch_up", _("Suitable for touch-up after surgery")
    HOLD = "hold", _("Wait")
    NOT_A_CANDIDATE = "not_a_candidate", _("Not suitable for laser")
    REFER_TO_SURGERY = "refer_to_surgery", _("Refer to surgery")

    @classmethod
    def treatable(cls) -> tuple["Outcome", "Outcome"]:
        return (cls.CANDIDATE, cls.TOUCH_UP)

    @classmethod
    def refusing(cls) -> tuple["Outcome", "Outcome"]:
        """No laser, and no surgeon either: what a clinician decides to stop a course by."""
        return (cls.HOLD, cls.NOT_A_CANDIDATE)


class Level(TextChoices):
    """How much a finding weighs, lightest first; block belongs to readiness alone."""

    INFO = "info", _("Note")
    CAUTION = "caution", _("Caution")
    HOLD = "hold", _("Wait")
    EXCLUDE = "exclude", _("Excluded")
    REFER = "refer", _("Refer")
    BLOCK = "block", _("Stop")


class ReferralStatus(TextChoices):
    TO_SEND = "to_send", _("To send")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    OPERATED = "operated", _("Operated")
    RECOVERED = "recovered", _("Recovered")
    CLOSED = "closed", _("Closed")


class Urgency(TextChoices):
    ROUTINE = "routine", _("Routine")
    SOON = "soon", _("Soon")
    URGENT = "urgent", _("Urgent")


class Closure(TextChoices):
    RETURNED_FOR_TOUCH_UP = "returned_for_touch_up", _("Returned for touch-up")
    PATIENT_DECLINED = "patient_declined", _("Patient declined")
    SURGEON_DECLINED = "surgeon_declined", _("Surgeon declined")
    NO_REPLY = "no_reply", _("No reply")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    OTHER = "other", _("Otherwise")


class SendingMethod(TextChoices):
    POST = "post", _("Post")
    EMAIL = "email", _("E-mail")
    PORTAL = "portal", _("Portal")
    BY_HAND = "by_hand", _("By hand")
    OTHER = "other", _("Otherwise")


class SurgeonAnswer(TextChoices):
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class PlanStatus(TextChoices):
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    COMPLETED = "completed", _("Completed")
    STOPPED = "stopped", _("Stopped")


class ShortCourseReason(TextChoices):
    TOUCH_UP = "touch_up", _("Touch-up after surgery")
    ABLATIVE_COURSE = "ablative_course", _("Ablative course")
    CLINICAL_DECISION = "clinical_decision", _("Clinical decision")
    CONTINUED_ELSEWHERE = "continued_elsewhere", _("Continued elsewhere")


class SessionStatus(TextChoices):
    BOOKED = "booked", _("Booked")
    DONE = "done", _("Done")
    MISSED = "missed", _("Missed")
    CANCELLED = "cancelled", _("Cancelled")


class AppointmentKind(TextChoices):
    CONSULTATION = "consultation", _("Consultation")
    TREATMENT = "treatment", _("Treatment")
    TEST_PATCH = "test_patch", _("Test patch")
    REVIEW = "review", _("Review")
    OTHER = "other", _("Other")

    @classmethod
    def recorded(cls) -> tuple["AppointmentKind", ...]:
        """Those that are done by their own record, a session or a consultation."""
        return (cls.TREATMENT, cls.CONSULTATION)


class AppointmentStatus(TextChoices):
    BOOKED = "booked", _("Booked")
    ARRIVED = "arrived", _("Arrived")
    IN_ROOM = "in_room", _("In the room")
    DONE = "done", _("Done")
    MISSED = "missed", _("Missed")
    CANCELLED = "cancelled", _("Cancelled")

    @classmethod
    def holding(cls) -> tuple["AppointmentStatus", ...]:
        """Those that hold a slot: what is to come, or is under way."""
        return (cls.BOOKED, cls.ARRIVED, cls.IN_ROOM)


class ReasonOf(TextChoices):
    """Whose reason it was that an appointment was missed or cancelled."""

    PATIENT = "patient", _("The patient’s")
    CLINIC = "clinic", _("The clinic’s")
    MEDICAL = "medical", _("Medical")


class Rebook(TextChoices):
    """What became of somebody whose appointment was missed or cancelled."""

    OPEN = "open", _("To book again")
    BOOKED = "booked", _("Booked again")
    DECLINED = "declined", _("Not to book again")


class MessageKind(TextChoices):
    """What patients are written about: their appointments, and nothing else."""

    CONFIRMATION = "confirmation", _("Confirmation")
    REMINDER = "reminder", _("Reminder")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")


class MessageChannel(TextChoices):
    EMAIL = "email", _("E-mail")
    TEXT = "text", _("Text message")


class MessageStatus(TextChoices):
    """Where a message is. Claimed: a run is handing it over at this moment."""

    WAITING = "waiting", _("Waiting")
    CLAIMED = "claimed", _("Being sent")
    SENT = "sent", _("Sent")
    NOT_KNOWN = "not_known", _("Not known whether sent")
    NOT_REACHED = "not_reached", _("Not sent: the server could not be reached")
    REFUSED = "refused", _("Refused")
    RETURNED = "returned", _("Came back")
    BOUNCED = "bounced", _("Does not arrive")
    WITHHELD = "withheld", _("Not sent: the address does not work")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @classmethod
    def left(cls) -> tuple["MessageStatus", ...]:
        """Of messages that may have reached the patient."""
        return cls.CLAIMED, cls.SENT, cls.NOT_KNOWN, cls.RETURNED, cls.BOUNCED

    @classmethod
    def to_look_after(cls) -> tuple["MessageStatus", ...]:
        """Of messages that did not reach the patient, or of which nobody knows."""
        return cls.NOT_KNOWN, cls.NOT_REACHED, cls.REFUSED, cls.BOUNCED, cls.WITHHELD


class Cooling(TextChoices):
    NONE = "none", _("None")
    CONTACT = "contact", _("Contact")
    CRYOGEN = "cryogen", _("Cryogen spray")
    AIR = "air", _("Cold air")


class Anaesthesia(TextChoices):
    NONE = "none", _("None")
    TOPICAL = "topical", _("Topical")
    LOCAL = "local", _("Local injection")
    NERVE_BLOCK = "nerve_block", _("Nerve block")
    SEDATION = "sedation", _("Sedation")


class GlobalImprovement(TextChoices):
    """The GAIS label. Scales run both ways in print, so the label is stored, never a number."""

    VERY_MUCH_IMPROVED = "very_much_improved", _("Very much improved")
    MUCH_IMPROVED = "much_improved", _("Much improved")
    IMPROVED = "improved", _("Improved")
    NO_CHANGE = "no_change", _("No change")
    WORSE = "worse", _("Worse")


class EventKind(TextChoices):
    """What can go wrong after a session, by the clinical reference 6.2; soonest onset first."""

    ERYTHEMA = "erythema", _("Redness that lasts")
    OEDEMA = "oedema", _("Swelling")
    BURN = "burn", _("Burn or blister")
    INFECTION = "infection", _("Infection")
    HERPES = "herpes", _("Herpes")
    ACNE = "acne", _("Acne or milia")
    DERMATITIS = "dermatitis", _("Contact dermatitis")
    HYPERPIGMENTATION = "hyperpigmentation", _("Darker skin")
    HYPOPIGMENTATION = "hypopigmentation", _("Lighter skin")
    SCAR = "scar", _("Scar")
    ECTROPION = "ectropion", _("Ectropion")
    OTHER = "other", _("Other")


class EventSeverity(TextChoices):
    """Mild resolves by itself; moderate needs treatment or delays a session; severe leaves a scar
    or a lasting change, spreads through the body, or needs a hospital (6.2)."""

    MILD = "mild", _("Mild – resolves by itself")
    MODERATE = "moderate", _("Moderate – needs treatment or delays a session")
    SEVERE = "severe", _("Severe – scar, lasting change or hospital")


class ReportedTo(TextChoices):
    """Where an adverse event is reported to (clinical reference 11)."""

    YELLOW_CARD = "yellow_card", _("Yellow Card (MHRA)")
    MEDWATCH = "medwatch", _("MedWatch (FDA)")
    MAKER = "maker", _("The maker")
    OTHER = "other", _("Other")


class FollowUpKind(TextChoices):
    INFECTION_WATCH = "infection_watch", _("Infection watch")
    RESULT_REVIEW = "result_review", _("Result review")
    REFERRAL_REPLY = "referral_reply", _("Reply to a referral")
    RECALL = "recall", _("Recall")


class PaymentKind(TextChoices):
    """What an entry of a course's ledger is; a correction counters one entry in full."""

    DEPOSIT = "deposit", _("Deposit")
    PAYMENT = "payment", _("Payment")
    REFUND = "refund", _("Refund")
    CORRECTION = "correction", _("Correction")


class PaymentMethod(TextChoices):
    CASH = "cash", _("Cash")
    CARD = "card", _("Card")
    TRANSFER = "transfer", _("Transfer")
    OTHER = "other", _("Other")


class Worth(TextChoices):
    """What the sessions done are worth when a course is stopped."""

    SINGLE = "single", _("The price of a single session for each done, at most the course")
    SHARE = "share", _("Its share of the course for each done")


class PhotoView(TextChoices):
    """From where the camera looks; left and right are the patient's own."""

    FRONT = "front", _("Front")
    LEFT_OBLIQUE = "left_oblique", _("Left, 45°")
    RIGHT_OBLIQUE = "right_oblique", _("Right, 45°")
    LEFT_SIDE = "left_side", _("Left side")
    RIGHT_SIDE = "right_side", _("Right side")
    BACK = "back", _("Back")
    ARMS_OUT = "arms_out", _("Arms held out")


class ConsentKind(TextChoices):
    """What somebody agrees to; `photo` are those of the record, seen by nobody else."""

    PHOTO = "photo", _("Photos")
    TREATMENT = "treatment", _("Treatment")
    PUBLICITY = "publicity", _("Photos in advertising")


class ConsentState(TextChoices):
    """Where consent leaves a course, in the words that everybody may read, behind "Consent"."""

    MISSING = "missing", _("missing")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")
    REFLECTING = "reflecting", _("time to reflect")
    GIVEN = "given", _("given")


class DocumentKind(TextChoices):
    """What is issued on paper and kept as issued: about one patient, or of one laser."""

    REFERRAL_LETTER = "referral_letter", _("Referral letter")
    GP_LETTER = "gp_letter", _("Letter to the general practitioner")
    PLAN_AND_QUOTE = "plan_and_quote", _("Plan and quote")
    APPOINTMENT_CARD = "appointment_card", _("Appointment card")
    AFTERCARE = "aftercare", _("Aftercare")
    SESSION_RECORD = "session_record", _("Session record")
    RECEIPT = "receipt", _("Receipt")
    CONSENT_COPY = "consent_copy", _("Copy of the consent")
    CHART = "chart", _("Whole chart")
    TREATMENT_REGISTER = "register", _("Treatment register")


class ImportState(TextChoices):
    """How far a file has come on its way in."""

    READING = "reading", _("Being read")
    READ = "read", _("Read, not checked yet")
    CHECKED = "checked", _("Checked, not saved yet")
    SAVED = "saved", _("Saved")
    UNDONE = "undone", _("Undone")
    GIVEN_UP = "given_up", _("Given up")


class RowDecision(TextChoices):
    """What somebody said of a row that may be a patient who is known already."""

    SAME = "same", _("Same person")
    ANOTHER = "another", _("Another person")
    SKIP = "skip", _("Skip")


# The roles, as the groups are called; what each may do is in `permissions.py`.
RECEPTION = "Reception"
PRACTITIONER = "Practitioner"
CLINICIAN = "Clinician"
MANAGER = "Manager"


class AccessKind(TextChoices):
    """What is recorded beside the writes: openings, and ways in and out."""

    CHART = "chart", _("Chart opened")
    RECORD = "record", _("Record opened")
    HISTORY = "history", _("History opened")
    PHOTO = "photo", _("Photo opened")
    DOCUMENT = "document", _("Document opened")
    EXPORT = "export", _("Exported")
    SIGN_IN = "sign_in", _("Signed in")
    SIGN_IN_REFUSED = "sign_in_refused", _("Sign-in refused")
    SIGN_OUT = "sign_out", _("Signed out")
