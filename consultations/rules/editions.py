"""What changed in each edition of the rulebook, for those who answer for it; the latest first."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the rules with these ids, in words."""

    ids: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Edition:
    name: str
    before: str
    changes: tuple[Change, ...]


EDITIONS = (
    Edition(
        "2026.12.1",
        "2026.12",
        (
            Change(
                ("consent.missing", "consent.reflection"),
                "New: a session waits for consent to it, and for the time to reflect; courses "
                "that began before consent was recorded here are not stopped.",
            ),
            Change(
                ("consent.refused", "consent.withdrawn"),
                "New: nothing is done against a no, and nobody overrides it.",
            ),
        ),
    ),
    Edition(
        "2026.12",
        "2026.11",
        (
            Change(
                ("patch.reaction", "patch.awaited", "patch.missing"),
                "New: a test patch with a reaction, or not read yet, stops every laser; a missing "
                "one is pointed out where it is called for.",
            ),
            Change(
                ("recent.procedure",),
                "New: what was done to the area elsewhere, from botulinum toxin to full ablation.",
            ),
            Change(("skin.melasma",), "New: melasma; no ablative laser."),
            Change(("weight",), "New: weight that changes, and weight-loss medicines."),
            Change(("koebner",), "New: psoriasis, vitiligo and lichen planus within 12 months."),
            Change(("connective_tissue",), "New: diseases of the connective tissue."),
            Change(("retinoid",), "New: a retinoid on the skin within 7 days."),
            Change(("delivery",), "New: the stomach within 12 months of birth."),
            Change(
                ("pregnancy", "breastfeeding"),
                "Asked apart; breastfeeding no longer holds non-ablative lasers.",
            ),
            Change(
                ("photosensitiser",),
                "Only drugs for photodynamic therapy hold; three named ones call for caution.",
            ),
            Change(("isotretinoin",), "Taken in the past on a day not known counts, until it is."),
            Change(("tan",), "Asked by itself; a tan without its day holds until it is known."),
            Change(("filler",), "Only ablative lasers wait; the others are a caution."),
            Change(
                ("herpes", "antiviral.missing"),
                "An antiviral with ablative laser on face or neck, whatever the history; missing "
                "at the session it is a caution.",
            ),
            Change(("immunity",), "Told for non-ablative lasers too."),
            Change(
                ("skin.tattoo", "laser.tattoo"),
                "A note for ablative lasers; Q-switched and picosecond are stopped at the session.",
            ),
            Change(
                ("skin.problem", "smoking", "bleeding"),
                "Asked wider: rosacea, eczema and psoriasis here; vaping and nicotine; bleeding "
                "disorders.",
            ),
            Change(
                ("laser.wrong_type", "laser.out_of_service", "laser.service_overdue"),
                "Judged as the laser and its mode were on the day of the session.",
            ),
            Change(("surgery.undated",), "New: surgery on a day not known."),
            Change(("expectations.body_image_declined",), "New: the screen was declined."),
            Change(("age.old",), "New: 76 or older, beyond what trials included."),
            Change(
                ("interval.too_soon",),
                "The longer gap of the two lasers counts; after full ablation 36 days for "
                "non-ablative, 180 for ablative.",
            ),
            Change(
                ("screen.required",),
                "Before ablative laser also breastfeeding, phototype, keloid history, a tan and, "
                "on face or neck, herpes.",
            ),
            Change(("eyewear",), "New: eyewear not worn stops the session."),
            Change(("laser.operator",), "New: the operator is on the laser's list, trained."),
            Change(
                (),
                "Ablative lasers are not proposed while phototype or keloid history is not known; "
                "a third contact after ablative fractional laser, on day 28.",
            ),
        ),
    ),
)
