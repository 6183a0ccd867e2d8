"""Scripts typed into a record do nothing in a browser, whichever page or script shows them."""

import pytest

from tests.admin.browsing import change_url, list_url, page_url
from tests.factories import UserFactory
from tests.sweeps.world import make_world
from tests.trust.payloads import MARK, SCRIPT

ALL = " ".join(SCRIPT.values())
SHORT = f'"><img src=x onerror={MARK}()><b>'
TYPED = {
    "patient": ("allergies", "medicines", "guardian"),
    "consultation": ("concern", "notes", "chaperone"),
    "treatmentplan": ("extension_reason",),
    "treatmentsession": ("notes", "reaction", "endpoint"),
    "surgicalreferral": ("surgeon", "notes"),
    "adverseevent": ("action_taken",),
}
LISTS = ("patient", "treatmentsession", "consultation", "adverseevent", "consent")


@pytest.fixture
def hostile(screen_of, db):
    """Every text of a world is a payload, its patient's name and allergies included."""
    by = UserFactory(username="colleague", first_name=SHORT)
    world = make_world(by, family_name=f"Aa {SHORT}", given_name=f"<svg onload={MARK}()>")
    for model, names in TYPED.items():
        record = world.records[model]
        record.refresh_from_db()
        for name in names:
            most = record._meta.get_field(name).max_length or len(ALL)
            setattr(record, name, ALL if most > len(ALL) else SHORT)
        record.save(by=by)
    return world


def test_nothing_that_was_typed_runs(screen_of, hostile, admin):
    screen = screen_of(admin)
    screen.page.add_init_script(f"window.{MARK} = () => {{ window.hurt = true; }};")
    records = [hostile.records[name] for name in ("patient", "treatmentplan", "treatmentsession")]
    urls = [page_url(hostile.patient, page) for page in ("chart", "visit", "photos", "history")]
    urls += [change_url(one) for one in (*records, hostile.consultation, hostile.followup)]
    urls += [list_url(model) for model in LISTS]
    for url in [*urls, "/admin/"]:
        screen.open(url)
        screen.page.wait_for_load_state("load")
        assert screen.page.evaluate("window.hurt === undefined"), url


def test_names_found_while_typing_run_nothing(screen_of, hostile, admin):
    screen = screen_of(admin).open("/admin/")
    # Void, because a value that is a function is called by whoever evaluates it.
    screen.page.evaluate(f"void (window.{MARK} = () => {{ window.hurt = true; }})")
    screen.page.locator("#find").press_sequentially("aa")
    found = screen.page.locator("#find-results [role=option]").first
    found.wait_for()
    assert SHORT in found.inner_text()
    assert screen.page.evaluate("window.hurt === undefined")
