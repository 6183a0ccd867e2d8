"""The headings by which other systems call our fields: English, German, French and Spanish."""

PERSON = {
    "record_number": "patient number|patient no|record number|turgor number",
    "other_number": (
        "client id|patient id|pid|pubpid|id|client number|customer id|customer number|unique id|"
        "patient guid|reference|legacy id|external id|uid|mrn|kundennummer|patientennummer|"
        "numero patient|numero client|numero de paciente|numero de cliente"
    ),
    "family_name": (
        "last name|surname|lname|patient last name|client last name|lastname|nachname|"
        "familienname|zuname|nom|nom de famille|apellidos|apellido|primer apellido"
    ),
    "given_name": (
        "first name|forename|fname|patient first name|client first name|firstname|christian name|"
        "forenames|given names|vorname|vornamen|rufname|prenom|prenoms|nombre|nombres|"
        "nombre de pila"
    ),
    "middle_name": (
        "middle name|mname|middle names|middle initial|zweiter vorname|weitere vornamen|"
        "deuxieme prenom|segundo nombre"
    ),
    "preferred_name": "nickname|known as|preferred first name|patient preferred name|spitzname",
    "full_name": (
        "name|full name|patient|patient name|client|client name|customer|customer name|"
        "contact name|kunde|kundenname|patientenname|vollstandiger name|nom complet|"
        "nom du patient|nom du client|nombre completo|paciente|cliente"
    ),
    "date_of_birth": (
        "dob|birth date|birthday|birthdate|born|date of birth (dd/mm/yyyy)|d.o.b.|geburtsdatum|"
        "geburtstag|geboren am|geb.|date de naissance|naissance|anniversaire|ne le|"
        "fecha de nacimiento|nacimiento|fecha nacimiento"
    ),
    "birth_day": "birthday date|birthday day|day of birth|birth day number|geburtstag tag|dob day",
    "birth_month": "birthday month|month of birth|dob month|geburtsmonat",
    "birth_year": "birthday year|year of birth|dob year|geburtsjahr|annee de naissance",
}
PATIENTS = PERSON | {
    "sex": "gender|sex at birth|gender identity|geschlecht|sexe|genre|sexo|genero",
    "phone": (
        "phone number|telephone|telephone number|tel|tel.|contact number|phone 1 - value|"
        "primary phone|telefon|telefonnummer|telefono|numero de telephone|numero de telefono"
    ),
    "mobile_phone": (
        "mobile|mobile number|mobile phone number|cell|cell phone|phone cell|cellphone|handy|"
        "handynummer|mobiltelefon|mobil|mobilnummer|portable|telephone portable|tel. mobile|movil|"
        "celular|"
        "telefono movil"
    ),
    "home_phone": (
        "home|phone home|home telephone|home number|landline|additional phone|other phone|"
        "phone 2 - value|festnetz|telefon privat|telephone fixe|telephone domicile|fijo|"
        "telefono fijo|telefono particular"
    ),
    "work_phone": (
        "phone biz|work telephone|business phone|work number|telefon geschaftlich|"
        "telephone bureau|telephone travail|telefono trabajo|telefono del trabajo"
    ),
    "other_phone": (
        "phone 3 - value|home phone 2|business phone 2|telefon privat 2|telephone 2 (domicile)"
    ),
    "other_email": (
        "e-mail 2 - value|email 2|e-mail 2 address|secondary email|other email|"
        "e-mail 2 adresse|adresse de messagerie 2"
    ),
    "email": (
        "e-mail|email address|e-mail address|mail|e-mail 1 - value|email 1|primary email|"
        "e-mail-adresse|emailadresse|courriel|adresse e-mail|adresse mail|adresse de messagerie|"
        "correo|"
        "correo electronico|direccion de correo electronico"
    ),
    "address": (
        "full address|postal address|home address|anschrift|adresse|direccion|domicilio|"
        "address 1 - formatted"
    ),
    "address_1": (
        "address line 1|street|street address|home street|address 1 - street|strasse|straße|"
        "straße privat|rue (domicile)|"
        "rue|calle|street 1"
    ),
    "address_2": (
        "address line 2|home street 2|adresszusatz|address 1 - extended address|street 2|"
        "straße privat 2|rue (domicile) 2"
    ),
    "address_3": ("address line 3|home street 3|street 3|straße privat 3|rue (domicile) 3"),
    "city": (
        "town|suburb|city / suburb|city/town|home city|address 1 - city|ort|stadt|wohnort|ville|"
        "ort privat|ville (domicile)|"
        "ciudad|poblacion|localidad"
    ),
    "region": (
        "state|county|province|home state|address 1 - region|bundesland|departement|provincia|"
        "bundesland/kanton privat|dep/region (domicile)|"
        "region / state"
    ),
    "postcode": (
        "post code|postal code|postal|zip|zip code|home postal code|address 1 - postal code|plz|"
        "postleitzahl|postleitzahl privat|plz privat|code postal|code postal (domicile)|"
        "codigo postal"
    ),
    "country": (
        "country code|home country/region|home country|address 1 - country|land|"
        "land/region privat|pays|pays (domicile)|pays/region (domicile)|pais"
    ),
    "general_practitioner": (
        "gp|gp name|doctor|family doctor|referring doctor|hausarzt|medecin traitant|"
        "medico de cabecera"
    ),
    "emergency_contact": (
        "emergency contact name|next of kin|notfallkontakt|contact d'urgence|contacto de emergencia"
    ),
    "guardian": "parent|parent or guardian|erziehungsberechtigter|tuteur|tutor",
    "allergies": "allergy|allergien|alergias",
    "medicines": "medications|medication|current medications|medikamente|medicaments|medicamentos",
    "medical_notes": (
        "note|notes|medical alerts|medical alert|alerts|medical history|appointment notes|"
        "comments|notiz|notizen|bemerkung|bemerkungen|remarques|commentaire|notas|observaciones"
    ),
    "phototype": "fitzpatrick|skin type|fitzpatrick type|hauttyp|phototype cutane|fototipo",
}
WHEN = {
    "start_day": (
        "date|appointment date|booking date|day|datum|tag|termin am|date du rendez-vous|jour|"
        "fecha|fecha de la cita|dia"
    ),
    "start_time": "time|start time|appointment time|uhrzeit|beginn|heure|hora|hora de inicio",
    "end_time": "end time|finish time|finish|ende|heure de fin|hora de fin",
}
TREATMENT = {
    "treatment": (
        "service|service name|treatment name|item|procedure|appointment type|leistung|"
        "behandlung|prestation|soin|servicio|tratamiento"
    ),
}
SESSIONS = (
    PERSON
    | TREATMENT
    | {
        "performed_on": (
            "date|treatment date|session date|purchase date|date of treatment|performed|datum|"
            "behandlungsdatum|date du soin|fecha|fecha del tratamiento"
        ),
        "operator_name": (
            "staff member|employee|staff|practitioner|provider|therapist|behandler|praticien|"
            "profesional"
        ),
        "area": "body area|treatment area|area treated|region|korperregion|bereich|zone|zona",
        "notes": "note|comments|treatment notes|notizen|remarques|notas",
        "price_per_session": "price|preis|prix|precio",
        "fluence_j_cm2": "fluence|energy density|fluenz",
        "spot_size_mm": "spot size|spot|spotgrosse",
        "pulse_duration_us": "pulse duration|pulse width",
        "laser": "device|machine|gerat|appareil|equipo",
        "laser_mode": "mode|laser mode|handpiece",
    }
)
APPOINTMENTS = (
    PERSON
    | TREATMENT
    | WHEN
    | {
        "starts_at": "start|start at|starts|begin|start date time|appointment start|scheduled date",
        "ends_at": "end|end at|ends|end date time|appointment end",
        "minutes": "duration|length|duration minutes|dauer|duree|duracion",
        "practitioner": (
            "staff member name|staff member|employee|staff|provider|therapist|team member|"
            "behandler|mitarbeiter|praticien|profesional|empleado"
        ),
        "room": "resource|raum|salle|sala",
        "status": "state|appointment status|booking status|statut|estado",
        # Not "note": reception reads ours, and others write about health there. Who knows better
        # takes the column for it.
        "reason_words": "cancelled reason|cancellation reason|reason|grund|motif|motivo",
        "missed_at": "no show at",
        "cancelled_at": "cancelled at|canceled at",
        "archived_at": "archived at|deleted at",
        "is_break": "break",
        "laser": "device|machine|equipment|gerat|appareil|equipo",
    }
)
CONSULTATIONS = PERSON | {
    "consulted_on": (
        "date|consultation date|date of consultation|visit date|datum|date de consultation|fecha|"
        "fecha de consulta"
    ),
    "clinician": "doctor|practitioner|consultant|arzt|arztin|medecin|medico",
    "area": "body area|treatment area|korperregion|bereich|zone|zona",
    "severity": "laxity|skin laxity|degree|grad|schweregrad|severite|gravedad",
    "notes": "note|comments|notizen|remarques|notas",
    "height_cm": "height|grosse|taille|altura",
    "weight_kg": "weight|gewicht|poids|peso",
}
LASERS = {
    "laser": "laser name|device|device name|gerat|appareil|equipo",
    "mode": "mode name|handpiece|modus",
    "manufacturer": "maker|make|hersteller|fabricant|fabricante",
    "serial_number": "serial|serial no|seriennummer|numero de serie",
    "wavelength_nm": "wavelength|wellenlange|longueur d'onde|longitud de onda",
    "laser_type": "type",
}


def _split(names):
    return {key: tuple(words.split("|")) for key, words in names.items()}


NAMES = {
    "patients": _split(PATIENTS),
    "lasers": _split(LASERS),
    "consultations": _split(CONSULTATIONS),
    "sessions": _split(SESSIONS),
    "appointments": _split(APPOINTMENTS),
}
