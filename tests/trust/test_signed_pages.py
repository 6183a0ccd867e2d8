"""What is signed stays rendered as it was signed, whatever a later release or answer changes."""

import random
from contextlib import ExitStack
from datetime import UTC, date, datetime
from unittest.mock import patch

import pytest
from django.apps import apps
from django.db import models

from consultations import rules, vocabulary
from consultations.actions.signing import add_addendum, mark_in_error, sign
from consultations.models import (
    AreaAssessment,
    Consultation,
    Patient,
    SignedRecordError,
    TreatmentSession,
)
from consultations.rules.findings import Message
from tests.admin.browsing import Browser, change_url, page_url, words
from tests.factories import AssessmentFactory, SessionFactory

pytestmark = pytest.mark.django_db

OTHERWISE = "worded otherwise"


@pytest.fixture
def consultation(clinician):
    area = AssessmentFactory(
        severe=True,
        infection=True,
        consultation__smoker=True,
        consultation__patient__allergies="Latex",
        consultation__patient__gold_therapy=False,
        consultation__patient__family_name="Formerly",
    )
    AssessmentFactory(consultation=area.consultation, area="neck")
    return sign(record=area.consultation, by=clinician)


@pytest.fixture
def session(clinician):
    session = SessionFactory(
        fluence_j_cm2="20",
        global_improvement="improved",
        findings=[
            {
                "id": "settings.jump",
                "level": "caution",
                "message": "More than last time.",
                "hint": "Raise in smaller steps.",
                "lasers": ["non_ablative"],
                "until": "2025-05-01",
                "source": "Clinical reference 3.3",
            }
        ],
        rulebook="2024.1",
        override_reason="She insists.",
        overridden_by=clinician,
        overridden_at=datetime(2025, 4, 1, 9, tzinfo=UTC),
        plan__assessment__consultation__patient__family_name="Formerly",
    )
    session = TreatmentSession.objects.get(pk=session.pk)
    return sign(record=session, by=clinician)


def page_of(record, user):
    """The signed page, all of it, and the part that was signed."""
    page = Browser(user).open(change_url(record))
    assert page.status == 200
    return str(page.soup.select_one("#content")), str(page.soup.select_one(".signed"))


def relabelled():
    """Every label of every field and of every choice, otherwise, until the stack is closed."""
    stack = ExitStack()
    for model in apps.get_app_config("consultations").get_models():
        for field in model._meta.get_fields():
            if not isinstance(field, models.Field):
                continue
            stack.enter_context(patch.object(field, "verbose_name", OTHERWISE))
            if field.choices:
                # A property, which `patch` could not put back.
                stack.callback(setattr, field, "choices", field.choices)
                field.choices = [(value, OTHERWISE) for value, _label in field.flatchoices]
    for words_of in vars(vocabulary).values():
        if isinstance(words_of, type) and issubclass(words_of, models.TextChoices):
            for one in words_of:
                stack.enter_context(patch.object(one, "_label_", OTHERWISE))
    return stack


def another_rulebook():
    """Another version, and every message of every rule worded otherwise."""
    stack = ExitStack()
    stack.enter_context(patch.object(rules, "RULEBOOK", "9999.9"))
    found = Message.found

    def otherwise(self, levels, **more):
        other = Message(self.id, OTHERWISE, OTHERWISE, OTHERWISE)
        return found(other, levels, **more)

    stack.enter_context(patch.object(Message, "found", otherwise))
    return stack


@pytest.mark.parametrize("kind", ["consultation", "session"])
@pytest.mark.parametrize("change", [relabelled, another_rulebook])
def test_a_later_release_changes_no_signed_page(kind, change, request, clinician, figure):
    record = request.getfixturevalue(kind)
    before, signed = page_of(record, clinician)
    with change():
        after, signed_later = page_of(record, clinician)
    assert signed_later == signed
    assert OTHERWISE not in signed_later
    assert "9999.9" not in signed_later
    figure("characters of the page unchanged", len(signed))
    if change is another_rulebook:
        assert after == before


def test_a_later_release_would_change_what_is_not_kept(consultation, clinician):
    """The proof above can fail: without the page kept, today's labels are shown."""
    Consultation.objects.filter(pk=consultation.pk).update(signed_as=None)
    with relabelled():
        _page, signed = page_of(consultation, clinician)
    assert OTHERWISE in signed
    assert "Signed before signed pages were stored" in signed


