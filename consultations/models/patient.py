"""Patient: who they are, how to reach them, and the answers that hold for life."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consultations.rules.calendar import age_on
from consultations.vocabulary import Phototype, Sex

from .contact import ContactAnswers, contact_promises
from .days import EARLIEST_BIRTH
from .record import Record, RecordQuerySet
from .search import SearchKey, found_at
from .text import (
    NOTE_LENGTH,
    digits,
    folded,
    no_invisible_characters,
    some_digits,
    some_letter_or_digit,
)
from .transactions import InThisTransaction, atomic


def full_name(family_name, given_name):
    """A patient's names as staff read them."""
    if not given_name:
        return family_name
    return pgettext_lazy("family name, given name", "%(family)s, %(given)s") % {
        "family": family_name,
        "given": given_name,
    }


class PatientQuerySet(RecordQuerySet):
    def locked(self, pk):
        """The patient, held until the transaction ends: what spans a patient's records is then
        read and written by one person at a time.

        Raises ValidationError where the person's data were erased: nothing is written to them.
        """
        patient = self.select_for_update(no_key=True).get(pk=pk)
        if patient.erased_at:
            raise ValidationError(_("This person's data were erased. Nothing can be added."))
        patient.is_locked = True
        return patient

    def standing(self):
        """Those that care goes on with: neither entered in error nor erased."""
        return super().standing().filter(erased_at__isnull=True)

    def with_patient(self):
        return self

    def in_lists(self):
        """Without the erased, who have no name to be listed by: so the index of names tells."""
        return self.filter(sort_name__gt="")

    def locked_together(self, *pks):
        """Several patients, held as by `locked`, by key; always in the order of their keys, so
        that nobody waits for somebody who waits for them."""
        held = self.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk")
        return {patient.pk: patient for patient in held}

    def unmerged(self):
        """Without those that went on in another record."""
        return self.filter(merged_into__isnull=True)

    def namesakes_of(self, patient):
        """Others of the same name, born on the same day: perhaps the same person."""
        keys = SearchKey.objects.of_namesakes(patient).values("patient")
        return self.standing().filter(pk__in=keys).exclude(pk=patient.pk).order_by("pk")

    def found_by(self, text):
        """Patients whose name, number, phone or birth date begin with what was typed.

        Every word must begin a word of the name, in any order; a number, a phone or a date is
        taken as a whole.
        """
        return self.filter(found_at(["pk"], text)[0])


