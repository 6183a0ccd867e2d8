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

BAD = {
    "severity": [words.Severity.SEVERE],
    "wants_instant_result": [True],
    "wants_inexpensive_fix": [True],
    "accepts_five_sessions": [False],
    "bdd_screen": [words.BddScreen.POSITIVE],
    "recovered_from_surgery": [False],
    "skin_problem": [True],
    "infection": [True],
    "suspicious_lesion": [True],
    "tattoo": [True],
    "radiotherapy": [True],
    "phototype": [words.Phototype.V, words.Phototype.VI],
    "melasma": [True],
    "recent_procedure": [words.RecentProcedure.PEEL, words.RecentProcedure.FULL_ABLATION],
    "test_patch_result": [words.TestPatchResult.REACTION, words.TestPatchResult.AWAITED],
    "pregnant": [True],
    "breastfeeding": [True],
    "koebner_disease": [True],
    "connective_tissue_disease": [True],
    "weight_changing": [True],
    "weight_loss_medicine": [words.WeightLossMedicine.TAKING],
    "tanned": [True],
    "pregnant_or_breastfeeding": [True],
    "isotretinoin": [words.Isotretinoin.TAKING],
    "keloid_history": [True],
    "herpes_history": [True],
    "photosensitiser": [
        words.Photosensitiser.OTHER,
        words.Photosensitiser.CAUTIOUS,
        words.Photosensitiser.PDT_DRUG,
    ],
    "photosensitising_drug": [True],
    "gold_therapy": [True],
    "immunosuppressed": [True],
    "uncontrolled_diabetes": [True],
    "anticoagulants": [True],
    "smoker": [True],
    "drinks_alcohol": [True],
    "sun_exposure": [True],
    "chemical_exposure": [True],
    "age": [17],
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
def bad_facts(draw):
    """One fact that speaks against laser, as a change."""
    name = draw(st.sampled_from(sorted(BAD)))
    return {name: draw(st.sampled_from(BAD[name]))}


def any_facts():
    return st.one_of(area_facts(), operated())
