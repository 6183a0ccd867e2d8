"""One patient's diary: everything to be written has its day, and is written in that order."""

import random

from consultations.summaries.signed_copy import rendition_of


class Diary:
    def __init__(self, clinic, number):
        self.clinic = clinic
        self.number = number
        self.chance = random.Random(number)  # noqa: S311  for variety, the same on every run
        self.entries = []
        self.patient = None
        self.assessments = {}
        self.plans = {}
        self.troubles = {}
        self.patches = {}

    def enter(self, ago, write, *what):
        """Have `write(diary, ago, *what)` called for the day `ago`, after that day's others."""
        self.entries.append((ago, write, what))

    def write(self):
        for ago, write, what in sorted(self.entries, key=lambda entry: -entry[0]):
            write(self, ago, *what)

    def account(self, name):
        return self.clinic.accounts[name]


def sign(record, *, by, at):
    """Sign as on the day; the action itself signs now."""
    record.signed_by, record.signed_at = by, at
    record.signed_as = rendition_of(record)
    record.save(by=by, reason="Signed.")
