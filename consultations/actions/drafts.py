"""Store drafts: what somebody types is stored as they type, and deleted once saved or discarded."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Draft, Patient
from consultations.models.draft import MOST
from consultations.models.transactions import atomic
from consultations.summaries.person import is_about_erased, patients_named_by


@atomic()
def keep_draft(*, form, title, values, by):
    """Store what `by` has typed into the form at this address, replacing what was there.

    Raises ValidationError for a form about somebody whose data were erased, and with the code
    "too_many" if `by` has as many unfinished forms as is allowed.
    """
    # Held, so that an erasure sees this draft, or this sees the erasure.
    named = patients_named_by(Draft(form=form, values=values))
    if any(one.erased_at for one in Patient.objects.locked_together(*named).values()):
        raise ValidationError(_("This person's data were erased. Nothing can be added."))
    others = Draft.objects.filter(user=by).exclude(form=form)
    if others.count() >= MOST and not Draft.objects.filter(user=by, form=form).exists():
        raise ValidationError(
            _("You have %(number)s unfinished forms. Save or discard some of them on Today first."),
            code="too_many",
            params={"number": MOST},
        )
    kept = {"title": title, "values": values, "saved_at": timezone.now()}
    draft, _made = Draft.objects.update_or_create(user=by, form=form, defaults=kept)
    return draft


def discard_draft(*, form, by):
    Draft.objects.filter(user=by, form=form).delete()


def clear_drafts():
    """Delete drafts untouched for 30 days, and those about erased people; return how many."""
    expired = Draft.objects.expired().delete()[0]
    left = Draft.objects.order_by("pk").iterator(chunk_size=100)
    of_erased = [draft.pk for draft in left if is_about_erased(draft)]
    return expired + Draft.objects.filter(pk__in=of_erased).delete()[0]
