"""Check that live data is what was recorded: rows against their history, files against rows.

The database compares the rows itself, a range of keys at a time. That is the quickest way, it sees
both sides at one moment, and no value that somebody wrote into a column has to be read.
"""

import hashlib
from enum import Enum

from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import SuspiciousFileOperation
from django.db import DatabaseError, connection
from django.db.models import Q
from simple_history.models import HistoricalChanges

from consultations.models import IssuedDocument, Photo

AT_ONCE = 10_000
PIECE = 1024 * 1024
# What a value in a column raises that no program of ours has written; bytes that are no text, in
# the words of SQLite's driver, as an error of the database.
UNREADABLE = (ValueError, TypeError, AttributeError, ArithmeticError, DatabaseError)
FIRST_KEY, LAST_KEY = -(2**63), 2**63 - 1
WITHOUT_HISTORY = """
    SELECT live.{key} FROM {live} live
    WHERE live.{key} BETWEEN %s AND %s
    AND NOT EXISTS (SELECT 1 FROM {history} kept WHERE kept.{key} = live.{key})
    ORDER BY 1
"""
GONE = """
    SELECT kept.{key} FROM {latest} JOIN {history} kept ON kept.{history_key} = latest.made
    WHERE kept.history_type <> '-'
    AND NOT EXISTS (SELECT 1 FROM {live} live WHERE live.{key} = kept.{key})
    ORDER BY 1
"""
CHANGED = """
    SELECT live.{key}, latest.made, {flags}
    FROM {latest}
    JOIN {history} kept ON kept.{history_key} = latest.made
    JOIN {live} live ON live.{key} = kept.{key}
    WHERE kept.history_type = '-' OR {differs}
    ORDER BY 1
"""
LATEST = """
    (SELECT {key}, MAX({history_key}) AS made FROM {history}
    WHERE {key} BETWEEN %s AND %s GROUP BY {key}) latest
"""


class Difference(Enum):
    CHANGED = "changed"
    WITHOUT_HISTORY = "without history"
    GONE = "gone"
    EXCHANGED = "exchanged"


def with_history():
    """Return each model whose rows have a history, with the model of that history."""
    histories = apps.get_app_config("consultations").get_models()
    return [
        (history.instance_type, history)
        for history in histories
        if issubclass(history, HistoricalChanges)
    ]


def live_rows():
    return sum(model._base_manager.count() for model, _history in with_history())


def differences(*, step=lambda rows: None):
    """Yield each live row that differs from its history: model, key, difference, fields.

    `step` is called with the number of rows compared since the last call.
    """
    for model, history in with_history():
        fields = _compared(model, history)
        names = _names(model, history, fields)
        for first, last, rows in _ranges(model):
            for (key,) in _ask(WITHOUT_HISTORY.format(**names), first, last):
                yield model, key, Difference.WITHOUT_HISTORY, []
            for (key,) in _ask(GONE.format(**names), first, last):
                yield model, key, Difference.GONE, []
            for key, made, *flags in _ask(CHANGED.format(**names), first, last):
                differ = [field for field, flag in zip(fields, flags, strict=True) if flag]
                told = [one.name for one in differ if _really(model, history, one, key, made)]
                # None differs where the history says that the row was deleted.
                if told or not differ:
                    yield model, key, Difference.CHANGED, told
            step(rows)
    for key, names in _accounts_with_other_rights():
        yield User, key, Difference.CHANGED, names


def _accounts_with_other_rights():
    """Rights stand in tables of their own, and in the history of accounts as columns."""
    history = User.history.model
    for key in User._base_manager.order_by("pk").values_list("pk", flat=True):
        try:
            last = history._base_manager.filter(id=key).order_by("pk").last()
            kept = {} if last is None else {name: getattr(last, name) for name in history.RIGHTS}
            names = [name for name in kept if kept[name] != history.RIGHTS[name](key)]
        except UNREADABLE:
            names = ["roles"]
        if names:
            yield key, names


