"""The words of English, German, French and Spanish files: yes, no, none, months, sexes,
states."""

from consultations.models.text import folded
from consultations.vocabulary import (
    AppointmentKind,
    AppointmentStatus,
    Area,
    LaserType,
    Severity,
    Sex,
)


def _words(text):
    return {folded(word) or word for word in text.split("|")}


def _meaning(words):
    return {word: value for value, text in words.items() for word in _words(text)}


YES = _words("yes|y|true|t|1|x|on|✓|✔|☑|ja|j|wahr|oui|o|vrai|si|sí|s|verdadero|cierto")
NO = _words("no|n|false|f|0|off|✗|✘|☐|nein|falsch|non|faux|falso")
NOT_ASKED = _words(
    "unknown|unk|not asked|not known|n/a|null|none|?|-|–|unbekannt|nicht bekannt|inconnu|"
    "desconocido"
)
# What a text about allergies says where it names none: that there are none, or that there are some.
NO_ALLERGIES = NO | _words(
    "none|none known|none reported|none stated|nil|nil known|nothing|nothing known|nka|"
    "no allergy|no allergies|no known allergy|no known allergies|no allergies known|"
    "no known allergies or intolerances|not allergic|denies|denies allergies|"
    "keine|keine bekannt|keine allergie|keine allergien|keine allergien bekannt|"
    "keine bekannten allergien|keine bekannten|nichts bekannt|nicht allergisch|"
    "aucun|aucune|aucune connue|aucune allergie|aucune allergie connue|pas d'allergie|"
    "pas d'allergies|pas d'allergie connue|pas d'allergies connues|rien|néant|ras|"
    "ninguna|ninguno|ninguna conocida|ninguna alergia|sin alergias|sin alergias conocidas|"
    "no conocidas|no tiene|no refiere|niega|niega alergias"
)
SOME_ALLERGIES = YES | _words("allergies, not named|allergic|has allergies|allergisch")
# None of one sort: of all others nobody was asked.
NO_ALLERGIES_OF_A_SORT = _words(
    "nkda|nkma|nkfa|no known drug allergy|no known drug allergies|no drug allergies|"
    "no known medication allergies|no known food allergy|no known food allergies|"
    "no known environmental allergy|no known environmental allergies|no latex allergy|"
    "no known latex allergy|keine medikamentenallergien|keine arzneimittelallergien|"
    "pas d'allergie médicamenteuse|aucune allergie médicamenteuse|"
    "sin alergias medicamentosas|sin alergias a medicamentos"
)
SEXES = _meaning(
    {
        Sex.FEMALE: "female|woman|girl|weiblich|frau|w|femme|féminin|mujer|femenino",
        Sex.MALE: "male|man|boy|männlich|mann|homme|masculin|hombre|masculino|varón",
        Sex.OTHER: "other|o|x|d|diverse|divers|non-binary|nonbinary|autre|otro|otra|indeterminate",
        Sex.UNKNOWN: (
            "unknown|unk|u|not asked|asked but unknown|undisclosed|not disclosed|"
            "not known|not stated|not specified|unspecified|prefer not to say|n/a|null|"
            "unbekannt|keine angabe|inconnu|non précisé|desconocido|no indicado"
        ),
    }
)
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january|jan|januar|jänner|janvier|janv|enero|ene",
            "february|feb|februar|février|fev|fevr|febrero",
            "march|mar|märz|mrz|maerz|mars|marzo",
            "april|apr|avril|avr|abril|abr",
            "may|mai|mayo",
            "june|jun|juni|juin|junio",
            "july|jul|juli|juillet|juil|julio",
            "august|aug|août|aou|agosto|ago",
            "september|sep|sept|septembre|septiembre|set",
            "october|oct|oktober|okt|octobre|octubre",
            "november|nov|novembre|noviembre",
            "december|dec|dezember|dez|décembre|diciembre|dic",
        ),
        start=1,
    )
    for name in _words(names)
}
KINDS = _meaning(
    {
        AppointmentKind.CONSULTATION: (
            "consultation|consult|initial consultation|beratung|consulta"
        ),
        AppointmentKind.TREATMENT: "treatment|session|behandlung|soin|tratamiento",
        AppointmentKind.TEST_PATCH: "test patch|patch test|testfleck",
        AppointmentKind.REVIEW: "review|follow up|follow-up|check|kontrolle|suivi|revisión",
    }
)
# Parts of what such a service is called, beside the names of the kind itself.
TREATMENTS = _words(
    "laser|skin tightening|tightening|resurfacing|rejuvenation|fractional|laserbehandlung|"
    "hautstraffung|straffung|raffermissement|rejuvenecimiento|tensado"
)
AREAS = _meaning(
    {
        Area.FACE: "face|full face|gesicht|visage|cara|rostro",
        Area.NECK: "neck|neck skin|hals|cou|cuello",
        Area.STOMACH: "stomach|abdomen|tummy|belly|bauch|ventre|vientre",
        Area.ARMS: "arms|arm|upper arms|arme|oberarme|bras|brazos",
        Area.LEGS: "legs|leg|thighs|beine|jambes|cuisses|piernas",
    }
)
# By the field's name, or its key where it is none of ours.
CHOICES = {
    "laser_type": _meaning(
        {
            LaserType.NON_ABLATIVE: (
                "nonablative|non-ablative laser|nicht ablativ|nichtablativ|non ablatif|no ablativo"
            ),
            LaserType.NON_ABLATIVE_FRACTIONAL: (
                "nonablative fractional|fractional non-ablative|non-ablative fractional laser|nafl|"
                "fractional er:glass|er:glass fractional|fractional erbium glass|"
                "nicht ablativ fraktioniert|fraktioniert nicht ablativ|non ablatif fractionné|"
                "fractionné non ablatif|no ablativo fraccionado|fraccionado no ablativo"
            ),
            LaserType.ABLATIVE_FRACTIONAL: (
                "fractional ablative|ablative fractional laser|afl|fractional co2|co2 fractional|"
                "fractional co2 laser|co2 fractional laser|fractionated co2|fractional er:yag|"
                "er:yag fractional|fractional erbium yag|ablativ fraktioniert|"
                "fraktioniert ablativ|fraktionierter co2 laser|ablatif fractionné|"
                "co2 fractionné|laser co2 fractionné|ablativo fraccionado|co2 fraccionado|"
                "láser co2 fraccionado"
            ),
            LaserType.ABLATIVE_FULL: (
                "full ablative|full field ablative|ablative full field|full field co2|"
                "co2 full field|fully ablative co2|full field er:yag|er:yag full field|"
                "vollflächig ablativ|ablativ vollflächig"
            ),
        }
    ),
    "status": _meaning(
        {
            AppointmentStatus.BOOKED: (
                "booked|confirmed|unconfirmed|scheduled|pending|new|active|requested|gebucht|"
                "bestätigt|confirmé|réservé|confirmada|reservada"
            ),
            AppointmentStatus.ARRIVED: "arrived|checked in|waiting|started|angekommen|arrivé",
            AppointmentStatus.DONE: (
                "done|complete|completed|attended|finished|checked out|paid|fulfilled|erledigt|"
                "abgeschlossen|terminé|effectué|completada|atendida"
            ),
            AppointmentStatus.MISSED: (
                "missed|no show|noshow|no-show|did not attend|dna|did not arrive|"
                "nicht erschienen|absent|no asistió|ausente"
            ),
            AppointmentStatus.CANCELLED: (
                "cancelled|canceled|late cancelled|cancellation|declined|rejected|archived|"
                "deleted|abgesagt|storniert|annulé|cancelada|anulada"
            ),
        }
    ),
    "kind": KINDS,
    "area": AREAS,
    "severity": _meaning(
        {
            Severity.MILD: "mild|slight|leicht|légère|léger|leve",
            Severity.MODERATE: "moderate|medium|mittel|mäßig|modérée|modéré|moderada|moderado",
            Severity.SEVERE: "severe|heavy|schwer|stark|sévère|grave|severa",
        }
    ),
    "phototype": {
        word: roman
        for number, roman in enumerate(("I", "II", "III", "IV", "V", "VI"), start=1)
        for sign in (str(number), roman.lower())
        for word in (
            sign,
            f"type {sign}",
            f"fitzpatrick {sign}",
            f"typ {sign}",
            f"skin type {sign}",
        )
    },
}
# Words that mean one of several, and do not say which.
UNCLEAR = {
    "laser_type": dict.fromkeys(
        _words(
            "co2|co2 laser|carbon dioxide|er:yag|erbium yag|erbium:yag|ablative|ablative laser|"
            "ablativ|ablatif|ablativo|láser co2|laser co2"
        ),
        (LaserType.ABLATIVE_FRACTIONAL, LaserType.ABLATIVE_FULL),
    )
    | dict.fromkeys(
        _words("fractional|fractional laser|fraktioniert|fractionné|fraccionado"),
        (LaserType.NON_ABLATIVE_FRACTIONAL, LaserType.ABLATIVE_FRACTIONAL),
    ),
}
