"""How amounts of money are typed and shown."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.utils.translation import gettext as _

from consultations.models import ClinicSettings, TreatmentPlan
from consultations.models.money import DEFAULT_CURRENCY, amount_from, as_typed
from consultations.permissions import MAY_SEE_MONEY
from consultations.summaries.money import balances_of
from consultations.vocabulary import PlanStatus

ENDED = (PlanStatus.COMPLETED, PlanStatus.STOPPED)


class AmountInput(forms.TextInput):
    """As text, with the number keys."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "decimal", "class": "vNumber"} | (attrs or {}))


class AmountField(forms.Field):
    """An amount in the clinic's currency, read strictly."""

    widget = AmountInput
    currency = DEFAULT_CURRENCY

    def __init__(self, *, max_digits=None, decimal_places=None, above_nothing=False, **kwargs):
        self.above_nothing = above_nothing
        super().__init__(**kwargs)

    def get_bound_field(self, form, field_name):
        """Read the clinic's currency once for all amounts of a form."""
        if not hasattr(form, "currency"):
            form.currency = ClinicSettings.objects.current().currency
        self.currency = form.currency
        self.help_text = self.help_text or self.currency
        return super().get_bound_field(form, field_name)

    def to_python(self, value):
        if isinstance(value, str):
            value = value.strip()
        if value in EMPTY_VALUES or isinstance(value, Decimal):
            return None if value in EMPTY_VALUES else value
        return amount_from(value, self.currency)

    def validate(self, value):
        super().validate(value)
        if self.above_nothing and value is not None and value <= 0:
            raise ValidationError(_("Type an amount above 0."))

    def prepare_value(self, value):
        return as_typed(value, self.currency) if isinstance(value, Decimal) else value

    def has_changed(self, initial, data):
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True


def money_of(patient, user):
    """The balances of all courses of a patient by their keys, and the courses that ended and are
    not paid up, each with its balance; nothing to whom money is not shown."""
    if not user.has_perm(MAY_SEE_MONEY):
        return {}, []
    plans = list(TreatmentPlan.objects.standing().of(patient).select_related("assessment"))
    balances = balances_of(plans)
    ended = [(one, balances[one.pk]) for one in plans if one.status in ENDED]
    return balances, [(plan, balance) for plan, balance in ended if balance.due]
