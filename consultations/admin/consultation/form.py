"""The form of a consultation: answers for life, last time beside each question."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.admin.parts.answers import in_words, offer_last_answers
from consultations.admin.parts.form_checks import (
    HEALTH_DAYS,
    refuse_contradictions,
    refuse_record_that_ended,
)
from consultations.admin.parts.forms import RecordForm, is_as_asked, is_key, label_of
from consultations.admin.parts.widgets import YesNo
from consultations.models import (
    Consultation,
    Patient,
    TreatmentSession,
)
from consultations.models.health import HealthScreen
from consultations.vocabulary import Phototype


def lifetime_question(name):
    label = label_of(Patient, name)
    widget = YesNo({"aria-label": label})
    return forms.NullBooleanField(label=label, required=False, widget=widget)


NO_NUMBER = {
    "height_cm": gettext_lazy("Whole centimetres, as a number alone: 175."),
    "weight_kg": gettext_lazy("Kilograms, as a number alone: 70.5."),
}


class ConsultationForm(RecordForm):
    phototype = forms.ChoiceField(
        label=gettext_lazy("Phototype"),
        required=False,
        choices=[("", gettext_lazy("Not asked")), *Phototype.choices],
    )
    keloid_history = lifetime_question("keloid_history")
    herpes_history = lifetime_question("herpes_history")
    gold_therapy = lifetime_question("gold_therapy")
    connective_tissue_disease = lifetime_question("connective_tissue_disease")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, words in NO_NUMBER.items():
            if name in self.fields:
                self.fields[name].error_messages["invalid"] = words
        self.patient = self._find_patient()
        if self.patient is None:
            return
        for name, record in (("patient", self.patient), ("clinician", self.user)):
            if name in self.fields:
                self.fields[name].known = [record] if record else ()
        self._show_lifetime_answers()
        if not self.is_bound:
            self.offer_last_time()

    def offer_last_time(self):
        if self.patient is None:
            return
        day = self.instance.consulted_on or timezone.localdate()
        earlier = Consultation.objects.exclude(pk=self.instance.pk)
        if previous := earlier.latest_before(self.patient, day):
            names = (*HealthScreen.FIELDS, *Consultation.LIFESTYLE)
            offer_last_answers(self, previous, previous.consulted_on, names)
            self._offer_last_measured(earlier.filter(patient=self.patient, consulted_on__lte=day))

    def _offer_last_measured(self, earlier):
        """What was measured last, and the body mass index of that day."""
        for name in ("height_cm", "weight_kg"):
            measured = earlier.standing().exclude(**{name: None})
            if last := measured.order_by("-consulted_on", "-pk").first():
                offer_last_answers(self, last, last.consulted_on, [name])
                if name == "weight_kg" and last.bmi:
                    self.fields[name].help_text += _(", BMI %(bmi)s") % {"bmi": last.bmi}

    def _find_patient(self):
        """The patient this form is about; a known one is not chosen again."""
        if self.instance.pk:
            if "patient" in self.fields:
                self.fields["patient"].disabled = True
                self.fields["patient"].widget = forms.HiddenInput()
            return self.instance.patient
        key = self.data.get("patient") or self.initial.get("patient") or ""
        found = self.locked_patient
        if found is None or str(found.pk) != str(key):
            found = Patient.objects.filter(pk=key).first() if is_key(key) else None
        if found is not None and (self.initial.get("patient") or is_as_asked(self, "patient")):
            self.fields["patient"].widget = forms.HiddenInput()
        return found

    def _show_lifetime_answers(self):
        """What is known for life is shown, not asked again."""
        for name in Patient.LIFETIME_ANSWERS:
            known = getattr(self.patient, name)
            if name in self.fields:
                self.initial[name] = known
            if name in self.fields and known not in (None, ""):
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Recorded on the patient’s page; change it there.")

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("consulted_on")
        if day and day > timezone.localdate():
            self.add_error("consulted_on", _("The consultation date is in the future."))
        refuse_record_that_ended(self, self.patient)
        self._refuse_if_moved()
        if day and self.instance.pk and self._has_sessions_before(day):
            self.add_error("consulted_on", _("A session was done before this day."))
        refuse_contradictions(self, HEALTH_DAYS, day)
        self._refuse_other_lifetime_answers()
        return cleaned

    def _refuse_if_moved(self):
        """What was typed beside one patient's name is not saved to another without a word."""
        consultation, read = self.instance, self.cleaned_data.get("read_version")
        if consultation.pk is None or read in (None, self.initial["read_version"]):
            return
        versions = consultation.history.filter(version=read).values_list("patient", flat=True)
        if consultation.patient_id in versions:
            return
        words = _("This consultation was moved to %(patient)s meanwhile. Save again to change it.")
        self.add_error(None, words % {"patient": consultation.patient})
        self.data = self.data.copy()
        self.data[self.add_prefix("read_version")] = self.initial["read_version"]

    def _has_sessions_before(self, day):
        sessions = TreatmentSession.objects.done().filter(
            plan__assessment__consultation=self.instance, performed_elsewhere=""
        )
        return sessions.filter(performed_on__lt=day).exists()

    def _refuse_other_lifetime_answers(self):
        """An answer that contradicts what is known is pointed out, never silently dropped."""
        for name in Patient.LIFETIME_ANSWERS:
            field = self.fields.get(name)
            if field is None or not field.disabled or self.add_prefix(name) not in self.data:
                continue
            typed = field.clean(
                field.widget.value_from_datadict(self.data, {}, self.add_prefix(name))
            )
            if typed not in (None, "", getattr(self.patient, name)):
                known = in_words(self.patient, name)
                self.add_error(
                    name,
                    _("Already known: %(known)s. Change it on the patient's page.")
                    % {"known": known},
                )

    def lifetime_answers(self):
        return {name: self.cleaned_data.get(name) for name in Patient.LIFETIME_ANSWERS}

    def _post_clean(self):
        super()._post_clean()
        if self.patient is None or self.instance.patient_id is None:
            return
        # The areas below are judged with these answers before they are saved.
        for name, answer in self.lifetime_answers().items():
            if answer not in (None, ""):
                setattr(self.instance.patient, name, answer)
