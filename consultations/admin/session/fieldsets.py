"""The groups of fields of a session's form."""

from django.utils.translation import gettext_lazy

FOR_RECEPTION = (None, {"fields": ["plan", "performed_on"]})
FORMER = (None, {"fields": ["plan", "status", "booked_for", "status_reason"]})
ELSEWHERE = (None, {"fields": ["plan", ("performed_on", "performed_elsewhere")]})
VISIT = (
    None,
    {
        "fields": [
            "plan",
            ("performed_on", "operator"),
            "laser_mode",
        ]
    },
)
ASKED = (
    gettext_lazy("Asked today"),
    {
        "fields": [
            ("pregnant", "breastfeeding", "delivered_on"),
            ("infection", "skin_problem", "suspicious_lesion"),
            ("tattoo", "melasma"),
            ("recent_procedure", "recent_procedure_on"),
            ("immunosuppressed", "uncontrolled_diabetes", "anticoagulants"),
            ("koebner_disease", "weight_changing", "weight_loss_medicine"),
            ("photosensitiser", "topical_retinoid_on"),
            ("isotretinoin", "isotretinoin_last_dose_on"),
            ("tanned", "tanned_on", "filler_on"),
        ]
    },
)
SETTINGS = (
    gettext_lazy("Settings"),
    {
        "fields": [
            ("fluence_j_cm2", "pulse_energy_mj", "power_w"),
            ("pulse_duration_us", "spot_size_mm", "density_percent"),
            ("passes", "repetition_rate_hz", "pulse_count"),
            ("cooling", "anaesthesia"),
        ]
    },
)
CARE = (
    gettext_lazy("Care and result"),
    {
        "fields": [
            ("eyewear_worn", "antiviral_given", "aftercare_given"),
            ("endpoint", "reaction", "pain"),
            ("grade", "global_improvement", "satisfaction"),
            "notes",
        ]
    },
)
OTHER = (
    gettext_lazy("Other clinic, override"),
    {
        "fields": [
            "performed_elsewhere",
            "override_reason",
        ]
    },
)
ALL = [VISIT, ASKED, SETTINGS, CARE, OTHER]
