"""The WSGI application: `gunicorn -c clinic/gunicorn.py clinic.wsgi`."""

import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "clinic.settings")


class Request(WSGIRequest):
    """Read every request as UTF-8, whatever encoding it claims.

    If it names a codec that does not decode text, Django would fail before any middleware; this
    way `refuse_other_encodings` can answer.
    """

    @property
    def encoding(self):
        return None

    @encoding.setter
    def encoding(self, name):
        """Ignore the claimed encoding."""


application = get_wsgi_application()
application.request_class = Request
