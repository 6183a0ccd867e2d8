"""CarePlan and Procedure: a course of sessions for one area, each session and test patch."""

from consultations.models import AppointmentPlan, TestPatch, TreatmentPlan, TreatmentSession
from consultations.vocabulary import Area, LaserType, PlanStatus

from .codes import Item, concept, extension, item
from .elements import day, moment, notes, reference, resource, subject
from .observations import settings

PLAN = {
    PlanStatus.ACTIVE: "active",
    PlanStatus.PAUSED: "on-hold",
    PlanStatus.COMPLETED: "completed",
    PlanStatus.STOPPED: "revoked",
}
ACTIVITY = {
    PlanStatus.ACTIVE: "in-progress",
    PlanStatus.PAUSED: "on-hold",
    PlanStatus.COMPLETED: "completed",
    PlanStatus.STOPPED: "stopped",
}


def course(tree, around):
    done = {}
    for session in tree[TreatmentSession]:
        if not session.is_former:
            done.setdefault(session.plan_id, []).append(session)
    booked = {}
    for one in tree[AppointmentPlan]:
        if one.stands:
            booked.setdefault(one.plan_id, []).append(one.appointment)
    for plan in tree[TreatmentPlan]:
        sessions = done.get(plan.pk, [])
        yield care_plan(plan, sessions, booked.get(plan.pk, []), around)
        for session in sessions:
            yield procedure(session, around)
    for patch in tree[TestPatch]:
        yield test_patch(patch, around)


def care_plan(plan, sessions, appointments, around):
    assessment = plan.assessment
    area, laser = concept(Area, assessment.area), concept(LaserType, plan.laser_type)
    return resource(
        "CarePlan",
        plan,
        status=PLAN[PlanStatus(plan.status)] if plan.stands else "entered-in-error",
        intent="plan",
        category=[item(Item.COURSE)],
        title=f"{area['text']}: {laser['text']}",
        subject=subject(plan),
        encounter=reference("Encounter", assessment.consultation),
        period={"start": day(plan.started_on), "end": day(plan.completed_on)},
        created=moment(plan.created_at),
        author=around(plan.created_by),
        supportingInfo=[reference("Observation", assessment)],
        activity=[
            _planned(plan, [one for one in sessions if not one.in_error]),
            *({"reference": reference("Appointment", one)} for one in appointments),
        ],
        note=notes(plan.status_reason, plan.extension_reason),
    )


def _planned(plan, sessions):
    """The sessions that were planned, how far apart, and those that were done."""
    begun = ACTIVITY[PlanStatus(plan.status)]
    if plan.status == PlanStatus.ACTIVE and not sessions:
        begun = "not-started"
    repeat = {"count": plan.planned_sessions, "period": plan.interval_days, "periodUnit": "d"}
    return {
        "outcomeReference": [reference("Procedure", one) for one in sessions],
        "detail": {
            "code": item(Item.SESSION),
            "status": begun if plan.stands else "entered-in-error",
            "doNotPerform": False,
            "scheduledTiming": {
                "repeat": repeat,
                "code": {"text": f"{plan.planned_sessions} × {plan.interval_days} d"},
            },
            "description": str(LaserType(plan.laser_type).label),
        },
    }


def procedure(session, around):
    """A session that was done, here or elsewhere. What the laser was set to is an Observation of
    its own, with units; the extension leads to it."""
    plan, laser = session.plan, session.laser_mode and session.laser_mode.laser
    return resource(
        "Procedure",
        session,
        extension=[
            extension(
                "laser-settings",
                valueReference=reference("Observation", session, Item.SETTINGS)
                if settings(session)
                else None,
            ),
            extension("performed-elsewhere", valueString=session.performed_elsewhere),
        ],
        basedOn=[reference("CarePlan", plan)],
        status="completed" if session.stands else "entered-in-error",
        code=item(Item.SESSION),
        subject=subject(session),
        performedDateTime=day(session.performed_on),
        recorder=around(session.created_by),
        performer=[{"actor": around(session.operator)}] if session.operator else [],
        reasonReference=[reference("Observation", plan.assessment)],
        bodySite=[concept(Area, plan.assessment.area)],
        usedReference=[around(laser)],
        usedCode=[concept(LaserType, session.laser_mode and session.laser_mode.laser_type)],
        note=notes(session.notes, session.endpoint, session.reaction, session.override_reason),
    )


def test_patch(patch, around):
    laser = patch.laser_mode and patch.laser_mode.laser
    return resource(
        "Procedure",
        patch,
        status="completed" if patch.stands else "entered-in-error",
        code=item(Item.TEST_PATCH),
        subject=subject(patch),
        performedDateTime=day(patch.done_on),
        recorder=around(patch.created_by),
        bodySite=[concept(Area, patch.area)],
        usedReference=[around(laser)],
        usedCode=[concept(LaserType, patch.laser_mode and patch.laser_mode.laser_type)],
        note=notes(patch.note),
    )
