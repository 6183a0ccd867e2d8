"""What the rules see: the facts of one area on one day, and nothing else of the record."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from consultations import vocabulary as words


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFacts:
    """Everything candidacy may know about one body area on one day.

    Names are those of the records. None means not asked or not known, and is never read as "no".
    `age` is in whole years on the day `on`; `grade` is 0 to 4 in half steps.

    Raises ValueError for a word that the vocabulary does not know, so that a misspelt severity
    can never pass for a mild one.
    """

    on: date
    area: words.Area
    severity: words.Severity
    grade: Decimal | None = None
    age: int | None = None
    phototype: words.Phototype | None = None

    wants_instant_result: bool | None = None
    wants_inexpensive_fix: bool | None = None
    accepts_five_sessions: bool | None = None
    bdd_screen: words.BddScreen | None = None
    preferred_pace: words.Pace | None = None
    worried_about_side_effects: bool | None = None
    max_downtime_days: int | None = None

    surgery_on: date | None = None
    surgery_kind: words.SurgeryKind | None = None
    recovered_from_surgery: bool | None = None
    surgeon_cleared: bool | None = None
    referral_open: bool | None = None

    skin_problem: bool | None = None
    infection: bool | None = None
    suspicious_lesion: bool | None = None
    tattoo: bool | None = None
    melasma: bool | None = None
    radiotherapy: bool | None = None
    recent_procedure: words.RecentProcedure | None = None
    recent_procedure_on: date | None = None
    test_patch_on: date | None = None
    test_patch_result: words.TestPatchResult | None = None
    test_patch_cleared: bool | None = None
    test_patch_laser: words.LaserType | None = None

    pregnant: bool | None = None
    breastfeeding: bool | None = None
    delivered_on: date | None = None
    isotretinoin: words.Isotretinoin | None = None
    isotretinoin_last_dose_on: date | None = None
    keloid_history: bool | None = None
    herpes_history: bool | None = None
    connective_tissue_disease: bool | None = None
    koebner_disease: bool | None = None
    photosensitiser: words.Photosensitiser | None = None
    topical_retinoid_on: date | None = None
    gold_therapy: bool | None = None
    immunosuppressed: bool | None = None
    uncontrolled_diabetes: bool | None = None
    anticoagulants: bool | None = None
    weight_changing: bool | None = None
    weight_loss_medicine: words.WeightLossMedicine | None = None
    tanned: bool | None = None
    tanned_on: date | None = None
    filler_on: date | None = None

    smoker: bool | None = None
    drinks_alcohol: bool | None = None
    sun_exposure: bool | None = None
    chemical_exposure: bool | None = None

    # Asked until edition 2026.12; an answer from then still counts.
    pregnant_or_breastfeeding: bool | None = None
    photosensitising_drug: bool | None = None

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            value = getattr(self, name)
            if value == "":
                object.__setattr__(self, name, None)
            elif value is not None and type(value) is not choices:
                object.__setattr__(self, name, choices(value))
        if self.severity is None or self.area is None:
            raise ValueError("an area and its severity are needed to assess it")
        for name in YES_NO:
            if (answer := getattr(self, name)) is not None and type(answer) is not bool:
                raise ValueError(f"{name} must be True, False or None")

    @property
    def had_surgery(self) -> bool:
        """Whether anything says that this area was operated on, even where the day is unknown."""
        return (
            self.surgery_on is not None
            or self.surgery_kind is not None
            or self.recovered_from_surgery is not None
        )

    @property
    def takes_cautious_photosensitiser(self) -> bool:
        """Whether a drug calls for caution; the earlier plain yes counts until asked anew."""
        if self.photosensitiser is None:
            return bool(self.photosensitising_drug)
        return self.photosensitiser == words.Photosensitiser.CAUTIOUS

    @property
    def was_tanned(self) -> bool:
        """Whether the skin was tanned; a day alone says so too."""
        return self.tanned_on is not None if self.tanned is None else self.tanned

    def as_json(self) -> dict[str, Any]:
        """Plain values for a JSON column; dates are ISO text, the grade a number."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> "AreaFacts":
        """The facts that `as_json` wrote; what is no fact any more is left out."""
        known = {name: plain[name] for name in FACTS if plain.get(name) is not None}
        for name in {"on", *DATES} & known.keys():
            known[name] = date.fromisoformat(known[name])
        if "grade" in known:
            known["grade"] = Decimal(str(known["grade"]))
        return cls(**known)


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case Decimal():
            return float(value)
    return value


CHOICES = {
    "area": words.Area,
    "severity": words.Severity,
    "phototype": words.Phototype,
    "bdd_screen": words.BddScreen,
    "preferred_pace": words.Pace,
    "surgery_kind": words.SurgeryKind,
    "isotretinoin": words.Isotretinoin,
    "photosensitiser": words.Photosensitiser,
    "weight_loss_medicine": words.WeightLossMedicine,
    "recent_procedure": words.RecentProcedure,
    "test_patch_result": words.TestPatchResult,
    "test_patch_laser": words.LaserType,
}
FACTS = tuple(field.name for field in fields(AreaFacts))
DATES = tuple(name for name in FACTS if name.endswith("_on"))
YES_NO = tuple(field.name for field in fields(AreaFacts) if field.type == bool | None)
