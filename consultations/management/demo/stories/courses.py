"""Patients in the middle of a course: due, overdue and booked, and how sessions can go."""

from consultations.vocabulary import Area, Pace, ReasonOf, Sex, WeightLossMedicine

from ..words import Course, area, person, story, visit

FACE, NECK, STOMACH, ARMS, LEGS = Area
FEMALE, MALE = Sex.FEMALE, Sex.MALE
RAPID = Pace.RAPID


DID_NOT_COME = ("Did not come", ReasonOf.PATIENT)
UNWELL = ("Patient unwell", ReasonOf.MEDICAL)
STORIES = (
    story(
        person(
            *("O'Connor", "Siobhán", 58, FEMALE, "II"),
            allergies="Penicillin: rash",
            medicines="Levothyroxine 75 micrograms, mornings",
        ),
        visit(
            "I look tired in every photograph, and my neck has gone the way my mother's did.",
            area(FACE, 2.5, course=Course(done=5, last=330)),
            area(
                NECK,
                2,
                course=Course(
                    done=6,
                    last=28,
                    extended=(7, "Still improving after five; the patient wishes to go on."),
                ),
            ),
        ),
        visit(
            "Very pleased with my face; I would like to keep it that way.",
            area(FACE, 1.5, course=Course(done=3, due_in=5, booked=(5, "11:15"))),
        ),
    ),
    # Due, overdue and booked
    story(
        person("García Márquez", "José", 47, MALE, "III"),
        visit(
            "The skin under my chin hangs since I lost fifteen kilos.",
            area(NECK, 2, course=Course(done=2, due_in=0)),
            weight_loss_medicine=WeightLossMedicine.PAST,
        ),
    ),
    story(
        person("Wójcik", "Łukasz", 39, MALE, "II"),
        visit(
            "Lines and softness around my mouth.",
            area(FACE, 1.5, course=Course(done=3, due_in=0, booked=(0, "10:30"))),
        ),
    ),
    story(
        person("Nguyễn", "Thị Minh Anh", 44, FEMALE, "IV"),
        visit(
            "My cheeks have dropped a little; people ask if I slept badly.",
            area(FACE, 2, course=Course(done=1, due_in=-9)),
        ),
    ),
    story(
        person("الهاشمي", "ليلى", 52, FEMALE, "IV", interpreter_needed=True),
        visit(
            "The skin of my arms swings when I wave.",
            area(ARMS, "mild", course=Course(done=4, due_in=-3)),
        ),
    ),
    story(
        person("Παπαδοπούλου", "Ελένη", 61, FEMALE, "III", medicines="Ramipril 5 mg"),
        visit(
            "Crêpe-like skin above my knees.",
            area(LEGS, "moderate", course=Course(done=0, due_in=-1)),
        ),
    ),
    story(
        person("王", "秀英", 55, FEMALE, "IV", interpreter_needed=True),
        visit(
            "After two children my stomach never went back.",
            area(
                STOMACH,
                "moderate",
                course=Course(done=2, due_in=-20, missed=(15, DID_NOT_COME)),
            ),
        ),
    ),
    story(
        person("Adeyemi", "Folasade", 42, FEMALE, "VI", allergies="Latex"),
        visit(
            "My jawline is softer than it was at forty.",
            area(FACE, 1, course=Course(done=2, due_in=-2, booked=(-1, "15:30"))),
        ),
    ),
    story(
        person("Müller", "Jürgen", 66, MALE, "II", medicines="Apixaban 5 mg twice a day"),
        visit(
            "My collar shows the folds of my neck.",
            area(NECK, 2, course=Course(done=3, due_in=0, booked=(0, "14:00"))),
            anticoagulants=True,
        ),
    ),
    story(
        person("de Vries", "Anneke", 50, FEMALE, "II"),
        visit(
            "The corners of my mouth turn down and make me look cross.",
            area(FACE, 2, course=Course(done=4, due_in=1, booked=(1, "09:30"))),
        ),
    ),
    story(
        person("Kowalska", "Żaneta", 37, FEMALE, "II"),
        visit(
            "I was told that early is better than late.",
            area(FACE, 1, course=Course(done=0, due_in=12, booked=(6, "10:30"))),
        ),
    ),
    story(
        person("Ó Súilleabháin", "Pádraig", 63, MALE, "I"),
        visit(
            "My neck, when I look down at the phone.",
            area(NECK, 1.5, course=Course(done=1, due_in=14, mode="pico", signed=False)),
        ),
    ),
    story(
        person("Çelik", "Gülşen", 48, FEMALE, "III"),
        visit(
            "My upper arms: I no longer wear short sleeves.",
            area(
                ARMS,
                "moderate",
                course=Course(done=3, due_in=20, cancelled=(22, UNWELL)),
            ),
        ),
    ),
    story(
        person("Ng", "Wei Ling", 34, FEMALE, "IV"),
        visit(
            "My stomach after the twins.",
            area(STOMACH, "mild", course=Course(done=1, due_in=28)),
        ),
    ),
    story(
        person("Иванова", "Светлана", 57, FEMALE, "II"),
        visit(
            "The whole lower face, and the neck with it.",
            area(FACE, 2, course=Course(done=2, due_in=10, booked=(10, "14:00"))),
            area(NECK, 2, course=Course(done=2, due_in=10, booked=(10, "14:00"))),
        ),
    ),
    story(
        person("Svensson", "Åsa", 53, FEMALE, "I", herpes_history=True),
        visit(
            "I have a wedding in spring and can take time off now.",
            area(FACE, 2.5, course=Course(done=2, due_in=6, pace=RAPID, booked=(8, "09:30"))),
        ),
    ),
    story(
        person("Ferrari", "Niccolò", 45, MALE, "III"),
        visit(
            "Loose skin below the jaw; I can manage a week at home.",
            area(FACE, 2, course=Course(done=1, due_in=2, pace=RAPID)),
        ),
    ),
    story(
        person("Hernández", "María José", 60, FEMALE, "III"),
        visit(
            "My thighs, mostly on the inside.",
            area(LEGS, "moderate", course=Course(done=4, due_in=18)),
        ),
    ),
    story(
        person("Dlamini", "Nomvula", 49, FEMALE, "V"),
        visit(
            "My neck looks older than my face.",
            area(NECK, 1.5, course=Course(done=2, due_in=7)),
        ),
    ),
    story(
        person("Sørensen", "Bjørn", 71, MALE, "II", medicines="Metformin 500 mg twice a day"),
        visit(
            "My wife had it done and I can see the difference.",
            area(FACE, 1.5, course=Course(done=3, due_in=11, rise="1.3", reaction="Welts, a day")),
        ),
    ),
    # How sessions can go
    story(
        person("Patel", "Priya", 41, FEMALE, "V"),
        visit(
            "A little looseness along the jaw.",
            area(
                FACE,
                1,
                course=Course(
                    done=3,
                    last=9,
                    override="Travels abroad for three months; the skin is calm and last time "
                    "left no redness.",
                ),
            ),
        ),
    ),
    story(
        person("Cohen", "Yael", 56, FEMALE, "III"),
        visit(
            "I started this in another town and have moved here.",
            area(FACE, 1.5, course=Course(done=4, due_in=9, elsewhere=2)),
        ),
    ),
    story(
        person("Thompson", "Grace", 46, FEMALE, "V"),
        visit(
            "Soft skin on my stomach.",
            area(
                STOMACH,
                "mild",
                course=Course(
                    done=2, due_in=4, mistaken="Recorded on the wrong patient; nothing was done."
                ),
            ),
        ),
    ),
    story(
        person("Yılmaz", "Işıl", 38, FEMALE, "III"),
        visit(
            "My arms, since I stopped training.",
            area(ARMS, "mild", course=Course(done=1, last=0, signed=False)),
        ),
    ),
)
