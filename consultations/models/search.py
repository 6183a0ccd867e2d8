"""Finding patients: the keys by which each is looked up."""

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from .asked import search_words
from .phone import SHORTEST_PHONE_SEARCH, kept_as
from .spine import Spine
from .text import after_apostrophes, digits, folded, spellings, without_article

FOUND_AT_MOST = 5000
KEY_LENGTH = 120


class SearchKeyQuerySet(models.QuerySet):
    def beginning_with(self, *words):
        """With any of these beginnings. By key range, which both databases answer from the index,
        whatever their collation."""
        condition = Q()
        for word in words:
            start = stored(word)
            condition |= Q(key__gte=start, key__lt=start + b"\xff")
        return self.filter(condition)

    def of_namesakes(self, patient):
        """The keys by which others have this birth date and have had this name."""
        return self.filter(key__in=[stored(key) for key in _either_name_first(patient)])

    def rewrite_for(self, patient):
        """Make the keys of one patient those that its fields and history now give."""
        # What was merged is found by the record that goes on.
        merged = bool(patient.merged_into_id)
        wanted = set() if merged else known_by(patient, *patient.merged_records())
        wanted = set(map(stored, wanted))
        held = {bytes(key): pk for pk, key in self.filter(patient=patient).values_list("pk", "key")}
        self.filter(pk__in=[pk for key, pk in held.items() if key not in wanted]).delete()
        self.bulk_create(SearchKey(patient=patient, key=key) for key in wanted - held.keys())

    def add_many(self, patients):
        """Add the keys of new patients. As bare rows: each patient has some 16, and records of them
        took half the time of an import."""
        rows = [
            (patient.pk, key)
            for patient in patients
            for key in sorted(set(map(stored, search_keys(patient))))
        ]
        quote = connection.ops.quote_name
        table = quote(SearchKey._meta.db_table)
        columns = ", ".join(quote(name) for name in ("patient_id", "key"))
        with connection.cursor() as cursor:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES (%s, %s)", rows)  # noqa: S608


class SearchKey(Spine, models.Model):
    """One way in which a patient may be looked up: a folded word, number, phone, date or e-mail.

    Bytes, because bytes compare alike on every database and can be asked by range.
    """

    hangs_on = ("patient",)

    patient = models.ForeignKey(
        "consultations.Patient",
        on_delete=models.CASCADE,
        db_index=False,
        related_name="search_keys",
    )
    key = models.BinaryField(max_length=KEY_LENGTH)

    objects = SearchKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("search key")
        # A rare word leads to its patients, and each patient of a list is asked for a common one.
        indexes = [
            models.Index(fields=["key", "patient"], name="search_key_to_patient"),
            models.Index(fields=["patient", "key"], name="search_key_of_patient"),
        ]

    def __str__(self):
        return bytes(self.key).decode(errors="replace")


# What is kept


def stored(key):
    return key.encode(errors="replace")[:KEY_LENGTH]


def search_keys(patient):
    """Every key that a patient's own fields give; none once erased."""
    if patient.erased_at:
        return set()
    number = digits(patient.record_number)
    return {
        *name_keys(patient.family_name, patient.given_name),
        *namesake_keys(patient.family_name, patient.given_name, patient.date_of_birth),
        *(folded(patient.record_number).replace(" ", ""), number, number.lstrip("0")),
        f"{patient.date_of_birth:%Y%m%d}",
        *_phone_keys(patient.phone),
        patient.email.casefold(),
    } - {""}


def known_by(*records):
    """Every key by which one person is found, kept in these records: former names too."""
    records = [one for one in records if not one.erased_at]
    return keys_of(records, names_of(records))


def keys_of(records, names):
    """Every key that these records of one person give, with all the names they have had."""
    keys = [search_keys(one) for one in records]
    keys += [name_keys(*name) for name in names]
    # Under whichever name somebody is registered again, the birth date is the same.
    births = {one.date_of_birth for one in records}
    keys += [namesake_keys(*name, born) for born in births for name in names]
    return set().union(*keys)


def names_of(records):
    """Every name that the records of one person have had, newest first: pairs of family name and
    given name."""
    if not records:
        return []
    rows = records[0].history.model._base_manager.filter(id__in=[one.pk for one in records])
    names = rows.order_by("-history_id").values_list("family_name", "given_name")
    return list(dict.fromkeys(names))


