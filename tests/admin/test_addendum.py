"""Addenda: written under what was signed, once, by those who may sign; never edited."""

from uuid import uuid4

import pytest

from consultations.actions.signing import add_addendum, mark_in_error, sign
from consultations.models import Addendum, Draft
from tests.factories import AssessmentFactory, ConsultationFactory, SessionFactory

from .browsing import Browser, change_url, list_url, page_url, words

pytestmark = pytest.mark.django_db

TEXT = "The left side, not the right."


@pytest.fixture
def consultation(clinician):
    return sign(record=AssessmentFactory().consultation, by=clinician)


@pytest.fixture
def session(clinician):
    return sign(record=SessionFactory(notes="Went well."), by=clinician)


def test_written_from_the_signed_page(consultation, clinician):
    browser = Browser(clinician)
    url = browser.open(change_url(consultation)).links["Add addendum"]
    assert url == page_url(consultation, "addendum")
    page = browser.fill(url, {"text": TEXT})
    assert page.path == change_url(consultation)
    assert page.messages == ["Addendum signed. It is shown below the record."]
    shown = words(page.soup.select_one(".addendum"))
    assert TEXT in shown
    assert "Signed by clinician on" in shown


def test_page_shows_what_was_signed_and_one_field(session, clinician):
    page = Browser(clinician).open(page_url(session, "addendum"))
    assert "Went well." in words(page.soup.select_one(".signed"))
    assert page.names() == {"text", "token"}
    assert session.patient.full_name in words(page.soup.select_one(".banner"))


@pytest.mark.parametrize(
    ("role", "answers"),
    [
        ("reception", (403, 403)),
        ("practitioner", (403, 403)),
        ("clinician", (200, 200)),
        ("manager", (403, 403)),
        ("admin", (200, 200)),
    ],
)
def test_for_those_who_may_sign(role, answers, consultation, session, request):
    browser = Browser(request.getfixturevalue(role))
    urls = [page_url(record, "addendum") for record in (consultation, session)]
    assert tuple(browser.open(url).status for url in urls) == answers
    posted = [browser.post(url, {"text": TEXT, "token": uuid4()}).status for url in urls]
    assert tuple(posted) == answers
    assert Addendum.objects.count() == answers.count(200)


def test_practitioner_adds_to_their_own_session(practitioner, clinician):
    own = sign(record=SessionFactory(operator=practitioner), by=clinician)
    browser = Browser(practitioner)
    assert browser.open(change_url(own)).links["Add addendum"] == page_url(own, "addendum")
    assert browser.fill(page_url(own, "addendum"), {"text": TEXT}).status == 200
    assert own.addenda.count() == 1


def test_posted_twice_is_stored_once(consultation, clinician):
    browser = Browser(clinician)
    url = page_url(consultation, "addendum")
    data = browser.open(url).form | {"text": TEXT}
    answers = [browser.post(url, data).messages for _ in range(2)]
    assert answers[1] == ["This form was already saved. Nothing was stored twice."]
    assert Addendum.objects.count() == 1


def test_without_words_is_refused_beside_the_field(consultation, clinician):
    page = Browser(clinician).fill(page_url(consultation, "addendum"), {"text": "  "})
    assert page.errors == {"text": ["This field is required."]}
    assert page.select("form[data-unsaved]")


def test_bad_token_is_refused(consultation, clinician):
    url = page_url(consultation, "addendum")
    page = Browser(clinician).fill(url, {"text": TEXT, "token": "x"})
    assert [page.status, Addendum.objects.count()] == [200, 0]
    assert page.errors


@pytest.mark.parametrize("post", [False, True])
def test_unsigned_is_edited_instead(post, clinician):
    record = ConsultationFactory()
    browser, url = Browser(clinician), page_url(record, "addendum")
    page = browser.post(url, {"text": TEXT, "token": uuid4()}) if post else browser.open(url)
    assert page.path == change_url(record)
    assert page.messages == ["This is not signed yet. Edit it instead."]


