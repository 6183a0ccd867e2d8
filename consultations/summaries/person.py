"""Everything about one person: which records, and how each leads to the patient."""

from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qsl, urlsplit

from django.urls import Resolver404, resolve

from consultations.models import (
    AdverseEvent,
    Appointment,
    Draft,
    Erasure,
    IssuedDocument,
    Patient,
    Photo,
    SearchKey,
    SurgicalReferral,
    TreatmentPlan,
    kinds,
    record_kinds,
)
from consultations.models.search import known_by
from consultations.models.text import APOSTROPHES, digits, folded

SHORTEST_NAME, SHORTEST_NUMBER = 3, 6


def person_of(patient):
    """Return the records of the same person, merged ones too; the one that goes on comes first."""
    kept = patient.kept_record
    return [kept, *kept.merged_records()]


def people_of(patients):
    """Return the same of several records, none of them merged, in as few queries as of one."""
    people = {one.pk: [one] for one in patients}
    last = {pk: pk for pk in people}  # whose each record is
    while last:
        found = list(Patient.objects.filter(merged_into__in=last).order_by("pk"))
        last = {one.pk: last[one.merged_into_id] for one in found}
        for one in found:
            people[last[one.pk]].append(one)
    return list(people.values())


def records_of(person, model):
    """Return the records of one kind about a person, in the order of their keys."""
    return model._base_manager.filter(model.about([one.pk for one in person])).order_by("pk")


def history_of(model, keys):
    """Return the history rows of the records with these keys, by record, oldest first."""
    rows = model.history.model._base_manager.filter(**{f"{model._meta.pk.name}__in": keys})
    return rows.order_by(model._meta.pk.name, "history_id")


def names_somebody(person, text):
    """Whether a text holds the person's name, record number, phone, e-mail or birth date."""
    number = digits(text)
    numbers = [key for key in known_by(*person) if key.isdigit() and len(key) >= SHORTEST_NUMBER]
    return has_words_of(person, text) or any(key in number for key in numbers)


def has_words_of(person, text):
    """Whether a text holds a name or an e-mail of the person."""
    # Once more with what follows an apostrophe apart: Maggie's.
    apart = text.translate(dict.fromkeys(map(ord, APOSTROPHES), " "))
    words = {*folded(text).split(), *folded(apart).split()}
    mails = {one.email.casefold() for one in person if one.email}
    names = {key for key in known_by(*person) if not key.isdigit()}
    return any(mail in text.casefold() for mail in mails) or any(
        len(name) >= SHORTEST_NAME and name in words for name in names
    )


# Drafts have no key to a patient: they are told by the address of their form, by what was chosen
# in it, and by the name or number they hold.


def drafts_about(person):
    """Return everybody's drafts about a person, as far as that can be known."""
    keys = {
        model: set(records_of(person, model).values_list("pk", flat=True))
        for model in record_kinds()
    }
    # A single name is no more than a word: it may stand anywhere.
    words = {str(one.full_name) for one in person if one.given_name}
    words |= {one.record_number for one in person}
    names = {(one.family_name, one.given_name) for one in person}
    drafts = Draft.objects.order_by("pk").iterator(chunk_size=100)
    return [one for one in drafts if _is_about(one, keys, words, names)]


def is_about_erased(draft):
    """Whether a draft names a record of somebody whose data were erased."""
    named = Patient.objects.filter(pk__in=patients_named_by(draft))
    return named.filter(erased_at__isnull=False).exists()


def patients_named_by(draft):
    """Return the keys of the patients whose records a draft names."""
    return {
        patient
        for model, key in _named_by(draft)
        if key is not None
        for way in model.paths_to_patient()
        for patient in model._base_manager.filter(pk=key).values_list(way, flat=True)
    } - {None}


def _is_about(draft, keys, words, names):
    if any(found in keys.get(model, ()) for model, found in _named_by(draft)):
        return True
    if (draft.values.get("family_name"), draft.values.get("given_name", "")) in names:
        return True
    return any(word in text for word in words for text in (draft.title, *_texts(draft.values)))


def _named_by(draft):
    """Yield the (model, key) pairs that a draft's address and choosers name."""
    address = urlsplit(draft.form)
    try:
        match = resolve(address.path)
    except Resolver404:
        match = None
    if match is not None and "object_id" in match.kwargs:
        named = (match.url_name or "").split("_")[1:2]
        for model in kinds():
            if [model._meta.model_name] == named:
                yield model, _key(match.kwargs["object_id"])
    choosers = what_choosers_name()
    chosen = {name: value for name, value in draft.values.items() if name in choosers}
    for name, value in [*parse_qsl(address.query), *chosen.items()]:
        if name in choosers:
            yield choosers[name], _key(value.get("value") if isinstance(value, dict) else value)


@cache
def what_choosers_name():
    """Return the model of each chooser and of each address parameter of a form, by name."""
    return {"follows": SurgicalReferral} | {
        key: model._meta.get_field(key).related_model
        for model in record_kinds()
        for key in model.hangs_on
    }


def _key(text):
    return int(text) if str(text).isdecimal() else None


def _texts(value):
    """Yield every text in a draft's values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


@dataclass(frozen=True, slots=True)
class Outline:
    """How much is kept about a person: pairs of a name and a count, and what is still open."""

    kinds: tuple
    photos: int
    documents: int
    drafts: int
    versions: int
    appointments: int
    courses: int
    events: int


def outline_of(person):
    """Return how much is stored about a person, in a fixed number of queries."""
    told = [model for model in kinds() if model not in (Patient, Photo, SearchKey, Erasure)]
    counts = {model: records_of(person, model).count() for model in told}
    keys = {one: records_of(person, one).values("pk") for one in record_kinds()}
    plans, events = ({"pk__in": keys[one]} for one in (TreatmentPlan, AdverseEvent))
    return Outline(
        kinds=tuple((model._meta.verbose_name_plural, counts[model]) for model in told),
        photos=records_of(person, Photo).count(),
        documents=counts[IssuedDocument],
        drafts=len(drafts_about(person)),
        versions=sum(
            one.history.model._base_manager.filter(id__in=found).count()
            for one, found in keys.items()
        ),
        appointments=Appointment.objects.holding().filter(pk__in=keys[Appointment]).count(),
        courses=TreatmentPlan.objects.open().filter(**plans).count(),
        events=AdverseEvent.objects.open().filter(**events).count(),
    )
