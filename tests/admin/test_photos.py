"""The page of photos: consent first, several at once, and nothing for reception."""

import io
from datetime import date
from pathlib import Path

import pytest
from django.conf.global_settings import FILE_UPLOAD_MAX_MEMORY_SIZE
from PIL import Image

from consultations.actions.signing import mark_in_error
from consultations.admin.pages import photos as page_of_photos
from consultations.models import Consent, ConsentWording, Photo
from tests.factories import ConsentFactory, ConsentWordingFactory, PatientFactory, PhotoFactory
from tests.pictures import HEIC, from_phone, picture, upload

from .browsing import Browser, change_url, page_url, words

pytestmark = pytest.mark.django_db

DAY = "2025-03-03"
ASKED = "This file does not say when it was taken. Enter the day, then save again."
COLOURS = ("tan", "navy", "olive", "teal", "gold")
CHANGED = "The wording was changed a moment ago. Read it again, then sign."
ROLES = ("reception", "practitioner", "clinician", "manager")


@pytest.fixture
def browser(practitioner):
    return Browser(practitioner)


@pytest.fixture
def patient():
    """Somebody who has agreed to photos."""
    return ConsentFactory().patient


def send(browser, patient, *contents, **others):
    """Press "Save photos" with these files."""
    files = [one if hasattr(one, "name") else upload(one) for one in contents]
    data = {"area": "face", "view": "front", "taken_on": DAY, "photos": files, "_upload": "1"}
    return browser.send(page_url(patient, "photos"), data | others)


# Consent


def test_without_consent_the_page_shows_the_words_to_sign(browser):
    page = browser.open(page_url(PatientFactory(), "photos"))
    assert "I agree that this clinic takes photographs" in page.text
    assert page.select("input[type=file]") == []
    assert page.names() >= {"wording", "signed_name", "given_on"}


def test_consent_is_recorded_and_the_upload_opens(browser, practitioner):
    patient = PatientFactory()
    changes = {"signed_name": "Eva Núñez"}
    page = browser.fill(page_url(patient, "photos"), changes, button="_consent")
    consent = Consent.objects.get()
    assert (consent.patient, consent.created_by, consent.is_as_signed) == (
        patient,
        practitioner,
        True,
    )
    assert page.messages == ["The patient has agreed to photos."]
    assert "Consent to photos signed by Eva Núñez" in page.text
    assert page.select("input[type=file][multiple]")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"signed_name": ""}, ("signed_name", "This field is required.")),
        ({"signed_name": "…"}, ("signed_name", "Write at least one letter.")),
        ({"given_on": "2999-01-01"}, ("given_on", "This date is in the future.")),
        ({"given_on": "1970-01-01"}, ("given_on", "This is before the patient was born.")),
        (
            {"wording": "77"},
            ("", "The wording was changed a moment ago. Read it again, then sign."),
        ),
    ],
)
def test_consent_that_cannot_be_is_refused(browser, changes, told):
    patient, name = PatientFactory(), {"signed_name": "Eva Núñez"}
    page = browser.fill(page_url(patient, "photos"), name | changes, button="_consent")
    assert page.errors == {told[0]: [told[1]]}
    assert not Consent.objects.exists()


def test_words_changed_meanwhile_are_shown_again(browser):
    ConsentWordingFactory(text="The old words.")
    patient = PatientFactory()
    form = browser.open(page_url(patient, "photos")).form
    wording = ConsentWordingFactory(text="The new words.")
    data = form | {"signed_name": "Eva", "_consent": "1"}
    page = browser.post(page_url(patient, "photos"), data)
    assert "The new words." in page.text
    browser.post(page_url(patient, "photos"), page.form | {"_consent": "1"})
    assert Consent.objects.get().wording == wording


def test_consent_posted_twice_is_kept_once(browser):
    patient = PatientFactory()
    data = browser.open(page_url(patient, "photos")).form | {"signed_name": "Eva", "_consent": "1"}
    for _time in range(2):
        assert browser.post(page_url(patient, "photos"), data).status == 200
    assert Consent.objects.count() == ConsentWording.objects.count() == 1


