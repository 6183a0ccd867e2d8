"""Patients who were assessed and are not, or not yet, treated; and some who are only registered."""

from consultations.vocabulary import (
    Area,
    BddScreen,
    Isotretinoin,
    Outcome,
    Pace,
    Sex,
    SurgeryKind,
)

from ..words import Patch, area, person, story, visit

FACE, NECK, STOMACH, ARMS, LEGS = Area
FEMALE, MALE, OTHER = Sex.FEMALE, Sex.MALE, Sex.OTHER

STORIES = (
    # Suitable, no plan yet
    story(
        person("Clarke", "Imogen", 35, FEMALE, "II"),
        visit("I look tired.", area(FACE, 1), ago=0, signed=False),
    ),
    story(
        person("Rahman", "Tahmina", 43, FEMALE, "V"),
        visit(
            "My stomach, and a little my arms.",
            area(
                STOMACH,
                "moderate",
                patch=Patch(ago=4, note="A welt for two days; to be seen again in a week."),
            ),
            area(ARMS, 1),
            ago=6,
        ),
    ),
    story(
        person("Schröder", "Nils", 29, MALE, "II"),
        visit(
            "Loose skin on my cheeks; I still break out now and then.",
            area(FACE, 2, skin_problem=True),
            ago=12,
            isotretinoin=Isotretinoin.PAST,
            isotretinoin_last_dose_days=100,
        ),
    ),
    story(
        person("Abebe", "Selam", 38, OTHER, "VI", keloid_history=True),
        visit(
            "My neck. I scar badly, so please be careful.",
            area(
                NECK,
                1.5,
                patch=Patch(
                    ago=19,
                    note="Red for a week, behind the ear.",
                    cleared=(10, "Faded without a mark or a scar."),
                ),
            ),
            ago=20,
            worried_about_side_effects=True,
        ),
    ),
    story(
        person("Murphy", "Aoife", 64, FEMALE, "I", gold_therapy=True, herpes_history=True),
        visit(
            "My face; I had gold injections for my joints years ago.",
            area(FACE, 1.5, radiotherapy=True),
            ago=33,
            immunosuppressed=True,
        ),
    ),
    story(
        person("Tan", "Mei Fen", 80, FEMALE, "III"),
        visit(
            "My daughter says it is never too late.",
            area(FACE, 2.5),
            ago=15,
            photosensitiser="",
            immunosuppressed=None,
            bdd_screen=BddScreen.NOT_DONE,
        ),
    ),
    # Wait
    story(
        person("Costa", "Beatriz", 31, FEMALE, "III"),
        visit(
            "My stomach; the baby is ten months old, and there is a second one on the way.",
            area(STOMACH, "mild"),
            ago=18,
            pregnant=True,
            delivered_days=300,
        ),
    ),
    story(
        person("Andersson", "Linnéa", 27, FEMALE, "II"),
        visit(
            "Legs, above the knee. Just back from the sea.",
            area(LEGS, 1),
            ago=3,
            tanned=True,
            tanned_days=5,
        ),
    ),
    story(
        person("Moreau", "Zoë", 45, FEMALE, "III"),
        visit("My mouth and jaw.", area(FACE, 2), ago=2, signed=False, filler_days=6),
    ),
    story(
        person("Singh", "Harpreet", 51, MALE, "IV"),
        visit("My neck.", area(NECK, 2), ago=26, uncontrolled_diabetes=True),
    ),
    story(
        person("Kim", "Daniel", 40, MALE, "III"),
        visit("Face, but I have a cold sore today.", area(FACE, 1.5, infection=True), ago=5),
    ),
    story(
        person("Björnsdóttir", "Guðrún", 56, FEMALE, "I"),
        visit(
            "My face. That brown spot has been there a while.",
            area(FACE, 2, suspicious_lesion=True),
            ago=8,
        ),
    ),
    story(
        person("Almeida", "Tiago", 44, MALE, "III"),
        visit(
            "My stomach is uneven since the liposuction.",
            area(
                STOMACH,
                "moderate",
                surgery_days=150,
                surgery_kind=SurgeryKind.LIPOSUCTION,
                recovered_from_surgery=True,
            ),
            ago=10,
        ),
    ),
    # Not suitable
    story(
        person("Harris", "Chloe", 26, FEMALE, "II"),
        visit(
            "My wedding is on Saturday. I need it gone by then.",
            area(FACE, 1),
            ago=7,
            wants_instant_result=True,
        ),
    ),
    story(
        person("Fischer", "Dieter", 60, MALE, "II"),
        visit(
            "What is the least it can cost? I will come once, not five times.",
            area(NECK, 2),
            ago=11,
            wants_inexpensive_fix=True,
            accepts_five_sessions=False,
        ),
    ),
    story(
        person("Lopez", "Marisol", 24, FEMALE, "III"),
        visit(
            "I cannot leave the house because of my chin.",
            area(FACE, 1),
            ago=29,
            bdd_screen=BddScreen.POSITIVE,
        ),
    ),
    story(
        person("Baker", "Amelia", 16, FEMALE, "II", guardian="Her mother, 07700 900999"),
        visit("My friends say my cheeks are chubby.", area(FACE, 1), ago=13),
    ),
    # The clinician decides otherwise
    story(
        person("Ito", "健一", 52, MALE, "III"),
        visit(
            "My jaw; I also have a busy summer outdoors.",
            area(
                FACE,
                1.5,
                decision=Outcome.HOLD,
                decision_reason="Works outdoors all summer: to begin in autumn.",
            ),
            ago=22,
            sun_exposure=True,
        ),
    ),
    story(
        person("Robinson", "Marcia", 47, FEMALE, "V"),
        visit(
            "My upper arms.",
            area(
                ARMS,
                "moderate",
                decision=Outcome.REFER_TO_SURGERY,
                decision_reason="Nearly severe, and the patient prefers one operation.",
            ),
            ago=16,
        ),
    ),
    # Entered in error, then recorded rightly
    story(
        person("Green", "Oliver", 48, MALE, "II"),
        visit("My stomach.", area(STOMACH, "mild"), ago=9, mistaken="Meant for another patient."),
        visit(
            "The lines of my neck, and soon please.",
            area(NECK, 1.5),
            ago=9,
            preferred_pace=Pace.RAPID,
            max_downtime_days=7,
        ),
    ),
    # Registered, not yet seen
    story(person("Phiri", "Chikondi", 19, MALE, "V")),
    story(person("สุขสวัสดิ์", "มาลี", 36, FEMALE, "IV", interpreter_needed=True)),
    story(person("Suharto", "", 63, MALE, "IV")),
)
