"""The pages of a clinic's export, which open from disk: what is where, what each column means, and
a list of patients."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from consultations.models import ClinicSettings, Patient
from consultations.models.text import day_in_words, moment_and_zone
from consultations.summaries.timeline import name_of

from .columns import (
    columns_of_every_history,
    columns_of_every_record,
    groups_of,
    tables_of_columns,
    write_columns,
)
from .words import LEFT_OUT

HERE = "<!-- patients -->"  # splits the page around each list of patients
AT_ONCE = 500
FILES = "clinic/files/"
FORMATS = {"records": "CSV", "history": "History (CSV)", "json": "JSON"}


@dataclass(frozen=True)
class TableOnPage:
    """One table of the export: its words, how many records it has, and (format, file) of each."""

    told: object
    records: int
    files: list


def write_pages(place, about, told, pieces):
    """Write index.html, columns.html, columns.csv and patients.html to a Folder. `pieces` are those
    of the tables."""
    write_columns(place)
    tables = tables_of_columns()
    place.writestr(
        "columns.html",
        _page(
            "columns.html",
            about=about,
            groups=groups_of(tables),
            of_records=columns_of_every_record(),
            of_histories=columns_of_every_history(),
        ),
    )
    standing, ended = _write_patients(place, about)
    context = {
        "about": about,
        "begun": moment_and_zone(datetime.fromisoformat(about["started_at"])),
        "finished": moment_and_zone(timezone.now()),
        "time_zone": settings.TIME_ZONE,
        "currency": ClinicSettings.objects.current().currency,
        "told": told,
        "standing": standing,
        "ended": ended,
        "groups": _with_files(groups_of(tables), pieces),
        "left_out": left_out(),
        "has_files": any(
            name.startswith(FILES) for piece in pieces for name, *_rest in piece.files
        ),
    }
    place.writestr("index.html", _page("index.html", **context))


def left_out():
    """Return (what, why) of what is in no table, each once."""
    return list(dict.fromkeys(LEFT_OUT.values()))


def _with_files(groups, pieces):
    written = {piece.key: piece for piece in pieces}
    return [
        (group, [_on_page(table, written[table.name]) for table in tables])
        for group, tables in groups
    ]


def _on_page(table, piece):
    files = {name.split("/")[1]: name for name, _size, _digest in piece.files}
    found = [(words, files[key]) for key, words in FORMATS.items() if key in files]
    return TableOnPage(table, piece.records, found)


# Patients


def _write_patients(place, about):
    """Write patients.html; return how many have a folder, and how many more are patients no
    longer."""
    written = Patient._base_manager.filter(merged_into=None)
    is_ended = Q(entered_in_error_at__isnull=False) | Q(erased_at__isnull=False)
    standing, ended = written.exclude(is_ended), written.filter(is_ended)
    page = _page("patients.html", about=about, here=HERE, has_ended=ended.exists())
    head, *between, foot = page.split(HERE)
    with place.open("patients.html") as file:
        file.write(head.encode())
        counts = [_write_lines(file, place.root, standing.order_by("sort_name", "pk")), 0]
        for text in between:
            file.write(text.encode())
            named = ended.order_by("family_name", "given_name", "pk")
            counts[1] = _write_lines(file, place.root, named)
        file.write(foot.encode())
    return counts


def _write_lines(file, root, patients):
    """Write a row for each of these patients who has a folder; return how many."""
    count = 0
    for patient in patients.select_related("entered_in_error_by").iterator(AT_ONCE):
        number = patient.record_number
        if (root / "patients" / number).is_dir():
            count += 1
            line = format_html(
                '<tr><th scope="row" class="whole"><a href="patients/{0}/person.html">{0}</a></th>'
                '<td><bdi>{1}</bdi>{2}</td><td class="whole">{3}</td></tr>\n',
                number,
                patient.full_name,
                _mark(patient),
                day_in_words(patient.date_of_birth),
            )
            file.write(line.encode())
    return count


def _mark(patient):
    """Return why somebody is no patient any more, "" for whoever is."""
    if patient.erased_at:
        words = _("Their data were erased on %(day)s.")
        why = words % {"day": day_in_words(timezone.localdate(patient.erased_at))}
    elif patient.entered_in_error_at:
        words = _("Entered in error, says %(who)s on %(day)s: %(why)s")
        why = words % {
            "who": name_of(patient.entered_in_error_by),
            "day": day_in_words(timezone.localdate(patient.entered_in_error_at)),
            "why": patient.entered_in_error_reason,
        }
    else:
        return ""
    return format_html('<p class="mark"><bdi>{}</bdi></p>', why)


def _page(name, **context):
    return render_to_string(f"documents/clinic/{name}", context)