def test_withdrawn_consent_closes_the_page(browser, patient):
    PhotoFactory(patient=patient)
    consent = Consent.objects.get()
    browser.fill(page_url(consent, "withdraw"), {})
    page = browser.open(page_url(patient, "photos"))
    assert "Consent to photos was withdrawn on" in page.text
    assert page.select("#gallery, input[type=file]") == []
    page = send(browser, patient, picture())
    assert page.messages == [
        "Not saved: photo.jpg. The patient has not agreed to photos, or no longer does."
    ]
    assert Photo.objects.count() == 1


# Upload


def test_several_photos_at_once(browser, patient):
    contents = [picture(colour=colour) for colour in COLOURS]
    page = send(browser, patient, *contents, upload(HEIC.read_bytes(), "IMG_1.HEIC"))
    assert page.messages == ["6 photos saved."]
    assert len(page.select("#gallery .photo img")) == 6
    assert set(Photo.objects.values_list("area", "view")) == {("face", "front")}


def test_bad_ones_are_named_and_good_ones_kept(browser, patient):
    svg = upload(b"<svg></svg>", "drawing.svg")
    broken = upload(picture((640, 480))[:900], "<b>broken</b>.jpg")
    page = send(browser, patient, picture(), svg, broken, picture(colour="navy"))
    assert page.messages == [
        "2 photos saved.",
        "Not saved: drawing.svg. This is not a JPEG, PNG, WebP or HEIC picture.",
        "Not saved: b>.jpg. The picture is broken or incomplete.",
    ]
    assert Photo.objects.count() == 2


def test_next_upload_begins_where_the_last_one_was(browser, patient):
    page = send(browser, patient, picture(), area="legs", view="back")
    chosen = {field["name"]: field["value"] for field in page.select("input[checked]")}
    assert chosen == {"area": "legs", "view": "back"}


def test_day_is_kept_for_all(browser, patient):
    send(
        browser, patient, picture(exif=from_phone()), picture(colour="navy"), taken_on="2025-02-01"
    )
    assert set(Photo.objects.values_list("taken_on", flat=True)) == {date(2025, 2, 1)}


def test_photo_without_a_day_is_asked_for_it_by_name(browser, patient):
    dated = upload(picture(exif=from_phone("2024:05:03 10:11:12")), "dated.jpg")
    page = send(browser, patient, dated, upload(picture(colour="navy"), "plain.jpg"), taken_on="")
    assert page.messages == ["1 photo saved.", f"Not saved: plain.jpg. {ASKED}"]
    assert [photo.taken_on for photo in Photo.objects.all()] == [date(2024, 5, 3)]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"area": ""}, ("area", "Choose an area.")),
        ({"view": ""}, ("view", "Choose a view.")),
        ({"view": "back"}, ("view", "This area has no such view.")),
        ({"taken_on": "2999-01-01"}, ("taken_on", "This date is in the future.")),
        ({"taken_on": "1900-01-01"}, ("taken_on", "This is before the patient was born.")),
        ({"taken_on": "soon"}, ("taken_on", "Write a day like 7 Nov 2026 or 7/11/2026.")),
    ],
)
def test_what_is_missing_or_wrong_is_told_beside_it(browser, patient, changes, told):
    page = send(browser, patient, picture(), **changes)
    assert page.errors == {told[0]: [told[1]]}
    assert not Photo.objects.exists()


def test_no_photo_chosen(browser, patient):
    data = {"area": "face", "view": "front", "_upload": "1"}
    page = browser.send(page_url(patient, "photos"), data)
    assert page.errors == {"photos": ["Choose at least one photo."]}


def test_text_in_place_of_a_file(browser, patient):
    page = send(browser, patient, photos="words")
    assert page.errors == {"photos": ["Choose at least one photo."]}


def test_too_many_at_once(browser, patient):
    page = send(browser, patient, *[picture() for _number in range(21)])
    told = "At most 20 photos at once; these are 21. None was saved."
    assert page.errors == {"photos": [told]}


def test_far_too_many_are_not_even_read(browser, patient):
    assert send(browser, patient, *[b"x" for _number in range(101)]).status == 400


def test_twenty_are_taken(browser, patient):
    page = send(browser, patient, *[picture((20 + number, 20)) for number in range(20)])
    assert page.messages == ["20 photos saved."]


