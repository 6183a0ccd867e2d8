import pytest
from tests.factories import *
from .browsing import *
pytestmark = pytest.mark.django_db
@pytest.mark.parametrize("where", ["new", "old"])
def test_dbg(clinician, where):
    b = Browser(clinician)
    patient = PatientFactory()
    url = add_url("consultation", patient=patient.pk) if where=="new" else change_url(ConsultationFactory(patient=patient))
    data = b.open(url).form
    data = add_row(data, "assessments", area="face", severity="mild")
    data = add_row(data, "assessments", area="neck", severity="mild")
    page = b.post(url, data)
    print(page.path, page.messages, page.errors)
    assert page.messages
def test_laser(manager):
    b = Browser(manager)
    url = add_url("laser")
    data = b.open(url).form | {"name": "X"}
    for n in "ab":
        data = add_row(data, "modes", name=n, laser_type="non_ablative", pulse="long", wavelength_nm=1064)
    page = b.post(url, data)
    print(page.path, page.messages, page.errors)
    assert page.messages
