"""Signing with questions that were not asked takes a second press, which names their number."""

from django.urls import reverse
from django.utils.translation import ngettext

from consultations.summaries.asking import number_unasked

from .forms import is_key


def not_agreed(request, record):
    """How many questions of a record were not asked, where the page did not say so many; else 0."""
    number = number_unasked(record)
    agreed = request.POST.get("unasked", "")
    return number if number > (int(agreed) if is_key(agreed) else 0) else 0


def words_unasked(number):
    return ngettext(
        "Saved, not signed: %(number)s question was not asked. Ask it, or sign without it.",
        "Saved, not signed: %(number)s questions were not asked. Ask them, or sign without them.",
        number,
    ) % {"number": number}


def sign_unasked_url(record):
    """The page of a record with the button that signs it without what was not asked."""
    name = f"admin:consultations_{record._meta.model_name}_change"
    return f"{reverse(name, args=[record.pk])}?unasked=1"
