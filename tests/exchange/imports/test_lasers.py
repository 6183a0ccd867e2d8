"""Lasers come in with a row for each of their modes."""

import pytest

from consultations.models import Laser, LaserMode
from tests.factories import LaserFactory

from .files import checked, problems, saved, table

pytestmark = pytest.mark.django_db
MODE = {
    "laser": "X1",
    "mode": "A",
    "laser_type": "non_ablative_fractional",
    "wavelength_nm": "1540",
    "pulse": "long",
}


@pytest.mark.parametrize("at_once", [1, 500])
def test_the_rows_of_a_laser_tell_it_together(monkeypatch, at_once):
    monkeypatch.setattr("consultations.exchange.imports.checking.AT_ONCE", at_once)
    text = table(MODE | {"manufacturer": ""}, MODE | {"mode": "B", "manufacturer": "Example"})
    saved(text, "lasers.csv")
    assert Laser.objects.get().manufacturer == "Example"
    assert [*LaserMode.objects.order_by("name").values_list("name", flat=True)] == ["A", "B"]


def test_a_row_that_says_otherwise_of_its_laser_is_refused():
    LaserFactory(name="X2", serial_number="7")
    rows = [
        MODE | {"manufacturer": "Example", "serial_number": "1"},
        MODE | {"mode": "B", "manufacturer": "Other", "serial_number": "1"},
        MODE | {"mode": "C", "serial_number": ""},
        MODE | {"laser": "X2", "serial_number": ""},
    ]
    half = "Give the serial number in all rows of this laser, or in none."
    assert problems(checked(table(*rows), "lasers.csv")) == [
        (3, "manufacturer", "Row 2 says otherwise, and both are of one record."),
        (4, "serial_number", half),
        (5, "serial_number", half),
    ]