def former_names(patients, text):
    """The former names by which `text` finds some of these patients: by key, pairs as of
    `names_of`."""
    asked, found = search_words(text), {}
    for patient in patients if asked else ():
        own = search_keys(patient)
        sought = [starts for starts in asked if not _begin(own, starts)]
        names = names_of([patient, *patient.merged_records()]) if sought else []
        told = [name for name in names if any(_begin(name_keys(*name), one) for one in sought)]
        if told:
            found[patient.pk] = told
    return found


def _begin(keys, starts):
    return any(key.startswith(tuple(starts)) for key in keys)


def name_keys(family_name, given_name):
    """The words of a name in every spelling, and those words that may be written in one."""
    keys = set()
    for name in (family_name, given_name):
        for spelling in spellings(name):
            words = spelling.split()
            keys.update(words, map(without_article, words))
            keys.update("".join(words[start:]) for start in range(len(words)))
        for part in after_apostrophes(name):
            keys.update(*map(str.split, spellings(part)))
    family, given = folded(family_name), folded(given_name)
    if not (family + given).isascii():
        # Names that are written in one, as in Chinese, family name first or last.
        keys |= {name.replace(" ", "") for name in (family + given, given + family)}
    return keys


def namesake_keys(family_name, given_name, date_of_birth):
    """Keys that two patients of the same name, born on the same day, have in common."""
    names = [spellings(name) for name in (family_name, given_name)]
    born = f"={date_of_birth:%Y%m%d}"
    return {f"{born} {family} {given}" for family in names[0] for given in names[1]}


def former_names_shared(patient, namesake):
    """The former names by which `namesake` is one of `patient`, pairs as of `names_of`; none
    where its present name says so."""
    asked = _either_name_first(patient)
    if not asked.isdisjoint(search_keys(namesake)):
        return []
    names, born = names_of([namesake, *namesake.merged_records()]), patient.date_of_birth
    return [name for name in names if not asked.isdisjoint(namesake_keys(*name, born))]


def _either_name_first(patient):
    """The namesake keys of a patient, also as if somebody had typed one name for the other."""
    names, born = (patient.family_name, patient.given_name), patient.date_of_birth
    return namesake_keys(*names, born) | namesake_keys(*names[::-1], born)


def _phone_keys(phone):
    """Every run of digits, so that the end of a number is found as well as its beginning."""
    for form in kept_as(phone):
        yield from (form[start:] for start in range(len(form) - SHORTEST_PHONE_SEARCH + 1))


# What is asked


def found_at(paths, text):
    """The condition that one of these paths leads to a patient found by `text`, and whether they
    are few.

    Few are fetched by key. Many are asked for row by row, in the order of whatever list it is:
    its first page then soon fills.
    """
    asked = _known(search_words(text))
    if not asked or not all(asked):
        return Q(pk__in=[]), True
    ranges = [SearchKey.objects.beginning_with(*starts) for starts in asked]
    keys = ranges[0]
    for others in ranges[1:]:
        keys = keys.filter(patient__in=others.values("patient"))
    found = list(keys.values_list("patient_id", flat=True)[: FOUND_AT_MOST + 1])
    if len(found) <= FOUND_AT_MOST:
        return Q(*((f"{path}__in", set(found)) for path in paths), _connector=Q.OR), True
    condition = Q()
    for keys in ranges:
        there = (Exists(keys.filter(patient=OuterRef(path))) for path in paths)
        condition &= Q(*there, _connector=Q.OR)
    return condition, False


def _known(asked):
    """Of several beginnings for one word only those of some key: most words are not joined in any
    name, and one beginning is the quickest to ask for."""
    several = sorted({one for starts in asked if len(starts) > 1 for one in starts})
    if not several:
        return asked
    are_there = {
        f"there_{place}": Exists(SearchKey.objects.beginning_with(one))
        for place, one in enumerate(several)
    }
    found = list(SearchKey.objects.annotate(**are_there).values_list(*are_there)[:1])
    known = {one for row in found for one, is_there in zip(several, row, strict=True) if is_there}
    return [starts & known if len(starts) > 1 else starts for starts in asked]
