"""What people type into the forms, by the names of the fields."""

from datetime import timedelta

TODAY = {"pregnant": "false", "isotretinoin": "never", "infection": "false"}

ALL_OF_THE_DAY = {
    **dict.fromkeys(
        (
            *("skin_problem", "suspicious_lesion", "tattoo", "melasma"),
            *("breastfeeding", "immunosuppressed", "uncontrolled_diabetes", "anticoagulants"),
            *("koebner_disease", "weight_changing", "tanned"),
        ),
        False,
    ),
    "recent_procedure": "none",
    "photosensitiser": "none",
    "weight_loss_medicine": "never",
}


def areas(*pairs):
    """Rows of a new consultation: an area and its severity each."""
    rows = {"assessments-TOTAL_FORMS": len(pairs)}
    for number, (area, severity) in enumerate(pairs):
        rows[f"assessments-{number}-area"] = area
        rows[f"assessments-{number}-severity"] = severity
    return rows


def session(mode, day, **others):
    """A session done on `day`, with the questions of the day answered and eyewear worn."""
    return TODAY | {"laser_mode": mode.pk, "performed_on": day, "eyewear_worn": "true"} | others


def legal_days(plan, count):
    """Days one interval apart, the first one interval after the start."""
    step = timedelta(days=plan.interval_days)
    return [plan.started_on + step * number for number in range(1, count + 1)]
