"""Every text field takes anything, and nothing comes of it: wherever it is shown, it is words."""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import count, cycle
from pathlib import Path
from unicodedata import normalize

import pytest
from bs4 import BeautifulSoup
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from consultations.models import Patient
from tests.admin.browsing import form_data
from tests.factories import PatientFactory, ReferralFactory, UserFactory
from tests.sweeps.test_queries import autocomplete_urls
from tests.sweeps.world import MODELS, admin_url, make_signed, make_world
from tests.undone import undone

from .payloads import MARK, TEXTS, as_bytes
from .walking import Asking, dice, encoded, endpoints, form_on, forms_of, pages_of

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).parents[2]
ACTS = ("_entered_in_error", "_call_off", "_done", "_no_answer", "_merge", "_erase", "_move")
# These words may not be changed any more: a consent rests on them. The patient of this world has
# agreed to advertising.
NEVER_STORED = {
    "admin:consultations_consentwording_change",
    "admin:consultations_patient_publicity_consent",
}
UNPRINTED = "cannot be printed"
# In this world other records rest on most, and nobody's password is known. A merge is asked for
# twice, and an erasure takes the words away: their reasons are stored below without a form.
REFUSED_HERE = (
    *("_entered_in_error", "_call_off", "_done", "_no_answer", "password_change", "user_add"),
    *("_patient_merge", "_patient_erase"),
    # Consent to advertising was withdrawn by a form before it.
    "_photouse_add",
)
CLOSED = {"status": "closed", "closure": "other"}
ASKED = {"pregnant": "false", "isotretinoin": "never"}
TAGS_THAT_ACT = ("script", "iframe", "object", "embed", "style", "link", "base", "meta", "img")


def completions(world):
    """What a form needs beside words to be stored, by the name of its address."""
    mode = {"laser_type": "non_ablative", "pulse": "long", "wavelength_nm": "1064"}
    session = {"plan": world.treatmentplan.pk, "laser_mode": world.lasermode.pk}
    on = {"performed_on": timezone.localdate() - timedelta(days=1), "status": "done"}
    prefix = f"plan-{world.treatmentplan.pk}"
    in_area = {f"{prefix}-infection": "false", f"{prefix}-laser_mode": world.lasermode.pk}
    secret = {"password1": "Tr1cky-enough", "password2": "Tr1cky-enough"}
    return {
        "admin:consultations_consentwording_add": {"kind": "photo"},
        "admin:consultations_appointment_add": {
            "patient": world.patient.pk,
            "kind": "review",
            "starts_at_0": timezone.localdate() + timedelta(days=60),
            "starts_at_1": "10:30",
        },
        "admin:consultations_precare_add": {"laser_type": "ablative_full"},
        "admin:consultations_consultation_add": {
            "patient": world.patient.pk,
            "assessments-0-area": "legs",
            "assessments-0-severity": "mild",
        },
        "admin:consultations_adverseevent_add": {
            "session": world.treatmentsession.pk,
            "kind": "erythema",
        },
        "admin:consultations_testpatch_add": {"patient": world.patient.pk, "area": "legs"},
        "admin:consultations_adverseevent_change": {
            "reported_to": "maker",
            "reported_on": timezone.localdate(),
        },
        "admin:consultations_authoriseduser_add": {
            "laser": world.laser.pk,
            "user": world.user.pk,
            "trained_on": "2025-01-20",
        },
        "admin:consultations_laserservice_add": {
            "laser": world.laser.pk,
            "serviced_on": "2025-01-20",
        },
        "admin:consultations_laserincident_add": {
            "laser": world.laser.pk,
            "happened_on": "2025-01-20",
        },
        "admin:consultations_closedday_add": {"day": "2025-01-20"},
        "admin:consultations_absence_add": {
            "user": world.user.pk,
            "starts_at_0": "2025-01-20",
            "ends_at_0": "2025-01-20",
        },
        "admin:consultations_appointmentreason_add": {"reason_of": "clinic"},
        "admin:consultations_laser_add": {f"modes-0-{name}": mode[name] for name in mode},
        "admin:consultations_lasermode_add": mode | {"laser": world.laser.pk},
        "admin:consultations_treatmentsession_add": ASKED | session | on | {"infection": "false"},
        "admin:consultations_patient_visit": ASKED | in_area,
        "admin:consultations_surgicalreferral_add": CLOSED | {"assessment": world.untreated.pk},
        "admin:consultations_surgicalreferral_change": CLOSED,
        "admin:consultations_referralsending_add": {
            "referral": ReferralFactory(by=world.user).pk,
            "surgeon": world.surgeon.pk,
        },
        "admin:consultations_payment_add": {
            "plan": world.treatmentplan.pk,
            "amount": "10",
            "method": "card",
        },
        "admin:consultations_discount_add": {"plan": world.treatmentplan.pk, "amount": "10"},
        "admin:consultations_patient_photo_consent": {"name_alone": "on"},
        "admin:consultations_patient_publicity_consent": {"name_alone": "on"},
        "admin:consultations_photouse_add": {
            "photo": world.photo.pk,
            "since": timezone.localdate(),
            "down_on": "",
        },
        "admin:consultations_treatmentplan_consent": {"name_alone": "on", "_agree": "1"},
        "admin:consultations_patient_add": {"date_of_birth": "1980-05-17"},
        "admin:auth_user_add": secret,
    }


