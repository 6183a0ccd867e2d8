"""What is measured: each page here and the pages of the stock admin that tell the same."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from consultations.models import Patient, TreatmentPlan
from consultations.vocabulary import Area, Isotretinoin, Outcome, PlanStatus, SessionStatus

from .records import RARE_FAMILY_NAME

A_PAGE = 50


@dataclass(frozen=True)
class Page:
    """One line of the table; several addresses are read one after the other."""

    name: str
    ours: tuple[str, ...]
    stock: tuple[str, ...]
    form: dict = field(default_factory=dict)


def addresses(model, ours="", stock=""):
    """The list of a model on both sites, each with its own query."""
    end = f"consultations_{model}_changelist"
    return (f"{reverse(f'admin:{end}')}{ours}",), (f"{reverse(f'stock:{end}')}{stock}",)


def pages(patients):
    yield Page("patients", *addresses("patient"))
    deep = f"?p={min(100, 1 + patients // A_PAGE // 2)}"
    for model in ("patient", "treatmentsession"):
        yield Page(f"{model}s, deep page", *addresses(model, deep, deep))
    yield from lists()
    yield from searches()
    yield from filters()
    yield chart()
    yield opening()
    yield recording()


def lists():
    for model in ("consultation", "areaassessment", "surgicalreferral", "treatmentplan"):
        yield Page(f"{model}s", *addresses(model))
    yield Page("treatmentsessions", *addresses("treatmentsession"))


def searches():
    someone = Patient.objects.order_by("-pk").first()
    words = {
        "rare name": RARE_FAMILY_NAME,
        "common name": "ma",
        "phone": someone.phone[-7:],
        "birth date": someone.date_of_birth.isoformat(),
        "no hit": "qqqqq",
    }
    for name, word in words.items():
        yield Page(f"search, {name}", *addresses("patient", f"?q={word}", f"?q={word}"))
    for name in ("rare name", "common name"):
        query = f"?q={words[name]}"
        yield Page(f"sessions, {name}", *addresses("treatmentsession", query, query))


def filters():
    today = timezone.localdate().isoformat()
    outcome, area = Outcome.HOLD.value, Area.LEGS.value
    chosen = [
        ("consultation", f"outcome={outcome}", f"assessments__effective_outcome={outcome}"),
        ("consultation", "severity=severe", "assessments__severity=severe"),
        ("consultation", f"area={area}", f"assessments__area={area}"),
        ("consultation", "signed=no", "signed_at__isnull=True"),
        ("areaassessment", f"outcome={outcome}", f"effective_outcome={outcome}"),
        ("areaassessment", "severity=severe", "severity=severe"),
        ("areaassessment", f"area={area}", f"area={area}"),
        ("surgicalreferral", "status=to_send", "status=to_send"),
        ("treatmentplan", f"status={PlanStatus.PAUSED}", f"status={PlanStatus.PAUSED}"),
        ("treatmentplan", f"area={area}", f"assessment__area={area}"),
        ("treatmentplan", "due=overdue", f"status=active&next_due_on__lt={today}"),
        ("treatmentsession", f"status={SessionStatus.MISSED}", f"status={SessionStatus.MISSED}"),
        ("treatmentsession", f"area={area}", f"plan__assessment__area={area}"),
        ("treatmentsession", "signed=no", "signed_at__isnull=True"),
    ]
    for model, ours, stock in chosen:
        yield Page(f"{model}s, {ours}", *addresses(model, f"?{ours}", f"?{stock}"))


def chart():
    """A stock admin tells a patient's story on six pages, each searched for the patient."""
    plan = TreatmentPlan.objects.filter(sessions__status=SessionStatus.DONE).order_by("pk").first()
    patient = plan.patient
    told_by = ("consultation", "areaassessment", "surgicalreferral", "treatmentplan")
    stock = [
        addresses(model, stock=f"?q={patient.record_number}")[1][0]
        for model in (*told_by, "treatmentsession")
    ]
    stock.append(reverse("stock:consultations_patient_change", args=[patient.pk]))
    ours = reverse("admin:consultations_patient_chart", args=[patient.pk])
    return Page("chart (stock: six pages)", (ours,), tuple(stock))


def opening():
    """The form of a new consultation; a stock one lists every patient in a drop-down."""
    patient = Patient.objects.order_by("pk").first()
    url = reverse("admin:consultations_consultation_add")
    stock = reverse("stock:consultations_consultation_add")
    return Page("open a consultation form", (f"{url}?patient={patient.pk}",), (stock,))


def recording():
    """A consultation of two areas, posted as the form would."""
    patient = Patient.objects.order_by("pk").first()
    day = timezone.localdate().isoformat()
    form = {
        "patient": patient.pk,
        "clinician": patient.created_by_id,
        "consulted_on": day,
        "consulted_on_0": day,
        "concern": "Looser than last year.",
        "isotretinoin": Isotretinoin.NEVER.value,
        "pregnant_or_breastfeeding": "false",
        "assessments-TOTAL_FORMS": 2,
        "assessments-INITIAL_FORMS": 0,
        "assessments-0-area": Area.FACE.value,
        "assessments-0-severity": "mild",
        "assessments-0-infection": "false",
        "assessments-1-area": Area.NECK.value,
        "assessments-1-severity": "moderate",
        "assessments-1-infection": "false",
    }
    end = "consultations_consultation_add"
    return Page(
        "record a consultation",
        (reverse(f"admin:{end}"),),
        (reverse(f"stock:{end}"),),
        form,
    )
