"""Every kind of consent of a patient with its state, on one page."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from consultations.admin.parts.displays import (
    Step,
    admin_url,
    chip,
    consent_chip,
    consent_step,
)
from consultations.admin.parts.documents import document_steps
from consultations.admin.parts.photo_uses import shown_uses
from consultations.models import Consent, PhotoUse, TreatmentPlan
from consultations.models.contact import ANSWERS
from consultations.models.text import day_in_words, yes_or_no
from consultations.permissions import sees_clinical
from consultations.summaries.consents import consents_to, standings_of
from consultations.vocabulary import ConsentKind

from ..merged import led_on
from .treatment import takes_consent


@dataclass(frozen=True)
class Row:
    """One thing that is consented to: its name and state, what can be done, and what was said
    before, each with its address."""

    name: str
    state: str
    steps: tuple
    said: tuple
    why: str = ""


def consents(model_admin, request, object_id):
    """Show the state of every consent of a patient, to those who take or withdraw one."""
    patient = model_admin.record_or_404(request, object_id)
    if patient.merged_into_id:
        return led_on(model_admin, request, patient, "consents")
    user = request.user
    reads = user.has_perm("consultations.view_consent")
    if not (reads or user.has_perm("consultations.withdraw_consent")):
        raise PermissionDenied
    given = Consent.objects.answers().filter(patient=patient).select_related("wording")
    given = list(given.order_by("-given_on", "-pk"))
    context = {
        **model_admin.page_context(request, patient, _("Consents")),
        "sees_clinical": sees_clinical(user),
        "courses": _courses(patient, user),
        "photos": [_row_of_kind(kind, given, patient, user) for kind in _kinds(user)],
        "to_take_down": _to_take_down(patient, user),
        "written_to": [_written_to(patient, name) for name in ANSWERS],
        "details_url": admin_url("patient", "change", patient.pk),
    }
    return TemplateResponse(request, "admin/consultations/consents/states.html", context)


def _courses(patient, user):
    plans = TreatmentPlan.objects.standing().of(patient).with_patient().order_by("-pk")
    said = consents_to(plans)
    going_on = [one for one in plans if takes_consent(one)]
    standings = standings_of(going_on)
    rows = [_row_of_course(one, standings[one.pk], said[one.pk], user) for one in going_on]
    ended = [one for one in plans if one not in going_on and said[one.pk]]
    return [*rows, *(_row_of_ended_course(one, said[one.pk], user) for one in ended)]


def _row_of_ended_course(plan, said, user):
    return Row(
        name=plan.name,
        state=chip("", plan.get_status_display().lower(), "quiet"),
        steps=(),
        said=_said(said, user),
    )


def _row_of_course(plan, standing, said, user):
    return Row(
        name=plan.name,
        state=consent_chip(standing, user),
        steps=tuple(_steps(plan, standing, said, user)),
        said=_said(said, user),
        why=standing.why if sees_clinical(user) else "",
    )


def _steps(plan, standing, said, user):
    if step := consent_step(plan, standing, user):
        yield step
    standing_ones = [one for one in said if one.is_given]
    if standing_ones and user.has_perm("consultations.withdraw_consent"):
        yield withdraw_step(standing_ones[-1])
    if standing_ones:
        yield from document_steps(standing_ones[-1], user)


def withdraw_step(consent):
    """The button that leads to withdrawing a consent."""
    return Step(_("Withdraw"), admin_url("consent", "withdraw", consent.pk), False)


def _kinds(user):
    """Reception is told of no photos."""
    if user.has_perm("consultations.view_photo"):
        yield from (ConsentKind.PHOTO, ConsentKind.PUBLICITY)


def _to_take_down(patient, user):
    """Where photos are still up though the patient no longer agrees, for whoever is told of
    photos."""
    if not user.has_perm("consultations.view_photouse"):
        return ()
    uses = PhotoUse.objects.to_take_down().of(patient).select_related("photo")
    return shown_uses(uses.order_by("since", "pk"), user)


def _row_of_kind(kind, given, patient, user):
    own = [one for one in given if one.wording.kind == kind]
    standing = next((one for one in own if one.is_given), None)
    if standing is not None:
        state = chip("", _("given"), "good")
    elif own:
        state = chip("", _("refused") if own[0].refused else _("withdrawn"), "stop")
    else:
        state = chip("", _("not asked"), "quiet")
    return Row(
        name=str(kind.label),
        state=state,
        steps=tuple(_steps_of_kind(kind, standing, patient, user)),
        said=_said(own, user),
    )


def _steps_of_kind(kind, standing, patient, user):
    if standing is None and user.has_perm("consultations.add_consent") and not patient.why_ended:
        page = f"{kind}_consent"
        yield Step(_("Ask"), admin_url("patient", page, patient.pk), False)
    if standing is not None and user.has_perm("consultations.withdraw_consent"):
        yield withdraw_step(standing)


def _said(consents, user):
    """What was said, latest first, in words with the address of what was signed."""
    if not user.has_perm("consultations.view_consent"):
        return ()
    latest = sorted(consents, key=lambda one: (one.given_on, one.pk), reverse=True)
    return tuple((_in_words(one), admin_url("consent", "change", one.pk)) for one in latest)


def _in_words(consent):
    given = {"day": day_in_words(consent.given_on)}
    if consent.refused:
        return _("Refused on %(day)s") % given
    if consent.withdrawn_on:
        given["until"] = day_in_words(consent.withdrawn_on)
        return _("Signed on %(day)s, withdrawn on %(until)s") % given
    return _("Signed on %(day)s") % given


def _written_to(patient, name):
    label = capfirst(patient._meta.get_field(name).verbose_name)
    answer = getattr(patient, name)
    return label, yes_or_no(answer) if answer is not None else _("Not asked")


def name_of_consent(consent):
    """What a consent is to, in words that everybody may read."""
    if consent.plan_id:
        return _("Treatment: %(area)s") % {"area": consent.plan.assessment.get_area_display()}
    return str(ConsentKind(consent.wording.kind).label)