def test_photo_too_large_for_memory_is_taken(browser, patient):
    noise = io.BytesIO()
    Image.effect_noise((2000, 1500), 90).save(noise, "PNG")
    assert noise.tell() > FILE_UPLOAD_MAX_MEMORY_SIZE
    assert send(browser, patient, noise.getvalue()).messages == ["1 photo saved."]


def test_same_photo_again_is_refused_by_name(browser, patient):
    page = send(browser, patient, picture(), picture())
    assert page.messages == [
        "1 photo saved.",
        "Not saved: photo.jpg. This photo is already in the patient's record.",
    ]


# What the page's script asks


def ask(browser, patient, content, **others):
    data = {"area": "face", "view": "front", "taken_on": DAY, "photos": [upload(content)]} | others
    url, accept = page_url(patient, "photos"), {"accept": "application/json"}
    return browser.client.post(url, data, headers=accept)


def test_script_is_answered_in_json(browser, patient):
    assert ask(browser, patient, picture()).json() == {"kept": 1, "refused": []}
    refused = [{"name": "photo.jpg", "reason": "This photo is already in the patient's record."}]
    assert ask(browser, patient, picture()).json() == {"kept": 0, "refused": refused}
    answer = ask(browser, patient, picture(), view="back")
    assert (answer.status_code, answer.json()) == (400, {"errors": ["This area has no such view."]})


def test_script_is_told_which_photo_needs_its_day(browser, patient):
    refused = [{"name": "photo.jpg", "reason": ASKED, "ask": "day"}]
    assert ask(browser, patient, picture(), taken_on="").json() == {"kept": 0, "refused": refused}
    assert ask(browser, patient, picture()).json() == {"kept": 1, "refused": []}


def test_script_leaves_no_message_for_the_next_page(browser, patient):
    ask(browser, patient, picture())
    assert browser.open(page_url(patient, "photos")).messages == []


# Who may


@pytest.mark.parametrize(("role", "answer"), list(zip(ROLES, (403, 200, 200, 403), strict=True)))
def test_who_may_add_photos(role, answer, patient, request):
    browser = Browser(request.getfixturevalue(role))
    assert send(browser, patient, picture()).status == answer
    assert Photo.objects.exists() is (answer == 200)


@pytest.mark.parametrize(("role", "answer"), list(zip(ROLES, (403, 200, 200, 403), strict=True)))
def test_who_may_record_a_consent(role, answer, request):
    browser, patient = Browser(request.getfixturevalue(role)), PatientFactory()
    data = {"signed_name": "Eva", "given_on": "2025-03-03", "wording": "", "_consent": "1"}
    assert browser.post(page_url(patient, "photos"), data).status == answer
    assert Consent.objects.exists() is (answer == 200)


def test_manager_sees_but_adds_nothing(manager, patient):
    PhotoFactory(patient=patient)
    page = Browser(manager).open(page_url(patient, "photos"))
    assert len(page.select("#gallery .photo img")) == 1
    [export] = page.select("#content form")
    assert export["action"] == page_url(patient, "dicom")
    assert Browser(manager).open(page_url(PatientFactory(), "photos")).select("#content form") == []


@pytest.mark.parametrize("name", ["image", "thumbnail"])
@pytest.mark.parametrize(("role", "answer"), list(zip(ROLES, (403, 200, 200, 200), strict=True)))
def test_who_sees_a_photo(role, answer, name, patient, request):
    photo = PhotoFactory(patient=patient)
    response = Browser(request.getfixturevalue(role)).client.get(page_url(photo, name))
    assert response.status_code == answer
    if answer == 200:
        kept = Path(getattr(photo, name).path).read_bytes()
        assert b"".join(response.streaming_content) == kept
    else:
        assert "image" not in response.headers["Content-Type"]


def test_reception_sees_no_trace_of_photos(reception, patient):
    PhotoFactory(patient=patient)
    browser = Browser(reception)
    for url in ("/admin/", "/admin/consultations/patient/", change_url(patient)):
        page = browser.open(url)
        assert "photo" not in str(page.soup.select_one("body")).lower()
        assert "consent" not in page.text.lower()


def test_strangers_are_sent_to_log_in(client, patient):
    photo = PhotoFactory(patient=patient)
    for url in (
        page_url(photo, "image"),
        page_url(photo, "thumbnail"),
        page_url(patient, "photos"),
    ):
        assert client.get(url).status_code == 302


