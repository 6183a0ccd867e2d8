"""All records of one patient, read once and tied to one another."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model

from consultations.models import (
    Consultation,
    FollowUp,
    TreatmentSession,
)

from .joined import joined


@dataclass(frozen=True, slots=True)
class Story:
    """All records of one patient, latest first, each tied to those it hangs on."""

    consultations: list
    assessments: list
    referrals: list
    plans: list
    sessions: list
    adverse_events: list
    follow_ups: list
    addenda: list


def story_of(patient):
    consultations, assessments, plans, referrals, to_consultations = joined(
        Consultation.objects.filter(patient=patient),
        "assessments",
        "assessments__plans",
        "assessments__referrals",
        "addenda",
    )
    sessions, adverse_events, modes, lasers, to_sessions = joined(
        TreatmentSession.objects.filter(plan__assessment__consultation__patient=patient),
        "adverse_events",
        "laser_mode",
        "laser_mode__laser",
        "addenda",
    )
    follow_ups = {one.pk: one for one in FollowUp.objects.filter(patient=patient)}
    _tie(consultations, patient=patient)
    _tie(assessments, consultation=consultations)
    _tie(plans, assessment=assessments)
    _tie(referrals, assessment=assessments)
    _tie(modes, laser=lasers)
    _tie(sessions, plan=plans, laser_mode=modes)
    _tie(adverse_events, session=sessions)
    _tie(to_consultations, consultation=consultations)
    _tie(to_sessions, session=sessions)
    _tie(follow_ups, patient=patient, session=sessions, plan=plans, referral=referrals)
    story = Story(
        consultations=sorted(consultations.values(), key=_consulted, reverse=True),
        assessments=sorted(
            assessments.values(),
            key=lambda one: (one.consultation.consulted_on, one.pk),
            reverse=True,
        ),
        referrals=sorted(referrals.values(), key=_key, reverse=True),
        plans=sorted(plans.values(), key=_key, reverse=True),
        sessions=sorted(sessions.values(), key=lambda one: (one.day, one.pk), reverse=True),
        adverse_events=sorted(adverse_events.values(), key=_key, reverse=True),
        follow_ups=sorted(follow_ups.values(), key=lambda one: (one.due_on, one.pk)),
        addenda=sorted((to_consultations | to_sessions).values(), key=_key, reverse=True),
    )
    _list_parts(story)
    _name_people(story)
    return story


def _key(record):
    return record.pk


def _consulted(consultation):
    return consultation.consulted_on, consultation.pk


def _tie(records, **parents):
    """Let records find what they hang on in memory, so that no line of the page asks again."""
    for name, found in parents.items():
        for record in records.values():
            parent = found.get(getattr(record, f"{name}_id")) if isinstance(found, dict) else found
            if parent is not None:
                setattr(record, name, parent)


def _list_parts(story):
    """Give every consultation its areas, every area its plans and referrals."""
    for consultation in story.consultations:
        consultation.area_list = []
    for assessment in reversed(story.assessments):
        assessment.consultation.area_list.append(assessment)
        assessment._prefetched_objects_cache = {"plans": [], "referrals": []}
    for name, records in (("plans", story.plans), ("referrals", story.referrals)):
        for record in records:
            record.assessment._prefetched_objects_cache[name].append(record)


def _name_people(story):
    """Everybody whom the records name, in one query."""
    people = get_user_model()
    named = [
        (record, field)
        for records in (
            story.consultations,
            story.assessments,
            story.referrals,
            story.plans,
            story.sessions,
            story.adverse_events,
            story.follow_ups,
            story.addenda,
        )
        for record in records
        for field in record._meta.concrete_fields
        if field.related_model is people and getattr(record, field.attname)
    ]
    found = people.objects.in_bulk({getattr(record, field.attname) for record, field in named})
    for record, field in named:
        setattr(record, field.name, found[getattr(record, field.attname)])
