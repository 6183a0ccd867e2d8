"""Text messages: the interface of a gateway, and the one that speaks HTTP.

A gateway is any class without arguments that has

    send(to, text, reference)

`to` is a number as +441632960961, `text` what is said, and `reference` tells this message from
every other, so that a gateway that is asked twice can send once. Nothing raised means that it was
taken. It raises NotReachedError where it was not, and trying again may help; RefusedError where it
never will be; and NotKnownError where the line broke off after it was asked. Settings name the
class (SMS_GATEWAY).
"""

import http.client
import json
from urllib.parse import urlsplit

from django.conf import settings

from consultations.models import ClinicSettings
from consultations.models.phone import to_dial

from .delivery_errors import NotKnownError, NotReachedError, RefusedError

PATIENCE = 30  # seconds
# Not now, or not as we are set up: both are mended, and the message is still wanted.
ANOTHER_TIME = {401, 402, 403, 404, 405, 408, 425, 429, 503}


class HttpGateway:
    """Posts JSON to SMS_URL: {"from", "to", "text", "reference"}, with SMS_TOKEN as bearer.

    Any 2xx means taken. No redirect is followed.
    """

    def send(self, to, text, reference):
        number = to_dial(to, ClinicSettings.objects.current().country)
        if not number:
            raise RefusedError("This is no number that can be dialled.")
        asked = {"from": settings.SMS_FROM, "to": number, "text": text, "reference": reference}
        self._post(json.dumps(asked).encode())

    def _post(self, body):
        url = urlsplit(settings.SMS_URL)
        secure = url.scheme == "https"
        kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        line = kind(url.hostname, url.port, timeout=PATIENCE)
        try:
            line.connect()
        except OSError as error:
            raise NotReachedError(str(error)) from error
        try:
            line.request("POST", _path(url), body, self._headers())
            answer = line.getresponse()
            said = " ".join(answer.read(1000).decode(errors="replace").split())
        except (OSError, http.client.HTTPException) as error:
            raise NotKnownError(str(error) or type(error).__name__) from error
        finally:
            line.close()
        _judge(answer.status, f"{answer.status} {said}".strip())

    def _headers(self):
        token = f"Bearer {settings.SMS_TOKEN}"
        return {"Content-Type": "application/json", "Authorization": token}


def _path(url):
    return f"{url.path or '/'}?{url.query}" if url.query else url.path or "/"


def _judge(status, said):
    if 200 <= status < 300:
        return
    if status in ANOTHER_TIME or 300 <= status < 400:
        raise NotReachedError(said, status)
    if status >= 500:
        raise NotKnownError(said, status)
    raise RefusedError(said, status)
