"""What a finding means for the patient's own risk, in words that a patient reads before consent.

Each sentence rests on the source of its rule (`registry.candidacy.messages`) and says no more than
that. Findings that say nothing of a risk, only of whom or when to treat, are named beside them, so
that nobody forgets a new one.
"""

from collections.abc import Iterable, Mapping
from typing import Any

HEALING = "The operation here was not long ago. Skin that is still healing is more easily harmed."
RISKS = {
    "laxity.borderline": "Your skin is at the border of what laser can tighten. Surgery may do "
    "more.",
    "laxity.severe": "Your skin is looser than laser can tighten well. Surgery would do more.",
    "surgery.touch_up": "This area was operated on. Scarred skin may react differently.",
    "surgery.early": "Your operation was not long ago. The skin may swell and heal more slowly.",
    "surgery.undated": "The day of your operation is not known. Skin that is still healing is more "
    "easily harmed.",
    "skin.problem": "You have a skin problem in this area. It may flare up after laser.",
    "skin.melasma": "You have melasma. It may become darker, and it often comes back.",
    "skin.tattoo": "There is a tattoo or permanent make-up here. Laser may darken or change it.",
    "skin.radiotherapy": "This area had radiotherapy. It may heal poorly.",
    "phototype.dark": "With your skin type, darker or lighter patches after laser are more likely. "
    "They may last months or years.",
    "phototype.medium": "With your skin type, darker patches after laser are more likely. They "
    "mostly fade within months.",
    "breastfeeding": "You are breastfeeding. How laser affects it has hardly been studied.",
    "delivery": "You gave birth less than a year ago. The skin of the stomach still changes by "
    "itself.",
    "isotretinoin": "You took isotretinoin. The skin may scar more easily for some months after "
    "it.",
    "keloid": "You form thick scars. Laser may cause one.",
    "herpes": "Laser near the mouth may wake cold sores. A medicine can prevent that.",
    "photosensitiser": "A medicine you take makes skin sensitive to light. It may react more "
    "strongly.",
    "retinoid": "You used a retinoid on this skin. It may be irritated more easily.",
    "weight": "Your weight is changing. The result may not last.",
    "koebner": "You have a skin disease that may appear where skin was injured, also by laser.",
    "connective_tissue": "You have a disease of the connective tissue. Healing is harder to "
    "foresee.",
    "recent.procedure": "Something else was done here a short time ago. The skin may react more "
    "strongly.",
    "tan": "Tanned skin burns more easily and may change its colour after laser.",
    "filler": "There is filler here. Laser may affect it.",
    "gold": "You were treated with gold. Some lasers turn such skin blue; these are not used.",
    "immunity": "Your defences against infection are weaker. Infection is more likely.",
    "diabetes": "Diabetes that is not controlled slows healing and makes infection more likely.",
    "bleeding": "You bleed more easily. Small bleeding and bruises are more likely.",
    "smoking": "Smoking, vaping or nicotine slow healing and lessen the result.",
    "lifestyle": "Alcohol, sun or chemicals at work weaken collagen and lessen the result.",
    "age.old": "Lasers have hardly been studied at your age. The result may be smaller.",
    "patch.missing": "No test patch was done. How your skin reacts is not known beforehand.",
    # What stops laser, where a clinician decided to treat all the same.
    **dict.fromkeys(
        (
            *("surgery.recovering", "surgery.recent", "surgery.ablative_wait"),
            "surgery.liposuction",
        ),
        HEALING,
    ),
    "skin.infection": "There was an infection here. Laser before it has healed may make it worse.",
    "skin.lesion": "A spot in this area was to be looked at first by a skin doctor.",
    "pregnancy": "You may be pregnant. Waiting until after the birth is the advice, as a "
    "precaution.",
    "age.minor": "You are under 18. Cosmetic laser is not advised before that age.",
    "patch.reaction": "The small area that was tried first reacted. The whole area may react too.",
    "area.off_face": "Away from the face the evidence for laser is weaker, and skin heals more "
    "slowly.",
}
NO_RISK = frozenset(
    {
        *("expectations.instant", "expectations.inexpensive", "expectations.sessions"),
        *("expectations.body_image", "expectations.body_image_declined"),
        *("screen.not_asked", "patch.awaited", "referral.open"),
    }
)


def risks_of(findings: Iterable[Mapping[str, Any]], laser_type: str) -> list[str]:
    """The patient's own risks with a laser type, by the findings of a verdict as stored."""
    told = (one["id"] for one in findings if laser_type in one["lasers"])
    return list(dict.fromkeys(RISKS[name] for name in told if name in RISKS))
