"""How gunicorn is run: `gunicorn -c clinic/gunicorn.py clinic.wsgi`.

Its log has no query strings and no referrers, because searches carry names; and a line holds what
it says it holds, whatever a caller puts into an address.
"""

import os

from gunicorn.glogging import Logger as ServerLogger

from clinic.health import PATH as HEALTH
from clinic.reports import PlainFormatter


class Logger(ServerLogger):
    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(PlainFormatter(self.error_fmt, self.datefmt))
        for handler in self.access_log.handlers:
            handler.setFormatter(PlainFormatter(self.access_fmt))

    def access(self, resp, req, environ, request_time):
        if req.path != HEALTH:
            super().access(resp, req, environ, request_time)


logger_class = Logger
accesslog = "-"
access_log_format = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s %(M)sms'
# Several gunicorns may share one home folder.
control_socket_disable = True

# A thread waits for each slow caller. The pool has a connection for each thread.
workers = os.environ.get("WEB_CONCURRENCY", 3)
threads = 8
# A picture may be decoded for 30 seconds; a worker that is told to end finishes what it is doing.
timeout = 90
graceful_timeout = 60
