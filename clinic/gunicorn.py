"""How gunicorn is run: `gunicorn -c clinic/gunicorn.py clinic.wsgi`.

Its log has no query strings and no referrers, because searches carry names.
"""

from gunicorn.glogging import Logger as ServerLogger

from clinic.reports import PlainFormatter


class Logger(ServerLogger):
    def setup(self, cfg):
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(PlainFormatter(self.error_fmt, self.datefmt))


logger_class = Logger
accesslog = "-"
access_log_format = '%(h)s %(t)s "%(m)s %(U)s %(H)s" %(s)s %(b)s %(M)sms'
# Several gunicorns may share one home folder.
control_socket_disable = True
