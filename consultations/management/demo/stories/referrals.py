"""Patients whose laxity is severe: on their way to a surgeon, with one, and back."""

from consultations.vocabulary import (
    Area,
    Closure,
    Outcome,
    Sex,
    ShortCourseReason,
    SurgeryKind,
    Urgency,
)

from ..words import Course, Referral, area, person, story, visit

FACE, NECK, STOMACH, ARMS, LEGS = Area
FEMALE, MALE = Sex.FEMALE, Sex.MALE

STORIES = (
    # To send
    story(
        person("Bianchi", "Rosa", 70, FEMALE, "III"),
        visit("My neck hangs like a curtain.", area(NECK, 3.5), ago=1, signed=False),
    ),
    story(
        person("Kaya", "Emre", 36, MALE, "III", past_surgery="Gastric sleeve, two years ago"),
        visit(
            "I lost seventy kilos. The skin of my stomach and thighs did not come along.",
            area(STOMACH, "severe"),
            area(LEGS, "severe"),
            ago=4,
        ),
    ),
    story(
        person("Hughes", "Glenys", 67, FEMALE, "II"),
        visit(
            "My jowls. I do not want an operation if it can be helped.",
            area(FACE, 3),
            ago=2,
            signed=False,
        ),
    ),
    # Sent, accepted, operated, recovered
    story(
        person("Lindqvist", "Märta", 72, FEMALE, "II"),
        visit("The neck, for years now.", area(NECK, 4, referral=Referral(sent=8)), ago=9),
    ),
    story(
        person("Silva", "João", 58, MALE, "III"),
        visit(
            "Skin hangs from both upper arms.",
            area(ARMS, "severe", referral=Referral(sent=55, notes="No reply yet; ask again.")),
            ago=57,
        ),
    ),
    story(
        person("شیرازی", "مریم", 49, FEMALE, "III", interpreter_needed=True),
        visit(
            "My stomach after four children; it is sore in the folds.",
            area(
                STOMACH,
                "severe",
                referral=Referral(sent=29, accepted=12, urgency=Urgency.SOON),
            ),
            ago=30,
        ),
    ),
    story(
        person("Popescu", "Ștefan", 64, MALE, "II"),
        visit(
            "My face has slid.", area(FACE, 3.5, referral=Referral(sent=42, accepted=21)), ago=43
        ),
    ),
    story(
        person("Vasquez", "Lucía", 46, FEMALE, "IV"),
        visit(
            "My stomach, after losing weight.",
            area(STOMACH, "severe", referral=Referral(sent=88, accepted=70, operated=16)),
            ago=90,
        ),
    ),
    story(
        person("Jansen", "Pieter", 69, MALE, "I"),
        visit(
            "A turkey neck, my grandson says.",
            area(NECK, 4, referral=Referral(sent=110, accepted=95, operated=40)),
            ago=112,
        ),
    ),
    story(
        person("Андрієнко", "Оксана", 55, FEMALE, "II"),
        visit(
            "My face and my neck.",
            area(FACE, 3, referral=Referral(sent=170, accepted=150, operated=100, recovered=14)),
            ago=172,
        ),
    ),
    # Back for touch-up
    story(
        person("Walker", "Denise", 61, FEMALE, "II", past_surgery="Neck lift"),
        visit(
            "My neck bands.",
            area(
                NECK,
                3.5,
                referral=Referral(
                    sent=395,
                    accepted=370,
                    operated=320,
                    recovered=225,
                    closed=220,
                    closure=Closure.RETURNED_FOR_TOUCH_UP,
                ),
            ),
            ago=400,
        ),
        visit(
            "The lift is lovely. What is left is the crêpey skin on top.",
            area(
                NECK,
                1.5,
                touches_up=True,
                surgery_kind=SurgeryKind.LIFT,
                surgeon_cleared=True,
                course=Course(
                    done=2,
                    due_in=8,
                    planned=3,
                    short_course_reason=ShortCourseReason.TOUCH_UP,
                    booked=(8, "11:15"),
                ),
            ),
        ),
    ),
    story(
        person("Takahashi", "恵子", 59, FEMALE, "III", past_surgery="Removal of skin, stomach"),
        visit(
            "My stomach after losing weight.",
            area(
                STOMACH,
                "severe",
                referral=Referral(
                    sent=298,
                    accepted=280,
                    operated=230,
                    recovered=110,
                    closed=100,
                    closure=Closure.RETURNED_FOR_TOUCH_UP,
                ),
            ),
            ago=300,
        ),
        visit(
            "Flat at last; the skin around the scar is still loose.",
            area(
                STOMACH,
                "mild",
                touches_up=True,
                surgery_kind=SurgeryKind.EXCISION,
                surgeon_cleared=True,
                tattoo=True,
            ),
            ago=3,
        ),
    ),
    story(
        person("Bakker", "Femke", 53, FEMALE, "II"),
        visit(
            "My upper arms.",
            area(
                ARMS,
                "severe",
                referral=Referral(
                    sent=200,
                    accepted=185,
                    operated=140,
                    recovered=30,
                    closed=25,
                    closure=Closure.RETURNED_FOR_TOUCH_UP,
                ),
            ),
            ago=205,
        ),
    ),
    # Ended otherwise
    story(
        person("Evans", "Rhys", 62, MALE, "II"),
        visit(
            "The neck, but I am not keen on the knife.",
            area(
                NECK,
                3,
                referral=Referral(sent=75, closed=50, closure=Closure.PATIENT_DECLINED),
            ),
            ago=76,
        ),
    ),
    story(
        person("Petrov", "Георги", 73, MALE, "III", medicines="Warfarin"),
        visit(
            "My face.",
            area(
                FACE,
                3.5,
                referral=Referral(
                    sent=130,
                    closed=101,
                    closure=Closure.SURGEON_DECLINED,
                    notes="Not fit for an anaesthetic.",
                ),
            ),
            ago=131,
            anticoagulants=True,
        ),
    ),
    story(
        person("Mbeki", "Thandiwe", 57, FEMALE, "VI"),
        visit(
            "My stomach.",
            area(
                STOMACH,
                "severe",
                referral=Referral(sent=240, closed=120, closure=Closure.NO_REPLY),
            ),
            area(
                ARMS,
                "severe",
                referral=Referral(
                    sent=240,
                    closed=150,
                    closure=Closure.OTHER,
                    closure_words="Was operated on abroad; has no papers.",
                ),
            ),
            ago=241,
        ),
    ),
    # Treated all the same
    story(
        person("Delacroix-Laurent", "Anaïs", 54, FEMALE, "II"),
        visit(
            "The lower face. I know laser will not lift it like surgery would.",
            area(
                FACE,
                3,
                reconsidered=(
                    72,
                    Outcome.CANDIDATE,
                    "Borderline, mostly texture. Declines surgery and accepts a modest result.",
                ),
                course=Course(done=2, due_in=15, laser="non_ablative"),
            ),
            ago=74,
        ),
    ),
)
