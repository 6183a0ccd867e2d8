"""What is measured: each page here and the pages of the stock admin that tell the same."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils import timezone

from consultations.models import Patient, TreatmentPlan
from consultations.permissions import CLINICIAN, MANAGER
from consultations.vocabulary import Area, Isotretinoin, Outcome, PlanStatus, SessionStatus

from .measure import OPENED, SAVED
from .records import full_day
from .writer import RARE_FAMILY_NAME

A_PAGE = 50


@dataclass(frozen=True)
class Page:
    """One line of the table; several addresses are read one after the other. Where a stock admin
    has nothing of the kind, `stock` is empty; a form is posted, and answered with `status`."""

    name: str
    ours: tuple[str, ...]
    stock: tuple[str, ...] = ()
    form: dict = field(default_factory=dict)
    status: int = OPENED
    role: str = CLINICIAN


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
    yield from today()
    yield diary()
    yield chart()
    yield visit()
    yield from finding()
    yield opening()
    yield judging()
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
        ("treatmentsession", f"area={area}", f"plan__assessment__area={area}"),
        ("treatmentsession", "signed=no", "signed_at__isnull=True"),
    ]
    for model, ours, stock in chosen:
        yield Page(f"{model}s, {ours}", *addresses(model, f"?{ours}", f"?{stock}"))


def today():
    """A stock admin tells what is to be done on nine filtered lists."""
    day = timezone.localdate().isoformat()
    lists = [
        ("appointment", f"status=booked&starts_at__date={day}"),
        ("appointment", f"status=booked&starts_at__date__lt={day}"),
        ("treatmentsession", f"status=done&signed_at__isnull=True&day__lte={day}"),
        ("consultation", "signed_at__isnull=True"),
        ("treatmentplan", f"status=active&next_due_on__lt={day}"),
        ("surgicalreferral", "status=to_send"),
        ("surgicalreferral", "status=sent"),
        ("adverseevent", "resolved_on__isnull=True"),
        ("followup", f"done_on__isnull=True&due_on__lte={day}"),
    ]
    stock = tuple(addresses(model, stock=f"?{query}")[1][0] for model, query in lists)
    ours = (reverse("admin:index"),)
    yield Page("today (stock: nine lists)", ours, stock)
    yield Page("today with figures, manager", ours, role=MANAGER)


def diary():
    """A day of 12 practitioners and 200 appointments, beside our own list of patients."""
    url = reverse("admin:consultations_diary")
    ours = (f"{url}?day={full_day().isoformat()}&by=practitioner",)
    return Page("diary, 200 a day (stock: our patients)", ours, addresses("patient")[0])


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


def visit():
    """Of a patient in the middle of a course."""
    courses = TreatmentPlan.objects.filter(status=PlanStatus.ACTIVE)
    plan = courses.filter(sessions__status=SessionStatus.DONE).order_by("pk").first()
    patient = (plan or TreatmentPlan.objects.order_by("pk").first()).patient
    return Page("visit", (reverse("admin:consultations_patient_visit", args=[patient.pk]),))


def finding():
    url = reverse("admin:consultations_patient_find")
    for name, word in {"rare name": RARE_FAMILY_NAME[:4], "common name": "ma"}.items():
        yield Page(f"find, {name}", (f"{url}?q={word}",))


def opening():
    """The form of a new consultation; a stock one lists every patient in a drop-down."""
    patient = Patient.objects.order_by("pk").first()
    url = reverse("admin:consultations_consultation_add")
    stock = reverse("stock:consultations_consultation_add")
    return Page("open a consultation form", (f"{url}?patient={patient.pk}",), (stock,))


def judging():
    """The verdict on a consultation of two areas while it is typed."""
    url = reverse("admin:consultations_consultation_verdict")
    return Page("live verdict", (url,), form=consultation_form())


def recording():
    """The same consultation, saved."""
    end = "consultations_consultation_add"
    ours, stock = (reverse(f"{site}:{end}") for site in ("admin", "stock"))
    form = consultation_form()
    return Page("record a consultation", (ours,), (stock,), form=form, status=SAVED)


def consultation_form():
    """A consultation of two areas, as the form posts it."""
    patient = Patient.objects.order_by("pk").first()
    day = timezone.localdate().isoformat()
    return {
        "patient": patient.pk,
        "clinician": patient.created_by_id,
        "consulted_on": day,
        "consulted_on_0": day,
        "concern": "Looser than last year.",
        "isotretinoin": Isotretinoin.NEVER.value,
        "pregnant": "false",
        "assessments-TOTAL_FORMS": 2,
        "assessments-INITIAL_FORMS": 0,
        "assessments-0-area": Area.FACE.value,
        "assessments-0-severity": "mild",
        "assessments-0-infection": "false",
        "assessments-1-area": Area.NECK.value,
        "assessments-1-severity": "moderate",
        "assessments-1-infection": "false",
    }
