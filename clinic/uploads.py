"""Limit how much of an upload is read before a view sees it."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from consultations.accounts.second_factor import is_still_to_come
from consultations.actions.pictures import MOST_BYTES

TAKE_FILES = {
    "admin:consultations_patient_photos",
    "admin:consultations_clinicsettings_logo",
    "admin:consultations_import",
}
MOST_AT_ONCE = 21 * MOST_BYTES  # as many photos as a form takes, and its other fields


class Capped(FileUploadHandler):
    """Runs before the handlers that store files.

    Only signed-in users may send more than a form holds, and only where files are taken: raises
    RequestDataTooBig. Stops reading a file soon after MOST_BYTES, so that the form can refuse it.
    """

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        takes_more = is_signed_in(self.request) and takes_files(self.request)
        most = MOST_AT_ONCE if takes_more else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if content_length > most:
            raise RequestDataTooBig("a body larger than any form of ours")

    def receive_data_chunk(self, raw_data, start):
        return raw_data if start <= MOST_BYTES else None

    def file_complete(self, file_size):
        """Leave the file to the next handler."""


def is_signed_in(request):
    """Whether the user is signed in, with the second factor if it is needed."""
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated and not is_still_to_come(request)


def takes_files(request):
    return request.resolver_match is not None and request.resolver_match.view_name in TAKE_FILES
