"""How much of an upload is taken before a page sees it."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

from consultations.actions.pictures import MOST_BYTES

MOST_AT_ONCE = 21 * MOST_BYTES  # as many photos as a form takes, and its other fields


class Capped(FileUploadHandler):
    """Stands before the handlers that keep files: nothing from strangers, and of a file that is too
    large only so much that it is seen to be."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        user = getattr(self.request, "user", None)
        known = user is not None and user.is_authenticated
        most = MOST_AT_ONCE if known else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if content_length > most:
            raise RequestDataTooBig("a body larger than any form of ours")

    def receive_data_chunk(self, raw_data, start):
        return raw_data if start <= MOST_BYTES else None

    def file_complete(self, file_size):
        """The file is the next handler's."""