def test_nothing_is_added_to_what_is_in_error(consultation, clinician):
    mark_in_error(record=consultation, by=clinician, reason="Wrong patient.")
    browser = Browser(clinician)
    assert "Add addendum" not in browser.open(change_url(consultation)).links
    page = browser.open(page_url(consultation, "addendum"))
    assert page.messages == ["This was entered in error. Nothing can be added to it."]


def test_draft_is_kept_and_gone_once_saved(consultation, clinician):
    browser, url = Browser(clinician), page_url(consultation, "addendum")
    form = browser.open(url).soup.select_one("form[data-drafts]")
    data = {"form": form["data-draft-address"], "title": "Addendum", "values": '{"text": "So far"}'}
    assert browser.post(form["data-drafts"], data).status == 200
    assert browser.open(url).select("[data-draft-offer]")
    browser.fill(url, {"text": TEXT})
    assert not Draft.objects.exists()


def test_stands_on_the_chart(consultation, session, clinician):
    add_addendum(record=consultation, text=TEXT, by=clinician)
    add_addendum(record=session, text="She called.", by=clinician)
    for record in (consultation, session):
        found = Browser(clinician).open(page_url(record.patient, "chart"))
        lines = found.select(".event-addendum")
        addendum = record.addenda.get()
        assert [line.select_one("a")["href"] for line in lines] == [
            f"{change_url(record)}#addendum-{addendum.pk}"
        ]
        assert addendum.text in words(lines[0])


def test_stands_in_the_history_of_its_record(consultation, clinician, manager):
    addendum = add_addendum(record=consultation, text=TEXT, by=clinician)
    mark_in_error(record=addendum, by=clinician, reason="Wrong patient.")
    page = Browser(manager).open(page_url(consultation, "history"))
    assert f"Addendum – {TEXT}" in [words(row) for row in page.select(".versions tbody tr")]
    assert "Wrong patient." in page.text


def test_reception_reads_none_of_it(session, clinician, reception):
    add_addendum(record=session, text=TEXT, by=clinician)
    for page in ("change", "history"):
        found = Browser(reception).open(page_url(session, page))
        assert found.status == 200
        assert TEXT not in found.text
        assert "Went well." not in found.text


def test_in_error_is_struck_through_and_says_why(consultation, clinician):
    addendum = add_addendum(record=consultation, text=TEXT, by=clinician)
    browser = Browser(clinician)
    links = browser.open(change_url(consultation)).links
    page = browser.fill(
        links["Mark this addendum as entered in error"], {"reason": "Wrong patient."}
    )
    assert page.path.startswith(change_url(consultation))
    struck = page.soup.select_one(f"#addendum-{addendum.pk}.is-in-error")
    assert TEXT in words(struck)
    assert "Wrong patient." in words(struck)


def test_signed_page_says_at_its_head_that_addenda_follow(consultation, clinician):
    addenda = [add_addendum(record=consultation, text=TEXT, by=clinician) for _number in range(2)]
    mark_in_error(record=addenda[0], by=clinician, reason="Wrong patient.")
    page = Browser(clinician).open(change_url(consultation))
    assert page.links["1 addendum was added later. Read it below."] == "#addenda"


def test_list_leads_to_the_record(consultation, clinician):
    addendum = add_addendum(record=consultation, text=TEXT, by=clinician)
    browser = Browser(clinician)
    page = browser.open(list_url("addendum"))
    link = page.soup.select_one("#result_list a")["href"]
    assert link == f"{change_url(consultation)}#addendum-{addendum.pk}"
    assert TEXT in page.rows[0][2]
    assert browser.open(change_url(addendum)).path == link.partition("#")[0]


def test_markup_is_text(consultation, clinician):
    add_addendum(record=consultation, text="<script>x</script>", by=clinician)
    for url in (change_url(consultation), page_url(consultation.patient, "chart")):
        assert b"<script>x" not in Browser(clinician).open(url).response.content
