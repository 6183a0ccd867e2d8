"""The door for web servers: `gunicorn clinic.wsgi`."""

import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")


class Request(WSGIRequest):
    """A request is read as UTF-8 whatever it says of itself. Where it names no decoder of text,
    Django would fail before any middleware: here `refuse_other_encodings` gets to answer."""

    @property
    def encoding(self):
        return None

    @encoding.setter
    def encoding(self, name):
        """As above."""


application = get_wsgi_application()
application.request_class = Request