class Patient(ContactAnswers, Record):
    record_number = models.CharField(_("record number"), max_length=12, unique=True, editable=False)
    family_name = models.CharField(
        _("family name"),
        max_length=100,
        validators=[no_invisible_characters, some_letter_or_digit],
    )
    given_name = models.CharField(
        _("given name"),
        max_length=100,
        blank=True,
        validators=[no_invisible_characters, some_letter_or_digit],
        help_text=_("Leave blank for somebody with one name."),
    )
    sort_name = models.CharField(max_length=401, editable=False)
    date_of_birth = models.DateField(_("date of birth"))
    sex = models.CharField(_("sex"), max_length=10, choices=Sex, default=Sex.UNKNOWN)
    phone = models.CharField(
        _("phone"), max_length=40, blank=True, validators=[no_invisible_characters, some_digits]
    )
    email = models.EmailField(_("email"), blank=True)
    address = models.TextField(_("address"), blank=True, max_length=1000)
    emergency_contact = models.CharField(_("emergency contact"), max_length=200, blank=True)
    guardian = models.CharField(
        _("guardian"), max_length=200, blank=True, help_text=_("For patients under 18.")
    )
    interpreter_needed = models.BooleanField(_("interpreter needed"), default=False)
    general_practitioner = models.CharField(_("general practitioner"), max_length=200, blank=True)

    phototype = models.CharField(_("phototype"), max_length=3, choices=Phototype, blank=True)
    any_allergies = models.BooleanField(_("any allergies"), null=True, blank=True)
    allergies = models.TextField(_("allergies"), blank=True, max_length=NOTE_LENGTH)
    medicines = models.TextField(_("medicines"), blank=True, max_length=NOTE_LENGTH)
    past_surgery = models.TextField(_("past surgery"), blank=True, max_length=NOTE_LENGTH)
    medical_notes = models.TextField(_("medical notes"), blank=True, max_length=NOTE_LENGTH)
    keloid_history = models.BooleanField(
        _("keloid or hypertrophic scars, ever"), null=True, blank=True
    )
    herpes_history = models.BooleanField(_("herpes (cold sores), ever"), null=True, blank=True)
    gold_therapy = models.BooleanField(_("gold therapy, ever"), null=True, blank=True)
    connective_tissue_disease = models.BooleanField(
        _("connective tissue disease, ever"), null=True, blank=True
    )

    # The record that goes on, where two were kept for one person; this one is then in error.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        db_index=False,  # its index leaves out most, who were never merged
        related_name="merged_from",
        verbose_name=_("merged into"),
    )
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    objects = PatientQuerySet.as_manager()

    LIFETIME_ANSWERS = (
        "phototype",
        "keloid_history",
        "herpes_history",
        "gold_therapy",
        "connective_tissue_disease",
    )
    CLINICAL_FIELDS = (
        *LIFETIME_ANSWERS,
        "any_allergies",
        "allergies",
        "medicines",
        "past_surgery",
        "medical_notes",
    )

    class Meta(Record.Meta):
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        # By name goes on with the key in the list's own direction, and with what lists leave out:
        # a page and its count are read off the index.
        indexes = [
            models.Index(fields=["sort_name", "id", "merged_into"], name="patient_by_name"),
            models.Index(
                fields=["merged_into"],
                name="patient_merged_into",
                condition=Q(merged_into__isnull=False),
            ),
        ]
        permissions = [
            ("view_clinical", "Can see clinical fields and charts"),
            ("enter_in_error", "Can mark records as entered in error"),
            ("merge_patient", "Can merge two records of one person"),
            ("export_patient", "Can export everything about a person"),
            ("export_fhir", "Can export patients as FHIR"),
            ("erase_patient", "Can erase a person's identity"),
        ]
        constraints = [
            *Record.Meta.constraints,
            models.CheckConstraint(
                name="patient_born_after_1899",
                condition=Q(date_of_birth__gte=EARLIEST_BIRTH),
                violation_error_code="date_of_birth",
                violation_error_message=_("The year of birth must be 1900 or later."),
            ),
            models.CheckConstraint(
                name="patient_no_allergies_beside_their_names",
                condition=Q(any_allergies__isnull=True) | Q(any_allergies=True) | Q(allergies=""),
                violation_error_code="any_allergies",
                violation_error_message=_("Allergies are named, so the answer is not no."),
            ),
            models.CheckConstraint(
                name="patient_merged_counts_no_more",
                condition=Q(merged_into__isnull=True) | Q(entered_in_error_at__isnull=False),
                violation_error_message=_("A merged record no longer counts."),
            ),
            *contact_promises(),
        ]

    is_locked = InThisTransaction()  # read by `locked`

    @classmethod
    def paths_to_patient(cls):
        return ("id",)

    @property
    def patient(self):
        return self

    def __str__(self):
        return f"{self.full_name} ({self.record_number})"

    def save(self, *args, **kwargs):
        """Assign a record number to a new patient and keep the search index in step."""
        numbered = bool(self.record_number)
        named = sort_name(self.family_name, self.given_name)
        self.sort_name = "" if self.erased_at else named
        self.date_answers(kwargs.get("by") or getattr(self, "created_by", None))
        try:
            with atomic():
                if not numbered:
                    self.record_number = RecordCounter.take_next()
                super().save(*args, **kwargs)
                SearchKey.objects.rewrite_for(self)
        except Exception:
            if not numbered:
                # The number went back with the transaction; somebody else may get it now.
                self.record_number = ""
            raise

    def clean(self):
        super().clean()
        if self.date_of_birth and self.date_of_birth > timezone.localdate():
            raise ValidationError({"date_of_birth": _("The date of birth is in the future.")})

    @property
    def full_name(self):
        return full_name(self.family_name, self.given_name)

    @property
    def kept_record(self):
        """The record that goes on for this person: this one, unless it was merged, and be it in
        several steps."""
        patient = self
        while patient.merged_into_id:
            patient = patient.merged_into
        return patient

    @property
    def why_ended(self):
        """Why nothing may be added to this record any more, in words; "" where it may."""
        if self.merged_into_id:
            return _("%(number)s was merged into %(kept)s.") % {
                "number": self.record_number,
                "kept": self.kept_record.record_number,
            }
        if self.erased_at:
            return _("This person's data were erased.")
        return _("This patient was entered in error.") if self.in_error else ""

    def merged_records(self):
        """The records that were merged into this one, directly or through others."""
        found, last = [], [self.pk]
        while last:
            ones = list(Patient.objects.filter(merged_into__in=last).order_by("pk"))
            found += ones
            last = [one.pk for one in ones]
        return found

    @property
    def age(self):
        return self.age_on(timezone.localdate())

    def age_on(self, day):
        """Whole years on `day`."""
        return age_on(day, self.date_of_birth)


