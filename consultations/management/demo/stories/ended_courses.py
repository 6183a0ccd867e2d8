"""Patients at the end of a course, or away from it."""

from consultations.vocabulary import (
    Area,
    LaserType,
    Pace,
    PlanStatus,
    Sex,
    ShortCourseReason,
)

from ..words import Course, area, person, story, visit

FACE, NECK, STOMACH, ARMS, LEGS = Area
FEMALE, MALE = Sex.FEMALE, Sex.MALE
RAPID = Pace.RAPID
AB = LaserType.ABLATIVE_FULL

STORIES = (
    # Completed
    story(
        person("Dubois", "Éloïse", 62, FEMALE, "II"),
        visit(
            "I would like to look as awake as I feel.",
            area(FACE, 2, course=Course(done=5, last=34)),
        ),
    ),
    story(
        person("김", "지영", 43, FEMALE, "III"),
        visit(
            "Fine folds across the front of my neck.",
            area(NECK, 1, course=Course(done=5, last=3, mode="pico")),
        ),
    ),
    story(
        person("MacLeod", "Iain", 68, MALE, "I"),
        visit(
            "Everything below my cheekbones is heading south.",
            area(FACE, 2.5, course=Course(done=5, last=90, pace=RAPID)),
        ),
    ),
    story(
        person("Fernandes", "Inês", 51, FEMALE, "III"),
        visit(
            "The skin above my knees.",
            area(LEGS, "mild", course=Course(done=5, last=150)),
        ),
    ),
    story(
        person("Whitfield", "Dorothy", 74, FEMALE, "I", past_surgery="Hip replacement 2019"),
        visit(
            "Deep lines all over; I want one thorough treatment and can rest afterwards.",
            area(
                FACE,
                2.5,
                course=Course(
                    done=1,
                    last=60,
                    laser=AB,
                    pace=RAPID,
                    planned=2,
                    short_course_reason=ShortCourseReason.ABLATIVE_COURSE,
                ),
            ),
            max_downtime_days=21,
            smoker=False,
        ),
    ),
    story(
        person("Okafor", "Chidi", 54, MALE, "VI"),
        visit(
            "I had most of a course before I came to this country.",
            area(
                NECK,
                1.5,
                course=Course(
                    done=3,
                    last=12,
                    planned=3,
                    short_course_reason=ShortCourseReason.CONTINUED_ELSEWHERE,
                ),
            ),
        ),
    ),
    # Paused and stopped
    story(
        person("Rossi", "Chiara", 33, FEMALE, "III"),
        visit(
            "My stomach after my first child.",
            area(
                STOMACH,
                "mild",
                course=Course(
                    done=2,
                    last=50,
                    then=(PlanStatus.PAUSED, 20, "Pregnant; to go on after breastfeeding."),
                ),
            ),
        ),
    ),
    story(
        person("Haddad", "Karim", 59, MALE, "IV"),
        visit(
            "The folds beside my mouth.",
            area(
                FACE,
                1.5,
                course=Course(
                    done=1, last=45, then=(PlanStatus.PAUSED, 30, "Abroad until the spring.")
                ),
            ),
        ),
    ),
    story(
        person("Brown", "Alicia", 40, FEMALE, "IV"),
        visit(
            "My upper arms in photographs.",
            area(
                ARMS,
                "moderate",
                course=Course(
                    done=2, last=95, then=(PlanStatus.STOPPED, 60, "Moved away; records sent on.")
                ),
            ),
        ),
    ),
    story(
        person("Novák", "Tomáš", 65, MALE, "II"),
        visit(
            "My neck.",
            area(
                NECK,
                2,
                course=Course(
                    done=3,
                    last=120,
                    then=(PlanStatus.STOPPED, 70, "Sees no change after three and will not go on."),
                ),
            ),
        ),
    ),
    # A plan that waits for the surgeon: weight was lost on the way
    story(
        person("Martínez", "Ximena", 48, FEMALE, "III"),
        visit(
            "My stomach, now that I am losing weight.",
            area(STOMACH, "moderate", course=Course(done=2, last=75)),
        ),
        visit(
            "I lost another twenty kilos and it hangs over the waistband now.",
            area(STOMACH, "severe"),
            ago=10,
        ),
    ),
)
