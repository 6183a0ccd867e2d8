"""What people type into the forms, by the names of the fields."""

from datetime import timedelta

TODAY = {"pregnant": "false", "isotretinoin": "never", "infection": "false"}

ALL_OF_THE_DAY = dict.fromkeys(
    (
        *("skin_problem", "suspicious_lesion", "tattoo"),
        *("photosensitising_drug", "immunosuppressed", "uncontrolled_diabetes", "anticoagulants"),
    ),
    False,
)


def areas(*pairs):
    """Rows of a new consultation: an area and its severity each."""
    rows = {"assessments-TOTAL_FORMS": len(pairs)}
    for number, (area, severity) in enumerate(pairs):
        rows[f"assessments-{number}-area"] = area
        rows[f"assessments-{number}-severity"] = severity
    return rows


def session(mode, day, **others):
    """A session done on `day`, with the questions of the day answered."""
    return TODAY | {"laser_mode": mode.pk, "performed_on": day} | others


def legal_days(plan, count):
    """Days one interval apart, the first one interval after the start."""
    step = timedelta(days=plan.interval_days)
    return [plan.started_on + step * number for number in range(1, count + 1)]
