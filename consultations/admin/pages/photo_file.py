"""The pixels of one photo: sent to who may see them, kept by nobody on the way."""

import io
import logging

from django.http import FileResponse, Http404

from consultations.admin.parts.access_log import opened, shown
from consultations.summaries.integrity import is_as_recorded, read_file
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
    # A thumbnail that cannot be checked is shown to nobody: the image itself stands in for it.
    served = name if name == "image" or photo.thumbnail_digest else "image"
    content = read_file(getattr(photo, served))
    if content is None:
        raise Http404
    if not is_as_recorded(photo, served, content):
        logger.error("The %s of photo %s is not the one that was recorded.", served, photo.pk)
        raise Http404
    if name == "image":
        opened(request, AccessKind.PHOTO, patient=photo.patient, record=photo)
    else:
        shown(request, photo.patient, photo, kind=AccessKind.PHOTO, on=PAGES_WITH_PHOTOS)
    return FileResponse(
        io.BytesIO(content), content_type="image/jpeg", filename=f"photo-{photo.pk}.jpg"
    )