def sort_name(family_name, given_name):
    """The name as lists order it, whatever its case and accents."""
    return f"{folded(family_name)} {folded(given_name)}"[:401]


ERASED = 2  # the row that counts the numbers of erased records
RECEIPTS = 3  # the row that counts receipts
DOCUMENTS = 4  # the row that counts the numbers of issued documents


HIGHEST = 2**31 - 1  # that a counter can hold


class RecordCounter(models.Model):
    """The last record number given out, in one row that is locked while the next is taken; a
    second row counts those given to erased records, a third the receipts, a fourth the issued
    documents."""

    last_number = models.PositiveIntegerField(default=0)

    def __str__(self):
        return f"P-{self.last_number:06d}"

    @classmethod
    def take_next(cls):
        """The next free record number, P-000001 on; runs inside the caller's transaction."""
        counter, _created = cls.objects.select_for_update().get_or_create(pk=1)
        counter.last_number += 1
        if Patient.objects.filter(record_number=str(counter)).exists():
            # Patients came in by another way (an import): go on after the highest of them.
            taken = Patient.objects.filter(record_number__startswith="P-")
            numbers = taken.values_list("record_number", flat=True).iterator()
            found = (int(digits(number) or 0) for number in numbers)
            counter.last_number = 1 + max(one for one in found if one < HIGHEST)
        counter.save()
        return str(counter)

    @classmethod
    def take_many(cls, count, *, but=()):
        """The next free record numbers, so many at once, without those of `but`."""
        counter, _created = cls.objects.select_for_update().get_or_create(pk=1)
        found = []
        while len(found) < count:
            last = counter.last_number
            some = [f"P-{last + place:06d}" for place in range(1, count - len(found) + 1)]
            counter.last_number += len(some)
            taken = Patient._base_manager.filter(record_number__in=some)
            taken = {*but, *taken.values_list("record_number", flat=True)}
            found += [one for one in some if one not in taken]
        counter.save()
        return found

    @classmethod
    def take_next_receipt(cls):
        """The next receipt number, R-000001 on: no number is left out."""
        counter = cls.lock_receipts()
        counter.last_number += 1
        counter.save()
        return f"R-{counter.last_number:06d}"

    @classmethod
    def lock_receipts(cls):
        """Let nobody else write of money until the transaction ends; returns the counter."""
        return cls.objects.select_for_update().get_or_create(pk=RECEIPTS)[0]

    @classmethod
    def take_next_erased(cls):
        """A number for a record whose own leads to a person no more: E-000001 on."""
        return f"E-{cls._count(ERASED):06d}"

    @classmethod
    def take_next_document(cls):
        """The next free number of an issued document: D-000001 on."""
        return f"D-{cls._count(DOCUMENTS):06d}"

    @classmethod
    def _count(cls, row):
        counter, _created = cls.objects.select_for_update().get_or_create(pk=row)
        counter.last_number += 1
        counter.save()
        return counter.last_number
