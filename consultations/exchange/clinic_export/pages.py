"""The pages of a clinic's export, which open from disk: what is where, and a list of patients."""

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html

from consultations.models import Patient

from .tables import left_out

HERE = "<!-- patients -->"  # splits the page in two, around the patients
AT_ONCE = 500


def write_pages(place, about, told, tables):
    """Write index.html and patients.html to a Folder."""
    context = {
        "about": about,
        "told": told,
        "tables": tables,
        "left_out": left_out(),
        "finished_at": timezone.localtime(),
    }
    place.writestr("index.html", _page("index.html", **context))
    head, foot = _page("patients.html", about=about, here=HERE).split(HERE)
    with place.open("patients.html") as file:
        file.write(head.encode())
        for line in _lines(place.root):
            file.write(line.encode())
        file.write(foot.encode())


def _lines(root):
    """Yield a row for each patient who has a folder, by name."""
    patients = Patient._base_manager.filter(merged_into=None).order_by("sort_name", "pk")
    for patient in patients.iterator(AT_ONCE):
        number = patient.record_number
        if (root / "patients" / number).is_dir():
            yield format_html(
                '<tr><th scope="row"><a href="patients/{0}/person.html">{0}</a></th>'
                "<td><bdi>{1}</bdi></td><td>{2}</td></tr>\n",
                number,
                patient.full_name,
                patient.date_of_birth.isoformat(),
            )


def _page(name, **context):
    return render_to_string(f"documents/clinic/{name}", context)
