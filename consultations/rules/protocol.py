"""Every number of the rulebook, per laser type where it differs: the page a medical director reads.

Change a number here, give RULEBOOK a new version in `consultations/rules/__init__.py`, and run the
tests: verdicts already signed keep the version they were made under. Section numbers are those of
the project's clinical reference; "contested" means that published sources disagree and this is
the default chosen.
"""

from decimal import Decimal

from consultations.vocabulary import LaserType, Phototype, Severity

NON_ABLATIVE = LaserType.NON_ABLATIVE
NON_ABLATIVE_FRACTIONAL = LaserType.NON_ABLATIVE_FRACTIONAL
ABLATIVE_FRACTIONAL = LaserType.ABLATIVE_FRACTIONAL
ABLATIVE_FULL = LaserType.ABLATIVE_FULL

# Laxity. The grade is Alexiades-Armenakas, 0 to 4 in half steps (2.1); its fourth label is folded
# into "severe", and grade 3, the lowest of those, is flagged for the clinician to confirm.
# Grades below 1 mean next to no laxity and are filed under mild.
LOWEST_GRADE = {
    Severity.SEVERE: Decimal("3"),
    Severity.MODERATE: Decimal("2"),
    Severity.MILD: Decimal("0"),
}
HIGHEST_GRADE = Decimal("4")
BORDERLINE_GRADE = LOWEST_GRADE[Severity.SEVERE]

# Course. The brief asks for at least five appointments; trials of non-ablative lasers agree, those
# of ablative ones use one to three (3.3), which is why a shorter course is allowed with a reason.
COURSE_SESSIONS = 5

# Days between sessions on one area (3.3, built from the intervals that trials report in 3.2).
MINIMUM_GAP_DAYS = {
    NON_ABLATIVE: 14,
    NON_ABLATIVE_FRACTIONAL: 21,
    ABLATIVE_FRACTIONAL: 28,
    ABLATIVE_FULL: 180,
}
# Between two types the longer of both counts, but for full ablation: before it the shorter gap of
# an ablative session is enough, and after it the others wait for the watch to end, then for care.
GAP_BEFORE_FULL_ABLATION_DAYS = 28
GAP_AFTER_FULL_ABLATION_DAYS = {
    NON_ABLATIVE: 36,
    NON_ABLATIVE_FRACTIONAL: 36,
    ABLATIVE_FRACTIONAL: 180,
    ABLATIVE_FULL: 180,
}
CARE_AFTER_FULL_ABLATION_DAYS = 180
USUAL_GAP_DAYS = {
    NON_ABLATIVE: 28,
    NON_ABLATIVE_FRACTIONAL: 35,
    ABLATIVE_FRACTIONAL: 42,
    ABLATIVE_FULL: 180,
}

# A rapid course costs days away from work: re-epithelialisation alone takes most of a week (3.4).
RAPID_DOWNTIME_DAYS = 7

# Months after surgery in the same area (4.3, contested: no guideline gives one interval).
SURGERY_RECENT_MONTHS = 1
SURGERY_EARLY_MONTHS = 3
SURGERY_ABLATIVE_MONTHS = 6
LIPOSUCTION_MONTHS = 12

# Months after the last dose of isotretinoin (4.1, contested).
ISOTRETINOIN_MONTHS = 6

# Months after birth before the stomach is treated as any other area (4, contested: one study of
# the abdomen asked for twelve).
DELIVERY_MONTHS = 12

# Days after a tan (4, contested: clinics say 14 to 42), after a filler (4) and after a retinoid on
# the skin (4, contested: clinics say 5 to 14).
TAN_DAYS = {
    NON_ABLATIVE: 14,
    NON_ABLATIVE_FRACTIONAL: 14,
    ABLATIVE_FRACTIONAL: 28,
    ABLATIVE_FULL: 28,
}
FILLER_DAYS = 14
RETINOID_DAYS = 7

# Days or months after something else was done to the area (4, 11; contested, weakly sourced).
INJECTION_DAYS = 14
DEVICE_DAYS = {
    NON_ABLATIVE: 14,
    NON_ABLATIVE_FRACTIONAL: 14,
    ABLATIVE_FRACTIONAL: 28,
    ABLATIVE_FULL: 28,
}
RESURFACED_DAYS = 36
RESURFACED_MONTHS = 6

# Adults only (4, 8.1); trials stop at 60 to 75 (11).
ADULT_AGE = 18
OLD_AGE = 76

# From this phototype on, a test patch is called for (4).
PATCHED_PHOTOTYPES = (Phototype.IV, Phototype.V, Phototype.VI)

# Infection watch: the last day of the active and of the extended window after a session, counted
# from the session as day 0 (6.1: most infections show within two weeks, some in weeks 3 to 5).
WATCH_ACTIVE_DAYS = {
    NON_ABLATIVE_FRACTIONAL: 7,
    ABLATIVE_FRACTIONAL: 14,
    ABLATIVE_FULL: 14,
}
WATCH_EXTENDED_DAYS = {
    ABLATIVE_FRACTIONAL: 35,
    ABLATIVE_FULL: 35,
}

# Settings. A rise of more than a fifth over last time is pointed out; ten times outside the
# device's envelope is taken for a wrong unit (3.2: printed abstracts confuse J with mJ).
JUMP_FACTOR = Decimal("1.2")
WRONG_UNIT_FACTOR = 10
NECK_PULSE_ENERGY_MJ = Decimal("20")
NECK_DENSITY_PERCENT = Decimal("25")

# Contacts to look for infection, days after the session (6.1), and reviews of the result, months
# after the last session of a course (3.4).
WATCH_CONTACT_DAYS = {
    NON_ABLATIVE_FRACTIONAL: (5,),
    ABLATIVE_FRACTIONAL: (3, 14, 28),
    ABLATIVE_FULL: (3, 14, 28),
}
REVIEW_MONTHS = (1, 3, 6)

# Months after a session in which an adverse event may still begin: lighter skin shows one to two
# years after full ablation (6.2). One number for all types, so that nothing late is turned away.
LATE_ONSET_MONTHS = 24


def severity_of(grade: Decimal) -> Severity:
    """The laxity that a grade from 0 to 4 means (2.1)."""
    return next(severity for severity, lowest in LOWEST_GRADE.items() if grade >= lowest)
