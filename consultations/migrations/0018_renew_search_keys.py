"""Every patient's search keys made anew: they hold the parts of a name behind an apostrophe or an
article, other spellings, former names with the birth date, and phones as dialled at home."""

from collections import defaultdict

from django.db import migrations
from tqdm import tqdm

from consultations.models.search import keys_of, stored

AT_ONCE = 500


def rewrite_keys(apps, schema_editor):
    """Only the index: no record is written, so there is no history to write either."""
    patients = apps.get_model("consultations", "Patient")._base_manager
    goes_on = dict(patients.exclude(merged_into=None).values_list("pk", "merged_into"))
    merged = defaultdict(list)
    for pk in goes_on:
        merged[_last(goes_on, pk)].append(pk)
    keys = list(patients.order_by("pk").values_list("pk", flat=True))
    with tqdm(total=len(keys), desc="Search keys", delay=2, disable=None) as progress:
        for start in range(0, len(keys), AT_ONCE):
            some = keys[start : start + AT_ONCE]
            _rewrite_some(apps, [pk for pk in some if pk not in goes_on], merged)
            progress.update(len(some))


def _last(goes_on, pk):
    while pk in goes_on:
        pk = goes_on[pk]
    return pk


def _rewrite_some(apps, keys, merged):
    """What `SearchKey.objects.rewrite_for` does of one patient, of several at once."""
    get = apps.get_model
    search_key = get("consultations", "SearchKey")
    every = [one for pk in keys for one in (pk, *merged[pk])]
    patients = get("consultations", "Patient")._base_manager.in_bulk(every)
    names = _names(get("consultations", "HistoricalPatient"), every)
    held = defaultdict(dict)
    for pk, patient, key in search_key._base_manager.filter(patient__in=every).values_list(
        "pk", "patient", "key"
    ):
        held[patient][bytes(key)] = pk
    wanted = {pk: _wanted([patients[one] for one in (pk, *merged[pk])], names) for pk in keys}
    gone = [row for pk in keys for key, row in held[pk].items() if key not in wanted[pk]]
    search_key._base_manager.filter(pk__in=gone).delete()
    search_key._base_manager.bulk_create(
        (
            search_key(patient_id=pk, key=key)
            for pk in keys
            for key in sorted(wanted[pk] - held[pk].keys())
        ),
        batch_size=5000,
    )


def _wanted(records, names):
    records = [one for one in records if not one.erased_at]
    return set(map(stored, keys_of(records, set().union(*(names[one.pk] for one in records)))))


def _names(history, keys):
    names = defaultdict(set)
    rows = history._base_manager.filter(id__in=keys)
    for pk, *name in rows.values_list("id", "family_name", "given_name").distinct():
        names[pk].add(tuple(name))
    return names


class Migration(migrations.Migration):
    dependencies = [("consultations", "0017_rights_history")]

    operations = [
        # Backwards the keys stay: they are more than were asked for, and saving makes them anew.
        migrations.RunPython(rewrite_keys, migrations.RunPython.noop),
    ]