@pytest.mark.parametrize("kind", ["consultation", "session"])
def test_later_answers_and_names_change_no_signed_page(kind, request, clinician):
    record = request.getfixturevalue(kind)
    _page, signed = page_of(record, clinician)
    patient = Patient.objects.get(pk=record.patient.pk)
    patient.family_name, patient.date_of_birth = "Nowadays", date(1970, 1, 1)
    patient.allergies, patient.phototype = "Penicillin", "VI"
    patient.gold_therapy, patient.keloid_history = True, True
    patient.save(by=clinician)
    assert page_of(record, clinician)[1] == signed
    banner = words(Browser(clinician).open(change_url(record)).soup.select_one(".banner"))
    assert "Nowadays" in banner
    assert "Formerly" not in banner
    assert "Formerly" in signed
    assert "Nowadays" not in signed


def test_who_signed_may_take_another_name(consultation, clinician):
    _page, signed = page_of(consultation, clinician)
    clinician.first_name, clinician.last_name = "Other", "Name"
    clinician.save()
    assert page_of(consultation, clinician)[1] == signed


def test_nothing_of_what_is_signed_asks_for_the_screen_alone(consultation, clinician):
    """Print shows all of it: nothing folded away, nothing marked as not for paper but links."""
    page = Browser(clinician).open(change_url(consultation))
    signed = page.soup.select_one(".signed")
    assert signed.select("details, [hidden]") == []
    assert [words(one) for one in signed.select(".no-print")] == [
        "Mark this area as entered in error"
    ] * 2


# No way past the signature


def values_of(area):
    return list(AreaAssessment.objects.filter(pk=area.pk).values())


def test_no_post_changes_a_signed_verdict(consultation, clinician, admin):
    area = consultation.assessments.first()
    before = values_of(area)
    forged = {
        "assessments-TOTAL_FORMS": 1,
        "assessments-INITIAL_FORMS": 1,
        "assessments-0-id": area.pk,
        "assessments-0-read_version": area.version,
        "assessments-0-area": area.area,
        "assessments-0-severity": "mild",
        "assessments-0-decision": "candidate",
        "assessments-0-decision_reason": "Forged.",
        "read_version": consultation.version,
        "consulted_on": "2025-03-03",
        "notes": "Forged.",
        "decision": "candidate",
        "decision_reason": "Forged.",
    }
    for user in (clinician, admin):
        browser = Browser(user)
        for url in (change_url(consultation), change_url(area)):
            for button in ("_save", "_sign", "_continue", "_saveasnew"):
                browser.post(url, forged | {button: "1"})
        listed = {"action": "delete_selected", "_selected_action": area.pk, "post": "yes"}
        browser.post("/admin/consultations/areaassessment/", listed)
    assert values_of(area) == before
    assert Consultation.objects.get().notes == ""


def test_no_save_changes_a_signed_verdict(consultation, clinician, seed, rounds, figure):
    chance = random.Random(seed)
    area = consultation.assessments.order_by("pk").first()
    before = values_of(area)
    tried = rounds(40)
    names = [*AreaAssessment.ASSESSED_FIELDS, "decision", "decision_reason", "reason", "rulebook"]
    for _number in range(tried):
        again = AreaAssessment.objects.get(pk=area.pk)
        for name in chance.sample(names, chance.randint(1, 4)):
            setattr(again, name, chance.choice([None, "", "mild", "candidate", "neck", True]))
        with pytest.raises(SignedRecordError):
            again.save(by=clinician)
    assert values_of(area) == before
    figure("saves of a signed verdict refused", f"{tried} of {tried}")


@pytest.mark.parametrize("kind", ["consultation", "session"])
def test_in_error_keeps_the_page_struck_through(kind, request, clinician):
    record = request.getfixturevalue(kind)
    kept = record.signed_as
    mark_in_error(record=record, by=clinician, reason="Wrong patient.")
    page = Browser(clinician).open(change_url(record))
    assert page.select(".signed.is-in-error")
    record.refresh_from_db()
    assert record.signed_as == kept


def test_an_addendum_changes_no_signed_page(consultation, clinician):
    _page, signed = page_of(consultation, clinician)
    add_addendum(record=consultation, text="The left side.", by=clinician)
    page, signed_later = page_of(consultation, clinician)
    assert signed_later == signed
    assert "The left side." in page


@pytest.mark.parametrize("page", ["change", "history"])
def test_reception_reads_nothing_of_a_signed_page(page, session, reception):
    found = Browser(reception).open(page_url(session, page))
    assert found.status == 200
    kept = session.signed_as
    told = {
        row["value"]
        for section in kept["sections"]
        if section["title"] in {"Settings", "Asked that day", "Care and result"}
        for row in section["rows"]
    } - {"No", "Not asked", "Not recorded", "20"}
    assert told
    assert [one for one in told if one in found.text] == []
    assert found.select(".signed") == []
