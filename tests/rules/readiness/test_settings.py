"""Settings inside the mode's range, near last time's, and gentle on the neck."""

from decimal import Decimal

import pytest

from consultations.rules.readiness.settings import (
    SETTINGS,
    is_outside,
    jump,
    looks_like_wrong_unit,
    neck_energy,
    outside,
    plain,
    with_unit,
)
from consultations.vocabulary import Area

from ..builders import AB, AF, BLOCK, CAUTION, EVERY, NA, NF, facts, laser, messages, said, session

TEN_TO_TWENTY = (Decimal("10"), Decimal("20"))
NECK = facts(area=Area.NECK)


def set_to(value, envelope=TEN_TO_TWENTY, name="fluence_j_cm2"):
    """A session with one setting, on a laser with one range."""
    value = None if value is None else Decimal(value)
    return session(laser=laser(envelope={name: envelope}), settings={name: value})


def raised(value, last, name="fluence_j_cm2"):
    return session(settings={name: Decimal(value)}, last_settings={name: Decimal(last)})


@pytest.mark.parametrize("value", [None, "10", "10.00", "15", "20", "20.0"])
def test_outside_silent_within_the_range_or_blank(value):
    assert outside(set_to(value)) == []


@pytest.mark.parametrize(
    ("value", "envelope"),
    [
        ("0.1", (None, Decimal("20"))),
        ("2000", (Decimal("10"), None)),
        ("2000", (None, None)),
    ],
)
def test_outside_silent_beyond_an_open_end(value, envelope):
    assert outside(set_to(value, envelope)) == []


def test_outside_silent_without_a_laser_or_a_range():
    settings = {"fluence_j_cm2": Decimal("1000")}
    assert outside(session(settings=settings)) == []
    assert outside(session(settings=settings, laser=laser())) == []
    assert outside(session(laser=laser(envelope={"fluence_j_cm2": TEN_TO_TWENTY}))) == []


@pytest.mark.parametrize("value", ["9.9", "20.1", "0", "2000"])
def test_outside_blocks_beyond_the_range(value):
    findings = outside(set_to(value))
    assert said(findings) == [("settings.outside", BLOCK, EVERY, None)]
    assert findings[0].subject == "fluence_j_cm2"


@pytest.mark.parametrize(
    ("value", "envelope", "sentence"),
    [
        (
            "25.50",
            TEN_TO_TWENTY,
            "Fluence 25.5 J/cm² is outside this mode's range, 10 to 20.",
        ),
        (
            "25",
            (None, Decimal("20.00")),
            "Fluence 25 J/cm² is outside this mode's range, any to 20.",
        ),
        (
            "5",
            (Decimal("10"), None),
            "Fluence 5 J/cm² is outside this mode's range, 10 to any.",
        ),
    ],
)
def test_outside_names_the_value_and_the_range(value, envelope, sentence):
    assert messages(outside(set_to(value, envelope))) == [sentence]


AS_SAID = {
    "fluence_j_cm2": "Fluence 25 J/cm²",
    "pulse_energy_mj": "Pulse energy 25 mJ",
    "power_w": "Power 25 W",
    "pulse_duration_us": "Pulse duration 25 µs",
    "spot_size_mm": "Spot size 25 mm",
    "density_percent": "Density 25 %",
    "passes": "Passes 25",
    "repetition_rate_hz": "Repetition rate 25 Hz",
}


def test_with_unit_says_every_setting_as_people_do():
    assert {name: with_unit(name, Decimal("25.0")) for name in SETTINGS} == AS_SAID


@pytest.mark.parametrize("name", SETTINGS)
def test_outside_knows_every_setting(name):
    findings = outside(set_to("25", name=name))
    assert messages(findings) == [f"{AS_SAID[name]} is outside this mode's range, 10 to 20."]
    assert findings[0].subject == name


def test_outside_judges_each_setting():
    settings = {"fluence_j_cm2": Decimal("1"), "power_w": Decimal("15"), "passes": Decimal("30")}
    envelope = dict.fromkeys(settings, TEN_TO_TWENTY)
    findings = outside(session(laser=laser(envelope=envelope), settings=settings))
    assert [finding.subject for finding in findings] == ["fluence_j_cm2", "passes"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [("9.99", True), ("10", False), ("15", False), ("20", False), ("20.01", True)],
)
def test_is_outside_beyond_either_end(value, expected):
    assert is_outside(Decimal(value), TEN_TO_TWENTY) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0", True),
        ("0.99", True),
        ("1", True),
        ("1.01", False),
        ("15", False),
        ("199.99", False),
        ("200", True),
        ("200.01", True),
    ],
)
def test_wrong_unit_from_exactly_ten_times_outside(value, expected):
    assert looks_like_wrong_unit(Decimal(value), TEN_TO_TWENTY) is expected


