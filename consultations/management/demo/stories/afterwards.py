"""What comes after a session: adverse events, infection watches, recalls."""

from consultations.vocabulary import Area, EventKind, EventSeverity, Pace, Sex

from ..words import Course, Trouble, area, person, story, visit

FACE, NECK, STOMACH, ARMS, LEGS = Area
FEMALE, MALE = Sex.FEMALE, Sex.MALE

STORIES = (
    story(
        person("Lemaire", "Sophie", 39, FEMALE, "II"),
        visit(
            "Softness along my jaw.",
            area(
                FACE,
                1.5,
                course=Course(
                    done=2,
                    last=6,
                    trouble=Trouble(
                        kind=EventKind.ERYTHEMA,
                        severity=EventSeverity.MILD,
                        ago=4,
                        action="Emollient and sun protection; to call again in three days.",
                    ),
                ),
            ),
        ),
    ),
    story(
        person("Oyelaran", "Tunde", 50, MALE, "IV"),
        visit(
            "My cheeks; I can take ten days off now.",
            area(
                FACE,
                2.5,
                course=Course(
                    done=2,
                    last=12,
                    pace=Pace.RAPID,
                    trouble=Trouble(
                        kind=EventKind.HYPERPIGMENTATION,
                        severity=EventSeverity.MODERATE,
                        ago=2,
                        action="Strict sun protection; azelaic acid prescribed by the clinician.",
                    ),
                ),
            ),
        ),
    ),
    story(
        person("Castillo", "Renata", 45, FEMALE, "III"),
        visit(
            "My neck, in profile.",
            area(
                NECK,
                2,
                course=Course(
                    done=3,
                    due_in=10,
                    trouble=Trouble(
                        kind=EventKind.BURN,
                        severity=EventSeverity.MODERATE,
                        ago=57,
                        action="Cooled at once, dressing for four days.",
                        resolved=45,
                        cleared=(43, "Healed without a mark; the course may go on."),
                    ),
                ),
            ),
        ),
    ),
    story(
        person("Jakobsen", "Ingrid", 52, FEMALE, "I"),
        visit("Fine folds under my eyes.", area(FACE, 2, course=Course(done=2, last=5))),
    ),
    story(
        person("Barbosa", "Leandro", 57, MALE, "III"),
        visit(
            "The lower face; I would rather have it done quickly.",
            area(FACE, 2.5, course=Course(done=1, last=10, pace=Pace.RAPID)),
        ),
    ),
    story(
        person("Whelan", "Maeve", 60, FEMALE, "II"),
        visit(
            "My neck. I am away a lot for work.",
            area(NECK, 1.5, course=Course(done=2, due_in=21, recall_in=0)),
        ),
    ),
)