NUMBERS = count(1)


def plain(name):
    """Harmless words that every field takes, others each time: some must differ, and a reason may
    not say the name that another form has given the patient."""
    number = next(NUMBERS)
    other = {
        "username": f"plain{number}",
        "email": "a@example.org",
        "phone": "020 7946 0000",
        "reason": f"Because {number}",
    }
    return other.get(name.split("-")[-1], f"Plain {number}")


def storable(payload):
    """What a database takes of it; the forms refuse the rest."""
    return payload.replace("\x00", "").encode(errors="ignore").decode()


@pytest.fixture
def world():
    return make_world(UserFactory(username="colleague"))


@pytest.fixture
def asking(admin):
    return Asking(admin, keeps=True)


@pytest.fixture
def urls(world):
    not_agreed = reverse("admin:consultations_patient_photos", args=[PatientFactory().pk])
    return [*pages_of(world), not_agreed]


@pytest.fixture
def forms(asking, urls):
    """Every form with a text to type; what ends a record comes last."""
    found = [form for form in forms_of(asking, urls) if form.texts]
    return sorted(found, key=lambda form: form.route.endswith(ACTS))


@lru_cache(maxsize=1)
def parsed(page):
    """A page is looked through several times in a row; nothing takes anything out of it."""
    return BeautifulSoup(page, "html.parser")


@dataclass(frozen=True)
class Seen:
    """What there is to see on a page, so that its elements need not be kept."""

    harm: list
    skeleton: Counter
    words: str

    @classmethod
    def of(cls, page):
        return cls([*harm(page)], skeleton(page), all_words(page))


def harm(page):
    """What a payload brought into being on a page: elements, attributes, handlers, addresses."""
    soup = parsed(page)
    for tag in soup.find_all(True):
        if MARK in tag.name or (tag.name in {"script", "style"} and not tag.get("src")):
            yield str(tag)[:200]
        for name, value in tag.attrs.items():
            value = " ".join(value) if isinstance(value, list) else value
            address = name in {
                "href",
                "src",
                "action",
                "formaction",
                "data",
                "srcdoc",
                "xlink:href",
            }
            scripted = (
                re.sub(r"[\s\x00-\x1f]", "", value).lower().startswith(("javascript:", "data:"))
            )
            leads = address and (scripted or re.match(r"\s*(https?:)?[/\\]{2}", value))
            if MARK in name or name.startswith("on") or name in {"style", "srcdoc"} or leads:
                yield str(tag)[:200]


def skeleton(page):
    """How many elements of each kind could do something."""
    soup = parsed(page)
    return Counter(tag.name for tag in soup(TAGS_THAT_ACT))


def squeezed(text):
    """As it reads: white space and the way accents are put together make no difference."""
    text = normalize("NFC", text)
    return " ".join(re.sub(r"[\x00-\x20\x7f-\x9f]+", " ", text).split())


def as_read(text):
    """What a broken program sends for half a character is read as signs of replacement."""
    return as_bytes(text).decode(errors="replace")


def all_words(page):
    """What can be read on a page, fields included."""
    soup = parsed(page)
    fields = [tag.get("value", "") for tag in soup.select("input[value]")]
    return squeezed(" ".join([soup.get_text(" "), *fields]))


def errors_on(page):
    """The names of fields with a message beside them, and of the form's own as ""."""
    soup = parsed(page)
    lists = soup.select("#content .errorlist, #content-main .errorlist")
    return {one.get("id", "").removeprefix("id_").removesuffix("_error") for one in lists}


