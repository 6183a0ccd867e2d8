"""Facts drawn at random: mostly unremarkable, so that every outcome is drawn often."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st

from consultations import vocabulary as words
from consultations.rules.facts import DATES, YES_NO

from .builders import ON, blank, facts

# No deadline: a slow machine is not a wrong rule.
properties = settings(deadline=None, database=None, max_examples=100)

DAYS = st.one_of(
    st.sampled_from([ON - timedelta(days=days) for days in (0, 1, 14, 28, 31, 60, 100, 200, 400)]),
    st.dates(date(2024, 1, 1), date(2026, 12, 31)),
)
VALUES = {
    "on": st.dates(date(2025, 6, 1), date(2026, 12, 31)),
    "area": st.sampled_from(words.Area),
    "severity": st.sampled_from(words.Severity),
    "grade": st.sampled_from([Decimal(half) / 2 for half in range(9)]),
    "age": st.integers(0, 100),
    "phototype": st.sampled_from(words.Phototype),
    "bdd_screen": st.sampled_from(words.BddScreen),
    "preferred_pace": st.sampled_from(words.Pace),
    "max_downtime_days": st.integers(0, 30),
    "surgery_kind": st.sampled_from(words.SurgeryKind),
    "isotretinoin": st.sampled_from(words.Isotretinoin),
    "photosensitiser": st.sampled_from(words.Photosensitiser),
    "weight_loss_medicine": st.sampled_from(words.WeightLossMedicine),
    "recent_procedure": st.sampled_from(words.RecentProcedure),
    "test_patch_result": st.sampled_from(words.TestPatchResult),
    "test_patch_laser": st.sampled_from(words.LaserType),
    **dict.fromkeys(DATES, DAYS),
    **dict.fromkeys(YES_NO, st.booleans()),
}
NEEDED = {"on", "area", "severity"}

# Answers that speak against laser, from little to much.
BAD = {
    "severity": [words.Severity.SEVERE],
    "age": [17],
    "phototype": [words.Phototype.V, words.Phototype.VI],
    "accepts_five_sessions": [False],
    "bdd_screen": [words.BddScreen.DECLINED, words.BddScreen.POSITIVE],
    "recovered_from_surgery": [False],
    "recent_procedure": [
        words.RecentProcedure.THREAD_LIFT,
        words.RecentProcedure.ULTRASOUND,
        words.RecentProcedure.PEEL,
        words.RecentProcedure.LASER,
        words.RecentProcedure.DERMABRASION,
        words.RecentProcedure.FULL_ABLATION,
    ],
    "test_patch_result": [words.TestPatchResult.REACTION, words.TestPatchResult.AWAITED],
    "isotretinoin": [words.Isotretinoin.PAST, words.Isotretinoin.TAKING],
    "photosensitiser": [
        words.Photosensitiser.OTHER,
        words.Photosensitiser.CAUTIOUS,
        words.Photosensitiser.PDT_DRUG,
    ],
    "weight_loss_medicine": [words.WeightLossMedicine.TAKING],
    **{
        name: [True]
        for name in (
            "wants_instant_result",
            "wants_inexpensive_fix",
            "skin_problem",
            "infection",
            "suspicious_lesion",
            "tattoo",
            "melasma",
            "radiotherapy",
            "pregnant",
            "breastfeeding",
            "pregnant_or_breastfeeding",
            "keloid_history",
            "herpes_history",
            "connective_tissue_disease",
            "koebner_disease",
            "photosensitising_drug",
            "gold_therapy",
            "immunosuppressed",
            "uncontrolled_diabetes",
            "anticoagulants",
            "weight_changing",
            "tanned",
            "smoker",
            "drinks_alcohol",
            "sun_exposure",
            "chemical_exposure",
            "referral_open",
        )
    },
}


@st.composite
def area_facts(draw, **fixed):
    """All answered or nothing asked, with up to five facts changed to anything the form takes."""
    start = draw(st.sampled_from([facts, blank]))
    names = draw(st.sets(st.sampled_from(sorted(VALUES)), max_size=5))
    changes = {
        name: draw(VALUES[name] if name in NEEDED else st.none() | VALUES[name])
        for name in sorted(names)
    }
    return start(**{**changes, **fixed})


@st.composite
def operated(draw):
    """An area after surgery, where most holds that end on a known day come from."""
    known = {name: draw(VALUES[name]) for name in ("surgery_on", "surgery_kind", "surgeon_cleared")}
    return draw(area_facts(recovered_from_surgery=True, **known))


@st.composite
def bad_facts(draw, before):
    """One fact that speaks against laser, as a change of facts that do not say worse already."""
    worse = {
        name: answers[answers.index(now) :]
        if (now := getattr(before, name)) in answers
        else answers
        for name, answers in BAD.items()
    }
    name = draw(st.sampled_from(sorted(worse)))
    return {name: draw(st.sampled_from(worse[name]))}


def any_facts():
    return st.one_of(area_facts(), operated())
