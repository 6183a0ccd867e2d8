"""How often one presses for a healthy person: a face and a neck, all answered well, signed."""

from consultations.models import Consultation
from tests.admin.browsing import page_url
from tests.factories import PatientFactory

from . import words

# What is chosen where no button answers it: the answer that a healthy person gives.
WELL = ("true", "II", "gradual", "negative")
LEFT = """part => [...part.querySelectorAll("[data-question]")].filter(one => {
    if (one.closest(".empty-form") || !one.offsetParent) return false;
    const group = one.querySelector(".segments");
    const chosen = group?.querySelector("input:checked")?.value;
    if (group) return ["", "unknown", undefined].includes(chosen);
    return !one.querySelector("input, select, textarea").value;
}).map(one => one.querySelector("[name]").name)"""


def unfold_and_answer(screen):
    """Answer every part of the form: its button first, then what the button leaves."""
    page = screen.page
    for part in page.locator("[data-questions]").all():
        if not part.is_visible():
            continue
        folded = part.locator("details:not([open]) > summary").first
        if folded.count():
            folded.click()
            screen.presses += 1
        if part.evaluate(LEFT):
            part.get_by_role("button", name=words.NO_TO_THE_REST).first.click()
            screen.presses += 1
        for name in part.evaluate(LEFT):
            answer_well(part, name)
            screen.presses += 1


def answer_well(part, name):
    fields = part.locator(f"[name='{name}']")
    if fields.first.evaluate("one => one.type") == "radio":
        offered = fields.evaluate_all("all => all.map(one => one.value)")
        part.locator(f"[name='{name}'][value='{well(offered)}']").check(force=True)
    elif fields.first.evaluate("one => one.tagName") == "SELECT":
        offered = fields.first.evaluate("one => [...one.options].map(option => option.value)")
        fields.first.select_option(value=well(offered))
    else:
        fields.first.fill("0")


def well(offered):
    return next(one for one in WELL if one in offered)


def presses(screen, patient):
    screen.open(page_url(patient, "chart"))
    screen.press(words.NEW_CONSULTATION)
    screen.fill({"Area": "Face", "Laxity": "Mild"})
    screen.press(words.ADD_AREA)
    screen.fill({"Area": "Neck", "Laxity": "Mild"}, row=1)
    unfold_and_answer(screen)
    screen.press("Save and sign")
    screen.shows_page(words.CHART.format(patient.full_name))
    return screen.presses + screen.answers


def test_healthy_person_takes_twenty_one_presses(story, clinician):
    """As many as before edition 2026.12, counted in the same way."""
    assert presses(story(clinician), PatientFactory()) == 21
    assert Consultation.objects.get().is_signed
