"""Why a picture is not taken."""


class Refused(Exception):
    """The picture is not taken; its text is the key of a reason in `pictures.REASONS`."""
