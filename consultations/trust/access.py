"""Log who opened what, who exported, and who signed in or was refused."""

from datetime import timedelta
from ipaddress import ip_address, ip_network

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import AccessRecord, RefusalCount
from consultations.vocabulary import AccessKind

COUNTED_FOR = timedelta(minutes=1)
NOWHERE = "?"
LONGEST_DETAIL = AccessRecord._meta.get_field("detail").max_length


def record_access(*, by, kind, address, patient=None, record=None, detail=""):
    """Log that `by` (None if unknown) opened `record`, or did what `kind` says, from `address`."""
    return AccessRecord.objects.create(
        user=by,
        kind=kind,
        address=address,
        patient=patient,
        model=record._meta.model_name if record is not None else "",
        object_id=record.pk if record is not None else None,
        detail=detail,
    )


def record_export(*, by, detail, address=None, way="", patient=None):
    """Log that `by` took out what `detail` says, of `patient` if it is of one. `way` is added if it
    was not by the page."""
    return record_access(
        by=by,
        kind=AccessKind.EXPORT,
        address=address,
        patient=patient,
        record=patient,
        detail=f"{detail} {way}".strip(),
    )


def counted_as(address):
    """Return the key that failures from an address are counted by.

    An IPv6 address counts as its /64, which belongs to one caller; an unknown one as "?".
    """
    try:
        found = ip_address(address or "")
    except ValueError:
        return NOWHERE
    return str(found if found.version == 4 else ip_network((found, 64), strict=False)[0])


@transaction.atomic
def record_refusal(*, account, address, reason):
    """Log a refused sign-in to `account` (None if the name has no account).

    Refusals from one address within a minute share one row, or anybody could fill the audit. Once
    that row may be sealed, a new one begins: see `close_counts`.
    """
    rows = RefusalCount.objects.select_for_update()
    count, _made = rows.get_or_create(address=counted_as(address))
    if count.record and count.record.at > timezone.now() - COUNTED_FOR:
        count.add(account, reason)
        # The only row of the audit that ever changes, and only until it is sealed.
        told = {"user": account if len(count.counts) == 1 else None, "detail": _in_words(count)}
        AccessRecord._base_manager.filter(pk=count.record_id).update(**told)
    else:
        count.counts = {}
        count.add(account, reason)
        kind = AccessKind.SIGN_IN_REFUSED
        count.record = record_access(by=account, kind=kind, address=address, detail=reason)
    count.save()


def _in_words(count):
    """Format the counts by reason; for several accounts, by account."""
    if len(count.counts) == 1:
        [numbers] = count.counts.values()
    else:
        names = get_user_model().objects.in_bulk([int(key) for key in count.counts if key])
        names = {str(key): name for key, name in names.items()}
        numbers = {
            names.get(key, _("no account")): sum(reasons.values())
            for key, reasons in count.counts.items()
        }
    # Largest first; databases order the keys of JSON in their own way.
    told = sorted(numbers.items(), key=lambda one: (-one[1], str(one[0])))
    return ", ".join(f"{what} × {number}" for what, number in told)[:LONGEST_DETAIL]


def close_counts(*, up_to):
    """Stop counting into rows of the audit up to this key, so that they can be sealed."""
    RefusalCount.objects.filter(record_id__lte=up_to).delete()