def fresh(asking, form):
    """The form as its page offers it now, after what other forms have changed."""
    offered = forms_of(asking, [form.page])
    return next((one for one in offered if one.action == form.action), form)


def fill_in(asking, form, texts, known):
    """Type `texts` into a form and send it, the refused ones replaced by plain words; returns what
    was stored, None where nothing was, how many were refused, and complaints."""
    form = fresh(asking, form)
    complaints, data = [], form.filled(**known | texts)
    answer = asking.post(form.action, data)
    refused = set()
    if answer.status_code == 200:
        page = answer.content.decode()
        complaints += [f"harm on {form.action}: {one}" for one in harm(page)]
        complaints += not_kept(form, page, texts)
        refused = errors_on(page) & {*texts}
        data |= {name: plain(name) for name in refused} | kept_appointments(page)
        answer = asking.post(form.action, data)
    stored = {name: text for name, text in texts.items() if name not in refused}
    return stored if answer.status_code == 302 else None, len(refused), complaints


def kept_appointments(page):
    """The answer to a page that asks what becomes of appointments; {} to any other."""
    shown = [one["value"] for one in parsed(page).select("[name=left_booked_shown]")]
    return {"left_booked": "keep", "left_booked_shown": shown} if shown else {}


def not_kept(form, page, texts):
    """Typed words that a form that came back has lost."""
    soup = parsed(page)
    for one in soup.select("form[method=post]"):
        if form_on(form.page, one).action == form.action and {*texts} <= {*form_data(one)}:
            back = form_data(one)
            for name, text in texts.items():
                typed = text.encode(errors="replace").decode().replace("?", "")
                if squeezed(back[name].replace("\ufffd", "")) != squeezed(typed):
                    yield f"{form.action} lost {name}: {text[:60]!r}, has {back[name][:60]!r}"
            return


def typed_everywhere(asking, forms, world, text_for):
    """Fill in every form; returns what was stored by the route, how many texts were refused, and
    complaints."""
    stored, refused, complaints = {}, 0, []
    known = completions(world)
    for form in forms:
        # A session is ours or another clinic's: the form with an operator is of our own. An event
        # is reported, or there is a reason why it is not.
        other = {"performed_elsewhere"} if "operator" in form.data else {"not_reportable_reason"}
        texts = {name: text_for(form, name) for name in form.texts if name not in other}
        kept, count, told = fill_in(asking, form, texts, known.get(form.route, {}))
        if kept is not None:
            stored.setdefault(form.route, []).append(kept)
        refused += count
        complaints += told
    return stored, refused, complaints


def pages(asking, urls, look=Seen.of):
    """What is seen on each page that is answered, by address."""
    found = {}
    for url in urls:
        answer = asking.get(url)
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            found[url] = look(answer.content.decode())
    return found


def stored_now():
    """Every text that records hold, those that another form wrote over left out."""
    for name in MODELS:
        model = apps.get_model("auth" if name == "user" else "consultations", name)
        for row in model._base_manager.values_list():
            yield from (value for value in row if isinstance(value, str))


def newest():
    """The pages of the records that were added last."""
    for name in MODELS:
        model = apps.get_model("auth" if name == "user" else "consultations", name)
        for record in model._base_manager.order_by("-pk")[:2]:
            yield admin_url(name, "change", record.pk)


def test_what_is_typed_stays_words(world, forms, urls, asking, seed, rounds, figure):
    """Once with plain words, then with payloads: the same pages, and nothing that acts on them."""
    with undone():
        stored, _refused, complaints = typed_everywhere(
            asking, forms, world, lambda form, name: plain(name)
        )
        usual = pages(asking, urls, look=skeleton)
    assert "\n".join(complaints) == ""
    unstored = {form.route for form in forms} - {*stored}
    assert {route for route in unstored if not route.endswith(REFUSED_HERE)} == NEVER_STORED
    chance, kept, turned_away = dice(seed, "text"), 0, 0
    payloads = cycle(chance.sample([*TEXTS.values()], len(TEXTS)))
    for _round in range(rounds(1)):
        with undone():
            stored, refused, complaints = typed_everywhere(
                asking, forms, world, lambda form, name: next(payloads)
            )
            shown = pages(asking, urls)
            added = pages(asking, newest())
            last = squeezed(" ".join(stored_now()))
        assert "\n".join(complaints) == ""
        both = [*shown.items(), *added.items()]
        assert [(url, seen.harm) for url, seen in both if seen.harm] == []
        assert shown.keys() == usual.keys()
        # A document that no font has a sign for is told instead of shown.
        same = {url: seen.skeleton for url, seen in shown.items() if UNPRINTED not in seen.words}
        assert same == {url: usual[url] for url in same}
        words = " ".join(seen.words for _url, seen in both)
        texts = [
            (route, name, squeezed(as_read(text)))
            for route, typed in stored.items()
            for one in typed
            for name, text in one.items()
        ]
        lost = [one for one in texts if one[-1] in last and one[-1] not in words]
        kept, turned_away = kept + len(texts), turned_away + refused
    figure("forms", len(forms))
    figure("texts stored", kept)
    figure("refused", turned_away)
    asking.tell(figure)
    assert asking.broken == []
    assert lost == []


