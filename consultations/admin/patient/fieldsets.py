"""The groups of fields of a patient's form."""

from django.utils.translation import gettext_lazy as _

WHO = (
    None,
    {
        "fields": [
            ("family_name", "given_name"),
            ("date_of_birth", "sex"),
            ("phone", "email"),
            "interpreter_needed",
        ]
    },
)
FIRST_VISIT = (_("First visit"), {"fields": [("first_visit", "first_visit_with")]})
CONTACT = (
    _("Contact"),
    {
        "classes": ["collapse"],
        "fields": ["address", "emergency_contact", "guardian", "general_practitioner"],
    },
)
MESSAGES = (
    _("Messages about appointments"),
    {
        "fields": [
            ("email_reminders", "text_reminders", "email_instructions"),
            "language",
        ],
        "description": _(
            "As the patient answered. A blank sends nothing, and nothing but appointments is ever "
            "written about."
        ),
    },
)
FOR_LIFE = (
    _("Medical history"),
    {
        "fields": [
            "phototype",
            ("keloid_history", "herpes_history", "gold_therapy"),
            "connective_tissue_disease",
            "any_allergies",
            "allergies",
            "medicines",
            "past_surgery",
            "medical_notes",
        ]
    },
)
