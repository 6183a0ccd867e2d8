"""The signed page of a session."""

from django.utils.translation import gettext as _

from consultations.models import TreatmentPlan, TreatmentSession
from consultations.models.health import AreaCheck
from consultations.models.text import day_in_words

from .fields import asked, health_asked, label_of, recorded, row
from .findings import finding_as_shown
from .sections import VERSION, identity, known_for_life, section, signature

DONE = (
    "status",
    "status_reason",
    "booked_for",
    "performed_on",
    "performed_elsewhere",
    "operator",
    "laser_mode",
)
OVERRIDE = ("override_reason", "overridden_by", "overridden_at")
CARE = (
    "eyewear_worn",
    "antiviral_given",
    "aftercare_given",
    "endpoint",
    "reaction",
    "pain",
    "grade",
    "global_improvement",
    "satisfaction",
    "notes",
)


def session_page(session, progress):
    plans = TreatmentPlan.objects.with_patient()
    plan = plans.get(pk=session.plan_id)
    progress = progress or _progress(session, plan)
    area = plan.assessment.get_area_display()
    named = {"area": area, "day": day_in_words(session.day)}
    checks = (*health_asked(session), *AreaCheck.CHECK_FIELDS)
    return {
        "version": VERSION,
        "title": _("%(area)s, session of %(day)s") % named,
        "progress": progress,
        "sections": [
            identity(plan.patient, session.day),
            section(
                _("Session"), [*recorded(session, _done(session)), *_device(session.laser_mode)]
            ),
            _plan(plan, progress),
            _readiness(session),
            section(_("Settings"), recorded(session, TreatmentSession.SETTINGS)),
            section(_("Asked that day"), asked(session, checks)),
            section(_("Care and result"), recorded(session, CARE)),
            known_for_life(plan.patient),
            signature(session),
        ],
    }


def _progress(session, plan):
    """Return how far the course had come with this session."""
    done = plan.done_sessions().filter(performed_on__lte=session.day).values_list("pk", flat=True)
    return _("%(done)s of %(planned)s") % {"done": len(done), "planned": plan.planned_sessions}


def _done(session):
    """Return the fields to show; a reason and another clinic only if there is one."""
    only_where_told = {"status_reason", "performed_elsewhere"}
    return [one for one in DONE if one not in only_where_told or getattr(session, one)]


def _plan(plan, progress):
    return section(
        _("Plan"),
        [
            row(label_of(plan.assessment, "area"), plan.assessment.get_area_display()),
            row(_("Sessions done"), progress),
            *recorded(plan, ("laser_type", "pace", "interval_days")),
        ],
    )


def _device(mode):
    if mode is None:
        return []
    return [
        *recorded(mode, ("laser_type", "wavelength_nm", "pulse")),
        *recorded(mode.laser, ("manufacturer", "serial_number")),
    ]


def _readiness(session):
    """Return what was checked before the laser was used, and who overrode it."""
    rows = recorded(session, OVERRIDE) if session.override_reason else []
    if not session.rulebook:
        return section(_("Checks before treatment"), rows, text=_("Not assessed by the rulebook."))
    return section(
        _("Checks before treatment"),
        [*rows, *recorded(session, ("rulebook",))],
        text="" if session.findings else _("No concerns were found."),
        findings=[finding_as_shown(one) for one in session.findings],
    )
