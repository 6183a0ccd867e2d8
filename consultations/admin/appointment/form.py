"""The form of an appointment: for whom, for what, when, with whom, where and with which laser."""

from datetime import timedelta
from functools import partial

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.booking import (
    MAY_OVERBOOK,
    check,
    lock_resources,
    plans_of,
    say_who_overbooks,
)
from consultations.admin.parts.forms import RecordForm, hide_when_known, is_key
from consultations.admin.parts.numbers import NumberInput
from consultations.models import Appointment, Patient, TreatmentPlan
from consultations.models.appointment import LONGEST
from consultations.models.text import day_in_words, moment_in_words
from consultations.summaries.bookable import (
    RESOURCES,
    courses_of,
    due_together,
    with_progress,
)
from consultations.summaries.early import early_in_words
from consultations.summaries.lengths import minutes_for
from consultations.vocabulary import AppointmentKind

MOST_MINUTES = LONGEST // timedelta(minutes=1)


class CourseChoice(forms.ModelMultipleChoiceField):
    """The courses of one patient, each with how far it has come."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, plan):
        words = [plan.name, str(plan.progress.words)]
        if plan.progress.booked_for:
            booked = _("booked %(when)s")
            words.append(booked % {"when": moment_in_words(plan.progress.booked_for)})
        elif plan.next_due_on:
            due = _("due %(day)s") % {"day": day_in_words(plan.next_due_on)}
            words.append(due)
        return ", ".join(words)


class AppointmentForm(RecordForm):
    """The admin sets `patient_known`, whose courses are offered, and them as `courses_known`;
    `only_looks` where only times are asked for."""

    plans = CourseChoice(
        queryset=TreatmentPlan.objects.none(), required=False, label=gettext_lazy("Courses")
    )
    minutes = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        label=gettext_lazy("Minutes"),
        widget=NumberInput,
        help_text=gettext_lazy("Blank for the clinic’s usual length."),
        error_messages={
            "min_value": gettext_lazy("An appointment takes some time."),
            "max_value": gettext_lazy("An appointment takes at most 12 hours."),
        },
    )

    patient_known = courses_known = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hide_when_known(self, "patient")
        self._stored = None
        if self.instance.pk:
            self._stored = Appointment.objects.get(pk=self.instance.pk)
            self.initial["minutes"] = self.instance.minutes
        if "plans" in self.fields:
            self._offer_courses()
        self._offer_resources()
        if "overbooked_reason" in self.fields and not self._may_overbook():
            del self.fields["overbooked_reason"]

    def _may_overbook(self):
        return self.user.has_perm(MAY_OVERBOOK)

    def _patient(self):
        if self.instance.patient_id:
            return self.instance.patient
        key = self.data.get("patient") or self.initial.get("patient") or ""
        known = self.locked_patient or self.patient_known
        if known is not None and str(known.pk) == str(key):
            return known
        return Patient.objects.filter(pk=key).first() if is_key(key) else None

    def _offer_courses(self):
        """The patient's open courses, and those it is for already."""
        patient = self._patient()
        courses = self.courses_known
        if courses is None:
            courses = courses_of(patient) if patient is not None else []
        kept = self._kept_courses()
        missing = [one for one in kept if one.pk not in {course.pk for course in courses}]
        self.courses = [*courses, *missing]
        field = self.fields["plans"]
        keys = [one.pk for one in self.courses]
        field.queryset = TreatmentPlan.objects.with_patient().filter(pk__in=keys)
        field.choices = [(one.pk, field.label_from_instance(one)) for one in self.courses]
        if self._stored is not None:
            self.initial["plans"] = [one.pk for one in kept]
        if not self.courses:
            field.widget = forms.MultipleHiddenInput()

    def _kept_courses(self):
        if self._stored is None:
            return []
        return with_progress(plans_of(self._stored))

    def _offer_resources(self):
        for name, found in RESOURCES.items():
            if name in self.fields:
                field, kept = self.fields[name], getattr(self.instance, name)
                some = list(found())
                some = [kept, *some] if kept is not None and kept not in some else some
                field.queryset = field.queryset.filter(pk__in=[one.pk for one in some])
                field.known = some
                label = field.label_from_instance
                field.choices = [("", _("To be assigned")), *((one.pk, label(one)) for one in some)]

    def is_valid(self):
        """Whoever only looks for times saves nothing, and is told of nothing missing."""
        is_valid = super().is_valid()
        if self.only_looks:
            self._errors = ErrorDict()
        return is_valid

    def clean(self):
        cleaned = super().clean()
        if "plans" in self.fields:
            cleaned["plans"] = self._chosen_courses(cleaned)
        if not cleaned.get("minutes") and "minutes" not in self.errors and cleaned.get("kind"):
            cleaned["minutes"] = minutes_for(cleaned["kind"], cleaned.get("plans") or ())
        return cleaned

    def _chosen_courses(self, cleaned):
        """Those chosen; where none could be, because nobody had been named, those due."""
        chosen = list(cleaned.get("plans") or ())
        could_choose = "courses_shown" in self.data or self._stored is not None
        if chosen or could_choose or cleaned.get("kind") != AppointmentKind.TREATMENT:
            return chosen
        return due_together(self.courses)

    def complete(self):
        cleaned = self.cleaned_data
        if cleaned.get("starts_at") and cleaned.get("minutes"):
            length = timedelta(minutes=cleaned["minutes"])
            self.instance.ends_at = cleaned["starts_at"] + length
        say_who_overbooks(self.instance, self.user)

    def check_with_others(self):
        lock_resources(self.instance)
        plans = self.cleaned_data.get("plans", ())
        self.try_to(
            partial(check, self.instance, plans=plans, by=self.user, before=self._stored),
        )

    @property
    def told_early(self):
        """The earliest safe day of what is booked before it, in words, by area."""
        return early_in_words(self.instance, self.cleaned_data.get("plans", ()))
