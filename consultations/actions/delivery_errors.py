"""How handing a message over can fail, and what that means for trying again."""


class DeliveryError(Exception):
    """A message did not leave as it should. Its text is what the other side said."""

    def __init__(self, words, code=""):
        super().__init__(words)
        self.code = str(code)


class NotReachedError(DeliveryError):
    """Nobody took it: worth another try."""


class RefusedError(DeliveryError):
    """It was refused for good."""


class NotKnownError(DeliveryError):
    """The line broke off while it was handed over: it may have been taken."""