def _compared(model, history):
    """Return the fields that both have."""
    kept = {field.attname for field in history._meta.concrete_fields}
    return [
        field
        for field in model._meta.concrete_fields
        if field.attname in kept and not field.primary_key
    ]


def _names(model, history, fields):
    """Return the names that the queries use, quoted."""
    quote = connection.ops.quote_name
    differ = "IS DISTINCT FROM" if connection.vendor == "postgresql" else "IS NOT"
    columns = [quote(field.column) for field in fields]
    flags = [f"live.{column} {differ} kept.{column}" for column in columns]
    names = {
        "live": quote(model._meta.db_table),
        "history": quote(history._meta.db_table),
        "key": quote(model._meta.pk.column),
        "history_key": quote(history._meta.pk.column),
        "flags": ", ".join(flags),
        "differs": " OR ".join(flags),
    }
    return names | {"latest": LATEST.format(**names)}


def _ranges(model):
    """Yield the first and last key of each range, and how many live rows it has."""
    first, keys = FIRST_KEY, model._base_manager.order_by("pk").values_list("pk", flat=True)
    while True:
        some = keys.filter(pk__gte=first)[:AT_ONCE]
        found = list(some)
        last = found[-1] if len(found) == AT_ONCE else LAST_KEY
        yield first, last, len(found)
        if last == LAST_KEY:
            return
        first = last + 1


def _ask(query, *values):
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def _really(model, history, field, key, made):
    """Whether a field says something else: SQLite keeps the same JSON in more than one writing."""
    if field.get_internal_type() != "JSONField":
        return True
    try:
        live = model._base_manager.values_list(field.attname, flat=True).get(pk=key)
        return live != history._base_manager.values_list(field.attname, flat=True).get(pk=made)
    except UNREADABLE:
        return True


# Files


# The column that has the digest of each file of a photo, and of a document.
DIGESTS = {
    Photo: {"image": "digest", "thumbnail": "thumbnail_digest"},
    IssuedDocument: {"file": "digest"},
}


def is_as_recorded(record, name, content):
    """Whether these bytes are the file of this name that was stored with this record."""
    recorded = getattr(record, DIGESTS[type(record)][name])
    return hashlib.sha256(content).hexdigest() == recorded


def read_file(file):
    """Return the bytes of a file, or None if there is none to read."""
    try:
        with file.open("rb") as opened:
            return opened.read()
    except (OSError, ValueError):
        return None


def thumbnails_without_digest():
    """Return photos whose thumbnail an earlier release stored without a digest."""
    return Photo._base_manager.filter(thumbnail_digest="").exclude(thumbnail="")


def keys_of_photos():
    """Return the keys of photos that have files; an erased photo has none."""
    photos = Photo._base_manager.exclude(Q(image="") & Q(thumbnail=""))
    return list(photos.order_by("pk").values_list("pk", flat=True))


def keys_of_documents():
    """Return the keys of issued documents that have files; those of somebody erased have none."""
    documents = IssuedDocument._base_manager.exclude(file="")
    return list(documents.order_by("pk").values_list("pk", flat=True))


def files_not_as_recorded(keys, model=Photo, *, step=lambda records: None):
    """Yield each file of these photos (documents) that differs from its record: key, field,
    difference.

    A thumbnail without a digest only has to exist: it is served to nobody.
    """
    for key in keys:
        for name in DIGESTS[model]:
            recorded, digest = _digests_of(model, key, name)
            if digest is None:
                yield key, name, Difference.GONE
            elif recorded != digest and (recorded or name != "thumbnail"):
                yield key, name, Difference.EXCHANGED
        step(1)


def _digests_of(model, key, name):
    """Return the digest that was recorded and that of the file; both None if unreadable."""
    digest, column = hashlib.sha256(), DIGESTS[model][name]
    try:
        record = model._base_manager.only(name, column).get(pk=key)
        with getattr(record, name).open("rb") as file:
            for piece in file.chunks(PIECE):
                digest.update(piece)
    except (*UNREADABLE, OSError, SuspiciousFileOperation):
        return None, None
    return getattr(record, column), digest.hexdigest()
