"""Preview a merge of two records of one person: differences, consequences, obstacles.

The page shows it, and the action obeys it.
"""

from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consultations.models import (
    AreaAssessment,
    Consent,
    Consultation,
    Patient,
    Photo,
    TreatmentSession,
)
from consultations.models.record import Record
from consultations.models.text import NOTE_LENGTH, day_in_words, value_in_words
from consultations.vocabulary import ConsentKind, Sex

from .clashes import Obstacle, Part, clashes, counted, naming_patient, pauses
from .record_tree import RecordTree

KEEP, OTHER, BOTH = "keep", "other", "both"
IDENTITY = (
    "family_name",
    "given_name",
    "date_of_birth",
    "sex",
    "phone",
    "email",
    "address",
    "emergency_contact",
    "guardian",
    "interpreter_needed",
    "general_practitioner",
)
TELLS_APART = ("family_name", "given_name", "date_of_birth", "sex")
MAY_BE_JOINED = ("allergies", "medicines", "past_surgery", "medical_notes")


@dataclass(frozen=True, slots=True)
class Offer:
    """One of the values that a field may have afterwards, and whose it is."""

    side: str
    words: str
    value: object


@dataclass(frozen=True, slots=True)
class Choice:
    """A field in which two records of one person differ; about health no value is proposed."""

    name: str
    label: str
    is_clinical: bool
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A field that only the record to be merged answers."""

    name: str
    label: str
    words: str
    value: object


@dataclass(frozen=True, slots=True)
class Merge:
    """What a merge would do.

    `along` are the records that name their patient themselves, `duplicates` the photos that both
    records have, `unsigned` the areas to be judged again.
    """

    keep: Patient
    other: Patient
    goes: tuple[Part, ...]
    choices: tuple[Choice, ...]
    taken: tuple[Taken, ...]
    notes: tuple[str, ...]
    obstacles: tuple[Obstacle, ...]
    along: tuple[Record, ...]
    duplicates: tuple[Photo, ...]
    unsigned: tuple[AreaAssessment, ...]
    areas: tuple[str, ...]
    earliest: date | None
    stamp: str

    @property
    def told_apart_by(self):
        """Return the labels of what suggests that these are two people."""
        return [one.label for one in self.choices if one.name in TELLS_APART]


def merge_of(keep, other):
    """Return what merging `other` into `keep` would do."""
    both = RecordTree(*{one.pk: one for one in (keep, other)}.values())
    kept, merged = (
        both.part(lambda root, whose=whose: root.patient is whose) for whose in (keep, other)
    )
    duplicates = _photos_of_both(kept, merged)
    choices, taken = _differences(keep, other)
    return Merge(
        keep=keep,
        other=other,
        goes=tuple(Part(words) for words in counted(merged)),
        choices=tuple(choices),
        taken=tuple(taken),
        notes=(*_duplicate_words(duplicates), *pauses(kept, merged)),
        obstacles=(
            *_why_not_merged(keep, other),
            *clashes(kept, merged),
            *(
                obstacle
                for kind in (ConsentKind.PHOTO, ConsentKind.PUBLICITY)
                for obstacle in (
                    *_withdrawn_later(kind, kept, merged),
                    *_withdrawn_later(kind, merged, kept),
                )
            ),
        ),
        along=tuple(naming_patient(merged)),
        duplicates=duplicates,
        unsigned=tuple(
            one for one in both[AreaAssessment] if one.stands and not one.consultation.is_signed
        ),
        areas=tuple(dict.fromkeys(one.area for one in both[AreaAssessment])),
        earliest=min(_days(both), default=None),
        stamp=both.stamp(),
    )


def _why_not_merged(keep, other):
    if keep.pk == other.pk:
        yield Obstacle(_("Choose two different records."))
    elif other.merged_into_id == keep.pk:
        yield Obstacle(str(other.why_ended), (keep,))
    else:
        for patient in (keep, other):
            if patient.why_ended:
                words = f"{patient.record_number}: {patient.why_ended}"
                yield Obstacle(words, (patient.kept_record,))


def _withdrawn_later(kind, these, those):
    """A consent here that would bring back what was withdrawn there; of photos, or of their use."""
    ours, theirs = _consents_to(kind, these), _consents_to(kind, those)
    for consent in ours:
        if consent.withdrawn_on:
            continue
        later = [
            one.withdrawn_on
            for one in theirs
            if one.withdrawn_on and one.withdrawn_on >= consent.given_on
        ]
        again = [one.given_on for one in theirs if not one.withdrawn_on]
        if later and max(again, default=date.min) < max(later):
            words = _(
                "The consent to %(what)s was withdrawn in one record on %(day)s, after it was "
                "given in the other. Withdraw it there too; the patient may then agree again."
            )
            named = {"what": kind.label.lower(), "day": day_in_words(max(later))}
            yield Obstacle(words % named, (consent,))


def _consents_to(kind, records):
    return [
        one
        for one in records[Consent]
        if one.patient_id and not one.in_error and one.wording.kind == kind
    ]


def _photos_of_both(kept, merged):
    known = {one.digest for one in kept[Photo] if not one.in_error}
    return tuple(one for one in merged[Photo] if one.digest in known and not one.in_error)


def _duplicate_words(duplicates):
    if duplicates:
        words = ngettext(
            "%(n)s photo is in both records. The second is marked as entered in error.",
            "%(n)s photos are in both records. The second of each is marked as entered in error.",
            len(duplicates),
        )
        yield words % {"n": len(duplicates)}


def _days(records):
    """Yield the days on which the person was here; none may be before the birth."""
    standing = [one for one in records[Consultation] if not one.in_error]
    yield from (one.consulted_on for one in standing)
    yield from (one.day for one in records[TreatmentSession] if one.stands)
    yield from (one.taken_on for one in records[Photo] if not one.in_error)
    yield from (one.given_on for one in records[Consent] if not one.in_error)


def _differences(keep, other):
    """Return the fields in which they differ, and those that only `other` answers."""
    choices, taken = [], []
    for name in (*IDENTITY, *Patient.CLINICAL_FIELDS):
        ours, theirs = getattr(keep, name), getattr(other, name)
        if theirs == ours or _is_blank(name, theirs):
            continue
        label = capfirst(Patient._meta.get_field(name).verbose_name)
        if _is_blank(name, ours):
            taken.append(Taken(name, label, _shown(other, name), theirs))
        else:
            offers = tuple(_offers(name, keep, other))
            choices.append(Choice(name, label, name in Patient.CLINICAL_FIELDS, offers))
    return choices, taken


def _is_blank(name, value):
    return value in (None, "") or (name == "sex" and value == Sex.UNKNOWN)


def _offers(name, keep, other):
    ours, theirs = getattr(keep, name), getattr(other, name)
    yield Offer(KEEP, _shown(keep, name), ours)
    yield Offer(OTHER, _shown(other, name), theirs)
    if name in MAY_BE_JOINED:
        one_below_the_other = f"{ours}\n{theirs}"
        if len(one_below_the_other) <= NOTE_LENGTH:
            yield Offer(BOTH, _("Both, one below the other"), one_below_the_other)


def _shown(patient, name):
    value, field = getattr(patient, name), patient._meta.get_field(name)
    if field.choices and not isinstance(value, bool):
        return str(getattr(patient, f"get_{name}_display")())
    return value_in_words(value)
