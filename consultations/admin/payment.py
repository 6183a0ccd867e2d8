"""Payments: taken for one course or several of a patient, given back, and looked up by receipt."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consultations.actions.money import keep_payments, may_correct, refuse_payment
from consultations.models import ClinicSettings, Payment, TreatmentPlan
from consultations.models.money import in_words
from consultations.models.text import day_in_words
from consultations.permissions import may_refund
from consultations.summaries.money import balance_of, balances_of
from consultations.summaries.timeline import name_of
from consultations.vocabulary import PaymentKind, PaymentMethod

from .base import RecordAdmin
from .pages.correct_payment import correct_payment
from .parts.displays import Step, admin_url, struck
from .parts.documents import receipt_link
from .parts.figure_filters import MethodFilter, PaymentDaysFilter, WayFilter
from .parts.form_checks import refuse_record_that_ended
from .parts.forms import RecordForm, hide_when_known
from .parts.money import ENDED, AmountField

ALSO = "also_"  # before the key of another course that is paid for at once


class PaymentForm(RecordForm):
    """`others` are the patient's other courses with their balances, each with a field of its own.
    The admin sets them."""

    others = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        hide_when_known(self, "plan")
        if "kind" in self.fields:
            kinds = [PaymentKind.PAYMENT, PaymentKind.DEPOSIT]
            kinds += [PaymentKind.REFUND] if may_refund(self.user) else []
            self.fields["kind"].choices = [(one.value, one.label) for one in kinds]
        for plan, balance in self.others:
            self.fields[f"{ALSO}{plan.pk}"].help_text = balance.words

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("paid_on") and cleaned["paid_on"] > timezone.localdate():
            self.add_error("paid_on", _("This date is in the future."))
        if any(value.strip() for value in self._typed_for_others()):
            words = _("A course for which an amount was typed is no longer offered. Check them.")
            self.add_error(None, words)
        if cleaned.get("kind") == PaymentKind.REFUND:
            for name in self._also():
                self.add_error(name, _("Give money back for one course at a time."))
        if plan := cleaned.get("plan"):
            refuse_record_that_ended(self, plan.patient)
        return cleaned

    def _typed_for_others(self):
        """What was typed for courses that were offered when the page was opened and are no more."""
        names = {name for name in self.data if name.startswith(ALSO)} - self.fields.keys()
        return [self.data[name] for name in names]

    def _also(self):
        """The fields of other courses in which something was typed."""
        return [
            name for name in self.fields if name.startswith(ALSO) and self.cleaned_data.get(name)
        ]

    def complete(self):
        """What is given back is typed as it is counted, and kept below nothing."""
        payment = self.instance
        if payment.kind == PaymentKind.REFUND and payment.amount:
            payment.amount = -abs(payment.amount)

    def check_with_others(self):
        balances = balances_of([one.plan for _name, one in self.payments()])
        for name, payment in self.payments():
            try:
                refuse_payment(payment, balances[payment.plan_id])
            except ValidationError as refusal:
                by_field = getattr(refusal, "error_dict", {})
                if "paid_on" in by_field and "paid_on" not in self.errors:
                    self.add_error("paid_on", by_field["paid_on"])
                elif "paid_on" not in by_field:
                    self.add_error(name, refusal.messages)

    def payments(self):
        """The payment, and one for each other course, each by the name of its amount."""
        first = self.instance
        yield "amount", first
        plans = {f"{ALSO}{plan.pk}": plan for plan, _balance in self.others}
        for name in self._also():
            yield (
                name,
                Payment(
                    plan=plans[name],
                    kind=first.kind,
                    paid_on=first.paid_on,
                    amount=self.cleaned_data[name],
                    method=first.method,
                    above_balance=first.above_balance,
                    words=first.words,
                ),
            )


@admin.register(Payment)
class PaymentAdmin(RecordAdmin):
    own_pages = {"correct": ("<path:object_id>/correct/", correct_payment)}
    form = PaymentForm
    change_form_template = "admin/consultations/money/form.html"
    marks_in_error = "consultations.change_payment"  # nobody's: an entry is countered
    when_empty = gettext_lazy("Payments are taken from a patient’s course.")
    list_display = ["receipt", "who", "what", "amount_shown", "day", "by"]
    in_files = {"amount_shown": "amount", "day": "paid_on"}
    list_reads = [
        *("receipt_number", "kind", "method", "amount", "paid_on", "entered_in_error_at"),
        *("created_by__first_name", "created_by__last_name", "created_by__username"),
    ]
    list_select_related = ["created_by"]
    list_filter = [PaymentDaysFilter, MethodFilter, WayFilter]
    ordering = ["-paid_on", "-pk"]
    autocomplete_fields = ["plan"]
    segmented = ["kind", "method"]
    readonly_fields = ["receipt_number", "amount_shown", "counters"]
    fields_of_new = ["plan", "kind", "amount"]
    fields_of_all = [("paid_on", "method"), "above_balance", "words"]

    def fieldsets_for(self, request, obj):
        if obj is not None:
            told = ("above_balance", "words", "counters")
            shown = [("receipt_number", "kind"), ("amount_shown", "method", "paid_on")]
            return [(None, {"fields": [*shown, *(name for name in told if getattr(obj, name))]})]
        also = [f"{ALSO}{plan.pk}" for plan, _balance in self._others(request)]
        return [(None, {"fields": [*self.fields_of_new, *also, *self.fields_of_all]})]

    def get_form(self, request, obj=None, change=False, **kwargs):
        others = self._others(request) if obj is None else ()
        fields = {f"{ALSO}{plan.pk}": _field_of(plan) for plan, _balance in others}
        kwargs["form"] = type("PaymentForm", (PaymentForm,), fields | {"others": others})
        return super().get_form(request, obj, change, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "amount":
            kwargs["above_nothing"] = True
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def _others(self, request):
        """The other courses of the patient that are under way or to be paid, with their balances;
        none for a refund."""
        if not hasattr(request, "other_courses"):
            plan = None if _is_refund(request) else self.parent_asked_for(request)
            request.other_courses = _to_be_paid_with(plan) if plan else ()
        return request.other_courses

    def get_changeform_initial_data(self, request):
        initial = super().get_changeform_initial_data(request)
        kinds = (PaymentKind.DEPOSIT, PaymentKind.REFUND)
        if (kind := request.GET.get("kind")) in kinds:
            initial["kind"] = kind
        plan = self.parent_asked_for(request)
        if plan is not None and kind != PaymentKind.DEPOSIT:
            due = balance_of(plan).due
            due = -due if kind == PaymentKind.REFUND else due
            initial |= {"amount": due} if due > 0 else {}
        return initial

    def has_change_permission(self, request, obj=None):
        """An entry is countered, not changed."""
        return False

    def may_mark_in_error(self, request, record):
        return False

    def save_model(self, request, obj, form, change):
        keep_payments(payments=[one for _name, one in form.payments()], by=request.user)

    def added_words(self, request, obj):
        return format_html("{} {}", self.saved_words(obj), receipt_link(obj, request.user))

    def after_save(self, request, obj):
        return admin_url("treatmentplan", "money", obj.plan_id)

    def more_on_page(self, request, obj):
        plan = obj.plan if obj is not None else self.parent_asked_for(request)
        if plan is None:
            return {}
        title = {"title": _("Refund")} if obj is None and _is_refund(request) else {}
        steps = self._steps(request, obj)
        return {"course": plan, "balance": balance_of(plan), "steps": steps} | title

    def _steps(self, request, obj):
        if obj is None or obj.kind == PaymentKind.CORRECTION:
            return []
        correct = Step(_("Correct"), self.url_of(obj, "correct"), False)
        return [correct] if may_correct(obj, request.user) else []

    def title_of_form(self, obj):
        return _("Take payment") if obj is None else self.title_of(obj)

    def title_of(self, record):
        return str(record)

    def add_columns(self, request, rows):
        currency = ClinicSettings.objects.current().currency
        for row in rows:
            row.currency = currency

    @admin.display(description=gettext_lazy("receipt"))
    def receipt(self, payment):
        link = format_html('<a href="{}">{}</a>', self.url_of(payment), payment.receipt_number)
        return struck(payment, link)

    @admin.display(description=gettext_lazy("what"))
    def what(self, payment):
        kind, method = PaymentKind(payment.kind).label, PaymentMethod(payment.method).label
        return f"{kind}, {str(method).lower()}"

    @admin.display(description=gettext_lazy("amount"))
    def amount_shown(self, payment):
        currency = getattr(payment, "currency", None) or ClinicSettings.objects.current().currency
        return in_words(payment.amount, currency)

    @admin.display(description=gettext_lazy("day"))
    def day(self, payment):
        return day_in_words(payment.paid_on)

    @admin.display(description=gettext_lazy("by"))
    def by(self, payment):
        return name_of(payment.created_by)


def _is_refund(request):
    return request.GET.get("kind") == PaymentKind.REFUND and may_refund(request.user)


def _to_be_paid_with(plan):
    plans = TreatmentPlan.objects.standing().with_patient()
    plans = list(plans.of(plan.patient.pk).exclude(pk=plan.pk))
    balances = balances_of(plans)
    found = [(one, balances[one.pk]) for one in plans]
    return tuple(pair for pair in found if pair[0].status not in ENDED or pair[1].due > 0)


def _field_of(plan):
    label = _("Also for: %(course)s") % {"course": plan.name}
    return AmountField(label=label, required=False, above_nothing=True)
