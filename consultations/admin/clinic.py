"""Clinic settings: one form, kept by the manager, and the way to whose records may be erased."""

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.consents import settle_reflection
from consultations.actions.messages import email_is_on
from consultations.actions.money import refuse_new_currency
from consultations.models import ClinicSettings
from consultations.models.clinic import ONLY
from consultations.models.text import REASON_LENGTH, readable

from .base import RecordAdmin
from .pages.due_for_erasure import due_for_erasure
from .pages.logo import logo, logo_file
from .parts.displays import admin_url
from .parts.forms import RecordForm

NEVER_READ = 0  # versions are counted from 1

REFLECTION = {"reflection_days", "reflection_days_ablative"}


class ClinicSettingsForm(RecordForm):
    class Meta:
        help_texts = {
            "retention_years": gettext_lazy(
                "After a patient's last visit; a child's record at least until the 25th birthday. "
                "Before that, erasing needs an explicit legal reason."
            )
        }

    shortening_reason = forms.CharField(
        label=gettext_lazy("Reason for keeping records for less time"),
        max_length=REASON_LENGTH,
        required=False,
        validators=[readable],
        help_text=gettext_lazy("Needed if records are kept for less time than before."),
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )

    def clean(self):
        cleaned = super().clean()
        if currency := cleaned.get("currency"):
            self.try_to(refuse_new_currency, currency)
        years, floor = cleaned.get("retention_years"), settings.RETENTION_FLOOR_YEARS
        if years is None:
            return cleaned
        if years < floor:
            self.add_error("retention_years", _("At least %(floor)s years.") % {"floor": floor})
        elif years < ClinicSettings.objects.current().retention_years and not cleaned.get(
            "shortening_reason"
        ):
            self.add_error("shortening_reason", _("Say why records are kept for less time."))
        return cleaned

    def save(self, commit=True):
        record = super().save(commit=commit)
        record.pk = ONLY
        return record


def settings_exist():
    return ClinicSettings.objects.filter(pk=ONLY).exists()


@admin.register(ClinicSettings)
class ClinicSettingsAdmin(RecordAdmin):
    has_list = False  # there is one row
    own_pages = {
        "due_for_erasure": ("due-for-erasure/", due_for_erasure),
        "logo": ("logo/", logo),
        "logo_file": ("logo/file/", logo_file),
    }
    form = ClinicSettingsForm
    segmented = ["worth_of_done"]
    change_form_template = "admin/consultations/clinicsettings_form.html"
    fieldsets = [
        (None, {"fields": ["name", "country"]}),
        (gettext_lazy("Diary"), {"fields": [("grid_minutes", "late_cancellation_hours")]}),
        (
            gettext_lazy("Messages to patients"),
            {
                "fields": ["phone", "address", ("reminder_hours", "texts_on")],
                "description": gettext_lazy(
                    "Sent to patients who said yes. Their words: Clinic › Message templates."
                ),
            },
        ),
        (
            gettext_lazy("Consent to treatment"),
            {"fields": [("reflection_days_ablative", "reflection_days")]},
        ),
        (gettext_lazy("Referrals"), {"fields": ["referral_reply_days"]}),
        (
            gettext_lazy("Money"),
            {"fields": [("currency", "vat_rate"), "worth_of_done"]},
        ),
        (
            gettext_lazy("On paper"),
            {
                "fields": ["registration", "signature_block"],
                "description": gettext_lazy(
                    "Printed on every document, with the name, the address, the phone and the logo."
                ),
            },
        ),
        (gettext_lazy("Keeping records"), {"fields": ["retention_years", "shortening_reason"]}),
    ]

    def changelist_view(self, request, extra_context=None):
        """There is one row, so the list is its form."""
        answer = super().changelist_view(request, extra_context)
        if answer.status_code != 200:
            return answer
        page = ["change", ONLY] if settings_exist() else ["add"]
        return HttpResponseRedirect(admin_url("clinicsettings", *page))

    def add_view(self, request, form_url="", extra_context=None):
        """What is there already is changed."""
        if request.method != "POST" and self.has_add_permission(request) and settings_exist():
            return HttpResponseRedirect(admin_url("clinicsettings", "change", ONLY))
        return super().add_view(request, form_url, extra_context)

    def _post(self, request, object_id, form_url, extra_context):
        """Where somebody else has saved the first settings meanwhile, theirs are changed: what was
        typed here is shown beside them."""
        if object_id is None and settings_exist():
            object_id = str(ONLY)
            request.POST = request.POST.copy()
            request.POST["read_version"] = request.POST.get("read_version") or NEVER_READ
        return super()._post(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        reason = form.cleaned_data.get("shortening_reason", "")
        if change and form.changed_data:
            obj.save(by=request.user, reason=reason)
            if REFLECTION & {*form.changed_data}:
                settle_reflection(request.user)
        elif not change:
            obj.save(by=request.user, reason=reason, force_insert=True)

    def more_on_page(self, request, obj):
        return {
            "can_mark_in_error": False,
            "can_erase": request.user.has_perm("consultations.erase_patient"),
            "email_is_off": not email_is_on(),
            "texts_are_off": not settings.SMS_URL,
        }

    def title_of(self, record):
        return _("Clinic settings")

    def title_of_form(self, obj):
        return self.title_of(obj)

    def save_leaves_page(self, request):
        return False

    def after_save(self, request, obj):
        return self.url_of(obj)