def test_scripts_build_pages_of_words():
    """What the server has written and escaped is put in whole in three places, and three links of
    its own are followed; nothing else is taken for markup or for an address."""
    risky = re.compile(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|createContextual"
        r"|location|window\.open|srcdoc|setAttribute\(.(?:href|src|on)"
    )
    folder = ROOT / "consultations" / "static" / "consultations"
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted(folder.rglob("*.js"))
        for line in path.read_text().splitlines()
        if risky.search(line)
    ]
    assert found == [
        *["diary.js: if (url) location.assign(url);"] * 2,
        "imports.js: if (link) setTimeout(() => location.replace(link.href), 3000);",
        "live.js: place.innerHTML = html;",
        "search.js: fragment.innerHTML = await answer.text();",
        "time_left.js: "
        "login.search = new URLSearchParams({ next: location.pathname + location.search });",
        "visit.js: "
        'if (place.innerHTML !== (found?.html ?? "")) place.innerHTML = found?.html ?? "";',
    ]


def test_names_and_questions_in_what_scripts_read(world, asking, figure):
    """Lists, the search box and choosers: each payload as a patient's name, and as a question."""
    lists = [admin_url(model, "changelist") for model in MODELS]
    find = reverse("admin:consultations_patient_find")
    choosers = [*autocomplete_urls()]
    told = []
    for number, (what, payload) in enumerate(TEXTS.items()):
        name = f"Called {storable(payload)}"[:99]
        Patient.objects.filter(pk=world.patient.pk).update(family_name=name)
        query, term = encoded({"q": payload}).decode(), encoded({"term": payload}).decode()
        url = lists[number % len(lists)]
        for one in (f"{find}?q=family", f"{find}?{query}", f"{url}?{query}", lists[0]):
            answer = asking.get(one)
            told += [(what, one, harmful) for harmful in harm(answer.content.decode())]
        for one in (
            choosers[0],
            f"{choosers[number % len(choosers)].partition('&term')[0]}&{term}",
        ):
            answer = asking.get(one)
            assert answer.headers["Content-Type"] == "application/json" or answer.status_code == 400
    asking.tell(figure)
    assert told == []
    assert asking.broken == []


def test_words_on_pages_that_no_form_fills(world, admin, asking, figure):
    """What was signed, the audit, and the verdict while typing, with each payload."""
    audit = reverse("admin:consultations_audit")
    visit = reverse("admin:consultations_patient_visit", args=[world.patient.pk])
    adding = [admin_url(name, "add") for name in ("patient", "consultation")]
    offered = forms_of(asking, [*adding, visit])
    typing = [form for form in endpoints(world, offered) if "draft" not in form.route]
    told, lost = [], []
    for what, payload in TEXTS.items():
        words = storable(payload)[:100]
        signed = make_signed(world.patient, admin, notes=words)
        world.patient.save(by=admin, reason=words)
        reason = world.patient.history.first().history_change_reason
        places = {admin_url("consultation", "change", signed.pk): words, audit: reason}
        for url, words in places.items():
            shown = asking.get(url).content.decode()
            told += [(what, url, one) for one in harm(shown)]
            if squeezed(words) not in all_words(shown):
                lost.append((what, url))
        for form in typing:
            answer = asking.post(form.action, form.filled(**dict.fromkeys(form.texts, payload)))
            is_json = "json" in answer.headers["Content-Type"]
            texts = strings_in(answer.json()) if is_json else [answer.content.decode()]
            told += [(what, form.action, one) for text in texts for one in harm(text)]
    asking.tell(figure)
    assert told == []
    assert lost == []
    assert asking.broken == []


def strings_in(value):
    """Every text in an answer for scripts."""
    if isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from strings_in(one)
    elif isinstance(value, str):
        yield value
