"""Configuration of gunicorn: `gunicorn -c clinic/gunicorn.py clinic.wsgi`.

The log has no query strings and no referrers, because searches hold names. Control characters are
escaped, so that a caller cannot forge log lines.
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

# A slow caller occupies one thread. The pool has a connection for each thread.
workers = os.environ.get("WEB_CONCURRENCY", 3)
threads = 8
# Decoding a picture may take 30 seconds; a worker that is stopped finishes its requests.
timeout = 90
graceful_timeout = 60
