"""How pages grow with the clinic: those that ask most, measured at several sizes in one run."""

import json
from math import log

from django.urls import reverse
from django.utils import timezone

from consultations.models import Patient
from consultations.permissions import CLINICIAN, MANAGER, PRACTITIONER, RECEPTION
from consultations.vocabulary import Area, Outcome

from .pages import Page

SIZES = (10_000, 1_000_000)
FILTERS = (
    ("treatmentplan", "due=overdue"),
    ("treatmentplan", f"area={Area.LEGS.value}"),
    ("treatmentsession", "signed=no"),
    ("treatmentsession", "signed=mine"),
    ("treatmentsession", "signed=late"),
    ("treatmentsession", f"area={Area.LEGS.value}"),
    ("consultation", "signed=no"),
    ("consultation", f"outcome={Outcome.HOLD.value}"),
    ("surgicalreferral", "status=to_send"),
    ("adverseevent", "state=open"),
    ("followup", "state=due"),
    ("patient", "q=ma"),
    ("patient", "q=ma+an"),
    ("treatmentsession", "q=ma"),
)


def growing_pages(clinician):
    """Today of each role, every question to the audit, filters, searches, and saving a draft."""
    for role in (RECEPTION, PRACTITIONER, CLINICIAN, MANAGER):
        yield Page(f"today, {role.lower()}", (reverse("admin:index"),), role=role)
    patient, today = Patient.objects.order_by("pk").first(), timezone.localdate().isoformat()
    questions = {
        "everything": "",
        "one patient": f"?patient={patient.pk}",
        "by one person": f"?user={clinician.pk}",
        "created": "?kind=created",
        "changed": "?kind=changed",
        "opened": "?kind=opened",
        "today": f"?since={today}&until={today}",
    }
    for name, query in questions.items():
        url = f"{reverse('admin:consultations_audit')}{query}"
        yield Page(f"audit, {name}", (url,), role=MANAGER)
    for model, query in FILTERS:
        role = MANAGER if query == "signed=late" else CLINICIAN
        url = reverse(f"admin:consultations_{model}_changelist")
        yield Page(f"{model}s, {query}", (f"{url}?{query}",), role=role)
    yield draft(patient)


def draft(patient):
    form = f"{reverse('admin:consultations_consultation_add')}?patient={patient.pk}"
    values = json.dumps({"concern": "Looser than last year."})
    typed = {"form": form, "title": "New consultation", "values": values}
    return Page("save a draft", (reverse("admin:consultations_draft"),), form=typed)


def growth_table(measured):
    """Milliseconds of each page by the number of patients, and how it grew from the first to the
    last: as a ratio, and as the exponent of the number of patients."""
    sizes, lines = list(measured), zip(*measured.values(), strict=True)
    rows = [[line.ours.milliseconds for line in page] for page in lines]
    names = [line.page for line in measured[sizes[0]]]
    width = max(map(len, names))
    heads = "".join(f"  {size:>11,}" for size in sizes)
    head = f"{'milliseconds at patients':{width}}{heads}   ratio  exponent"
    times = log(sizes[-1] / sizes[0])
    return "\n".join([head, *(_row(*row, times, width) for row in zip(names, rows, strict=True))])


def _row(name, costs, times, width):
    ratio = costs[-1] / costs[0]
    exponent = log(ratio) / times if times else 0
    return (
        f"{name:{width}}{''.join(f'  {one:11.1f}' for one in costs)}  {ratio:6.2f}  {exponent:8.2f}"
    )
