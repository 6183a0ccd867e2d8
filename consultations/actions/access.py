"""Recording that somebody opened something: as much a part of the record as what was written."""

from consultations.models import AccessRecord


def record_access(*, by, kind, address, patient=None, record=None, detail=""):
    """Keep that `by` (None for nobody known) opened `record`, or what else `kind` says, from
    `address`."""
    return AccessRecord.objects.create(
        user=by,
        kind=kind,
        address=address,
        patient=patient,
        model=record._meta.model_name if record is not None else "",
        object_id=record.pk if record is not None else None,
        detail=detail,
    )
