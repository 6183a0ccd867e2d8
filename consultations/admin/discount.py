"""Discounts: given from a course's ledger with a reason; a wrong one is marked as in error."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.money import give_discount, refuse_discount
from consultations.models import ClinicSettings, Discount
from consultations.models.money import in_words
from consultations.models.text import moment_in_words
from consultations.summaries.money import balance_of
from consultations.summaries.timeline import name_of

from .base import RecordAdmin
from .parts.displays import admin_url, struck
from .parts.form_checks import refuse_record_that_ended
from .parts.forms import RecordForm, hide_when_known


class DiscountForm(RecordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hide_when_known(self, "plan")

    def clean(self):
        cleaned = super().clean()
        if plan := cleaned.get("plan"):
            refuse_record_that_ended(self, plan.patient)
        return cleaned

    def check_with_others(self):
        self.try_to(refuse_discount, self.instance, balance_of(self.instance.plan))


@admin.register(Discount)
class DiscountAdmin(RecordAdmin):
    form = DiscountForm
    change_form_template = "admin/consultations/money/form.html"
    marks_in_error = "consultations.add_discount"
    when_empty = gettext_lazy("Discounts are given from a patient’s course.")
    list_display = ["given", "who", "amount_shown", "reason", "by"]
    in_files = {"given": "created_at", "amount_shown": "amount"}
    list_select_related = ["created_by"]
    ordering = ["-pk"]
    autocomplete_fields = ["plan"]
    readonly_fields = ["amount_shown"]

    def fieldsets_for(self, request, obj):
        amount = "amount" if obj is None else "amount_shown"
        return [(None, {"fields": [*([] if obj else ["plan"]), amount, "reason"]})]

    def more_on_page(self, request, obj):
        plan = obj.plan if obj is not None else self.parent_asked_for(request)
        return {"course": plan, "balance": balance_of(plan)} if plan is not None else {}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "amount":
            kwargs["above_nothing"] = True
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        """What was given stands, or was given in error."""
        return False

    def save_model(self, request, obj, form, change):
        give_discount(discount=obj, by=request.user)

    def title_of(self, record):
        area = record.plan.assessment.get_area_display().lower()
        return _("Discount: %(area)s") % {"area": area}

    def after_save(self, request, obj):
        return admin_url("treatmentplan", "money", obj.plan_id)

    def add_columns(self, request, rows):
        currency = ClinicSettings.objects.current().currency
        for row in rows:
            row.currency = currency

    @admin.display(description=gettext_lazy("given"))
    def given(self, discount):
        when = moment_in_words(discount.created_at)
        return struck(discount, format_html('<a href="{}">{}</a>', self.url_of(discount), when))

    @admin.display(description=gettext_lazy("amount"))
    def amount_shown(self, discount):
        currency = getattr(discount, "currency", None) or ClinicSettings.objects.current().currency
        return in_words(discount.amount, currency)

    @admin.display(description=gettext_lazy("by"))
    def by(self, discount):
        return name_of(discount.created_by)