@pytest.mark.parametrize("envelope", [(None, None), (None, Decimal("900")), (Decimal("0"), None)])
def test_wrong_unit_never_beyond_an_open_end(envelope):
    assert looks_like_wrong_unit(Decimal("500"), envelope) is False
    assert looks_like_wrong_unit(Decimal("0.001"), envelope) is False


@pytest.mark.parametrize(
    "envelope",
    [(Decimal("0"), Decimal("20")), (Decimal("0"), None), (None, Decimal("0"))],
)
def test_wrong_unit_never_within_a_range_that_ends_at_zero(envelope):
    assert looks_like_wrong_unit(Decimal("0"), envelope) is False


JUDGED = ["fluence_j_cm2", "pulse_energy_mj", "density_percent"]


@pytest.mark.parametrize("name", JUDGED)
@pytest.mark.parametrize("value", ["0", "5", "10", "11.99", "12", "12.00"])
def test_jump_silent_up_to_a_fifth(name, value):
    assert jump(raised(value, "10", name)) == []


@pytest.mark.parametrize("name", sorted(set(SETTINGS) - set(JUDGED)))
def test_jump_silent_on_other_settings(name):
    assert jump(raised("100", "10", name)) == []


@pytest.mark.parametrize("blank", [{}, {"fluence_j_cm2": None}])
def test_jump_silent_without_both_values(blank):
    given = {"fluence_j_cm2": Decimal("10")}
    assert jump(session(settings=blank, last_settings=given)) == []
    assert jump(session(settings=given, last_settings=blank)) == []


@pytest.mark.parametrize("name", JUDGED)
@pytest.mark.parametrize("value", ["12.01", "13", "25", "100"])
def test_jump_cautions_above_a_fifth(name, value):
    findings = jump(raised(value, "10.00", name))
    assert said(findings) == [("settings.jump", CAUTION, EVERY, None)]
    assert findings[0].subject == name


@pytest.mark.parametrize("name", JUDGED)
def test_jump_names_the_value_and_the_last(name):
    assert messages(jump(raised("25", "10.00", name))) == [
        f"{AS_SAID[name]} is more than 20 % above last time (10)."
    ]


ENERGETIC = {"pulse_energy_mj": Decimal("30"), "density_percent": Decimal("30")}


@pytest.mark.parametrize("area", [Area.FACE, Area.STOMACH, Area.ARMS, Area.LEGS])
def test_neck_energy_silent_off_the_neck(area):
    assert neck_energy(session(facts(area=area), laser_type=AF, settings=ENERGETIC)) == []


@pytest.mark.parametrize("laser_type", [NA, NF, AB])
def test_neck_energy_silent_for_other_lasers(laser_type):
    assert neck_energy(session(NECK, laser_type=laser_type, settings=ENERGETIC)) == []


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"pulse_energy_mj": None, "density_percent": None},
        {"pulse_energy_mj": Decimal("19.9"), "density_percent": Decimal("24.9")},
        {"fluence_j_cm2": Decimal("100")},
    ],
)
def test_neck_energy_silent_below_both_limits(given):
    assert neck_energy(session(NECK, laser_type=AF, settings=given)) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("pulse_energy_mj", "20", "Pulse energy 20 mJ: on the neck this has left scars."),
        ("pulse_energy_mj", "20.1", "Pulse energy 20.1 mJ: on the neck this has left scars."),
        ("density_percent", "25", "Density 25 %: on the neck this has left scars."),
        ("density_percent", "25.1", "Density 25.1 %: on the neck this has left scars."),
    ],
)
def test_neck_energy_cautions_from_either_limit(name, value, sentence):
    findings = neck_energy(session(NECK, laser_type=AF, settings={name: Decimal(value)}))
    assert said(findings) == [("neck.energy", CAUTION, EVERY, None)]
    assert messages(findings) == [sentence]
    assert findings[0].subject == name


def test_neck_energy_names_both_settings():
    findings = neck_energy(session(NECK, laser_type=AF, settings=ENERGETIC))
    assert [finding.subject for finding in findings] == ["pulse_energy_mj", "density_percent"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "any"),
        (Decimal("12.50"), "12.5"),
        (Decimal("100"), "100"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.000"), "0"),
        (Decimal("0.05"), "0.05"),
    ],
)
def test_plain_writes_numbers_as_people_do(value, text):
    assert plain(value) == text
