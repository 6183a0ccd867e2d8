"""What was answered, in full, and which tables were written."""

import re
from contextlib import contextmanager

from django.db import connection

# Kept of every request, whoever asks and whatever is answered.
ALSO_WRITTEN = re.compile(
    r"django_session|consultations_accessrecord|axes_|otp_|SET \"last_login\" = \S+ WHERE"
)
WRITES = re.compile(r"^(?:INSERT INTO|UPDATE|DELETE FROM) \W?(\w+)")


@contextmanager
def writes_watched():
    """Collects the tables written inside."""
    written = set()

    def watch(execute, sql, params, many, context):
        if (found := WRITES.match(sql)) and not ALSO_WRITTEN.search(sql):
            written.add(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield written


def whole(answer):
    """All that an answer says: its body, headers and cookies."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    cookies = answer.cookies.output()
    return f"{body.decode(errors='replace')}\n{answer.headers}\n{cookies}"