# Serving


def test_photo_is_served_for_this_reader_alone(browser, patient):
    photo = PhotoFactory(patient=patient)
    response = browser.client.get(page_url(photo, "image"))
    told = {name: response.headers[name] for name in ("Content-Type", "Content-Disposition")}
    assert told == {
        "Content-Type": "image/jpeg",
        "Content-Disposition": f'inline; filename="photo-{photo.pk}.jpg"',
    }
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert set(response.headers["Cache-Control"].split(", ")) == {"no-store", "private"}


@pytest.mark.parametrize(("role", "answer"), [("practitioner", 404), ("clinician", 200)])
def test_photo_in_error_is_for_those_who_judge_that(role, answer, patient, clinician, request):
    photo = PhotoFactory(patient=patient)
    mark_in_error(record=photo, by=clinician, reason="Wrong patient.")
    browser = Browser(request.getfixturevalue(role))
    answers = [
        browser.client.get(page_url(photo, name)).status_code for name in ("image", "thumbnail")
    ]
    assert answers == [answer, answer]


@pytest.mark.parametrize("role", ROLES[1:])
def test_photo_without_consent_is_for_nobody(role, request):
    photo = PhotoFactory()
    browser = Browser(request.getfixturevalue(role))
    answers = [
        browser.client.get(page_url(photo, name)).status_code for name in ("image", "thumbnail")
    ]
    assert answers == [404, 404]


@pytest.mark.parametrize("name", ["image", "thumbnail"])
def test_file_that_is_not_the_one_recorded_is_not_served(browser, patient, name):
    photo, other = PhotoFactory(patient=patient), PhotoFactory()
    Path(getattr(photo, name).path).write_bytes(Path(other.image.path).read_bytes())
    assert browser.client.get(page_url(photo, name)).status_code == 404


def test_thumbnail_without_a_digest_is_not_served_but_the_photo_is(browser, patient):
    photo = PhotoFactory(patient=patient, thumbnail_digest="")
    answer = browser.client.get(page_url(photo, "thumbnail"))
    assert b"".join(answer.streaming_content) == Path(photo.image.path).read_bytes()


def test_photo_whose_file_is_gone_is_not_found(browser, patient):
    photo = PhotoFactory(patient=patient)
    photo.image.storage.delete(photo.image.name)
    assert browser.client.get(page_url(photo, "image")).status_code == 404
    assert browser.open(change_url(photo)).status == 200


def test_photo_whose_file_was_exchanged_is_not_served(browser, patient, caplog):
    photo, other = PhotoFactory.create_batch(2, patient=patient)
    Path(photo.image.path).write_bytes(Path(other.image.path).read_bytes())
    assert browser.client.get(page_url(photo, "image")).status_code == 404
    assert browser.client.get(page_url(other, "image")).status_code == 200
    told = f"The image of photo {photo.pk} is not the one that was recorded."
    assert told in caplog.messages
    assert patient.family_name not in caplog.text


@pytest.mark.parametrize("pk", ["0", "999999", "abc", "9" * 40, "../1", "1%00"])
def test_photo_of_nothing_is_not_found(browser, pk):
    for path in (f"photo/{pk}/image/", f"photo/{pk}/thumbnail/", f"patient/{pk}/photos/"):
        assert browser.client.get(f"/admin/consultations/{path}").status_code in {400, 404}


@pytest.mark.parametrize("path", ["/media/", "/.data/media/", "/admin/consultations/photo/1/file/"])
def test_files_have_no_other_address(browser, patient, path):
    photo = PhotoFactory(patient=patient)
    assert browser.client.get(f"{path}{photo.image.name}").status_code in {301, 302, 404}


def test_areas_and_views_of_the_figure_are_real_controls(browser, patient):
    page = browser.open(page_url(patient, "photos"))
    areas = page.select("fieldset label input[type=radio][name=area]")
    assert [one["value"] for one in areas] == ["face", "neck", "stomach", "arms", "legs"]
    assert all(words(one.find_parent("label")) for one in areas)
    assert len(page.select("fieldset label input[type=radio][name=view]")) == 7
    assert int(page.select("#upload")[0]["data-most"]) == page_of_photos.MOST_FILES
