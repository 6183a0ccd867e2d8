"""Keeping drafts: what somebody types is stored as they type, and gone once saved or discarded."""

from django.utils import timezone

from consultations.models import Draft


def keep_draft(*, form, title, values, by):
    """Store what `by` has typed into the form at this address, in place of what was there."""
    kept = {"title": title, "values": values, "saved_at": timezone.now()}
    draft, _made = Draft.objects.update_or_create(user=by, form=form, defaults=kept)
    return draft


def discard_draft(*, form, by):
    Draft.objects.filter(user=by, form=form).delete()


def clear_expired_drafts():
    """Delete what nobody came back to for 30 days; returns how many drafts that were."""
    return Draft.objects.expired().delete()[0]
