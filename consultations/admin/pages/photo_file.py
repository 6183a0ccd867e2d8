"""The pixels of one photo: sent to who may see them, kept by nobody on the way."""

import io
import logging

from django.http import FileResponse, Http404

from consultations.admin.openings import opened, shown
from consultations.summaries.recorded import is_as_recorded
from consultations.vocabulary import AccessKind

logger = logging.getLogger(__name__)
PAGES_WITH_PHOTOS = (AccessKind.CHART, AccessKind.PHOTO)


def photo_file(model_admin, request, object_id, name):
    """The image or the thumbnail itself, to those who may see this photo."""
    photo = model_admin.record_or_404(request, object_id, "consultations.view_clinical")
    # What was entered in error is still seen by those who may judge that; nothing without consent.
    judges = photo.in_error and request.user.has_perm("consultations.enter_in_error")
    if not photo.has_consent or (photo.in_error and not judges):
        raise Http404
    try:
        with getattr(photo, name).open("rb") as file:
            content = file.read()
    except (OSError, ValueError):
        raise Http404 from None
    # Of a thumbnail no digest was taken.
    if name == "image" and not is_as_recorded(photo, content):
        logger.error("The image of photo %s is not the one that was recorded.", photo.pk)
        raise Http404
    if name == "image":
        opened(request, AccessKind.PHOTO, patient=photo.patient, record=photo)
    else:
        shown(request, photo.patient, photo, kind=AccessKind.PHOTO, on=PAGES_WITH_PHOTOS)
    return FileResponse(
        io.BytesIO(content), content_type="image/jpeg", filename=f"photo-{photo.pk}.jpg"
    )
