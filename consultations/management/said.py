"""What several commands say in the same words."""

NOT_ENCRYPTED = "It is not encrypted: encrypt what leaves this computer."


def counted(number, one, many=""):
    """Return how many of them there are: “1 patient”, “2,500 patients”."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
