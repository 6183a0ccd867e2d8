"""Try a case: the questions of the forms, the verdict of the rules, and nothing stored."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.assessments import write_verdict
from consultations.admin.pages.live_verdict import changes_of
from consultations.admin.parts.days import DayField
from consultations.admin.parts.form_checks import AREA_DAYS, HEALTH_DAYS, refuse_contradictions
from consultations.admin.parts.numbers import NumberInput
from consultations.admin.parts.widgets import YesNo
from consultations.models import AreaAssessment, Consultation, Patient, TestPatch
from consultations.models.health import AreaCheck, HealthScreen
from consultations.rules.candidacy import assess
from consultations.rules.facts import FACTS, AreaFacts
from consultations.rules.protocol import severity_of
from consultations.vocabulary import LaserType

MAY_TRY = "consultations.view_rulebook"
OLDEST = 130
# The groups of questions: their heading, the record that asks them, and its fields.
GROUPS = (
    (
        gettext_lazy("Area"),
        AreaAssessment,
        ("area", "severity", "grade", *AreaCheck.CHECK_FIELDS, "radiotherapy"),
    ),
    (gettext_lazy("Health today"), Consultation, HealthScreen.FIELDS),
    (gettext_lazy("Medical history"), Patient, Patient.LIFETIME_ANSWERS),
    (gettext_lazy("Expectations"), Consultation, Consultation.EXPECTATIONS),
    (gettext_lazy("Lifestyle"), Consultation, Consultation.LIFESTYLE),
    (gettext_lazy("Surgery here"), AreaAssessment, AreaAssessment.SURGERY_FIELDS),
)
TEST_PATCH = ("test_patch_on", "test_patch_result", "test_patch_cleared", "test_patch_laser")


class CaseForm(forms.Form):
    """The questions of a consultation, one area and a test patch, by the rules' own names."""

    on = DayField(label=gettext_lazy("Date"))
    age = forms.IntegerField(
        widget=NumberInput, label=gettext_lazy("Age"), required=False, min_value=0, max_value=OLDEST
    )

    def __init__(self, *args, model_admin, request, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.initial["on"] = timezone.localdate()
        self.groups = [(_("Patient"), ["on", "age"])]
        for title, model, names in GROUPS:
            for name in names:
                column = model._meta.get_field(name)
                self.fields[name] = model_admin.formfield_for_dbfield(column, request)
                self.fields[name].validators += column.validators
            self.groups.append((title, names))
        self._ask_of_test_patch(model_admin, request)

    def _ask_of_test_patch(self, model_admin, request):
        result = TestPatch._meta.get_field("result")
        choice = [("", _("None done")), *result.choices]
        self.fields |= {
            "test_patch_on": DayField(label=_("Test patch on"), required=False),
            "test_patch_result": forms.ChoiceField(
                label=_("Result"), choices=choice, required=False
            ),
            "test_patch_cleared": forms.NullBooleanField(
                label=_("Reaction cleared"), widget=YesNo({"aria-label": _("Reaction cleared")})
            ),
            "test_patch_laser": forms.ChoiceField(
                label=_("Laser type of the patch"),
                choices=[("", _("Not known")), *LaserType.choices],
                required=False,
            ),
        }
        self.groups.append((_("Test patch"), TEST_PATCH))

    def fieldsets(self):
        """The groups with their fields."""
        return [(title, [self[name] for name in names]) for title, names in self.groups]

    def clean(self):
        cleaned = super().clean()
        refuse_contradictions(self, (*HEALTH_DAYS, *AREA_DAYS, "test_patch_on"), cleaned.get("on"))
        grade, severity = cleaned.get("grade"), cleaned.get("severity")
        if grade is not None and severity and severity != severity_of(grade):
            self.add_error("grade", _("The grade and the laxity disagree."))
        return cleaned

    def facts(self):
        """The facts that can be told so far, or None while the area or its laxity is missing."""
        given = {name: self.cleaned_data.get(name) for name in FACTS}
        known = {name: value for name, value in given.items() if value not in (None, "")}
        return AreaFacts(**known) if {"on", "area", "severity"} <= known.keys() else None


def try_case(site, request):
    """Show the form; posted, also the verdict. Posted while typing (`?live`), the verdict alone."""
    if not request.user.has_perm(MAY_TRY):
        raise PermissionDenied
    model_admin = site.get_model_admin(Consultation)
    data = request.POST if request.method == "POST" else None
    form = CaseForm(data, model_admin=model_admin, request=request)
    areas = _verdicts(form) if form.is_bound else []
    context = {"areas": areas, "is_live": True, "patient": True}
    if form.is_bound and "live" in request.GET:
        return TemplateResponse(request, "admin/consultations/live_verdicts.html", context)
    context |= {**site.each_context(request), "title": _("Try a case"), "form": form}
    return TemplateResponse(request, "admin/consultations/try_case.html", context)


def _verdicts(form):
    """The verdict on what was answered so far, what would change it, and what was left out."""
    left_out = [str(form[name].label) for name in form.errors if name in form.fields]
    facts = form.facts()
    if facts is None:
        return []
    area = AreaAssessment(area=facts.area, severity=facts.severity, grade=facts.grade)
    area.consultation = Consultation(consulted_on=facts.on)
    write_verdict(area, facts, assess(facts))
    area.effective_outcome = area.outcome
    return [(area, changes_of(facts), left_out)]
