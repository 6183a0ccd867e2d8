"""The demo clinic's lasers, the range of each mode, its settings, and the safety file.

Ranges follow the clinical reference, section 3.2.
"""

from datetime import timedelta
from decimal import Decimal

from consultations.models import AuthorisedUser, Laser, LaserMode, LaserService
from consultations.vocabulary import Area, Cooling, LaserType, Pulse

NA = LaserType.NON_ABLATIVE
NF = LaserType.NON_ABLATIVE_FRACTIONAL
AF = LaserType.ABLATIVE_FRACTIONAL
AB = LaserType.ABLATIVE_FULL


def mode(name, laser_type, wavelength_nm, pulse, **ranges):
    """A mode's fields; each range is a pair of lowest and highest."""
    fields = {"name": name, "laser_type": laser_type, "wavelength_nm": wavelength_nm}
    for setting, (low, high) in ranges.items():
        fields |= {f"{setting}_min": Decimal(str(low)), f"{setting}_max": Decimal(str(high))}
    return fields | {"pulse": pulse}


# Name, serial number, in how many days its service is due, in service, modes by short name.
LASERS = (
    (
        "Nd:YAG workstation",
        "DEMO-01",
        120,
        True,
        {
            "long": mode(
                "1,064 nm millisecond",
                *(NA, 1064, Pulse.LONG),
                fluence_j_cm2=(20, 70),
                pulse_duration_us=(10_000, 60_000),
                spot_size_mm=(5, 18),
                repetition_rate_hz=(0.5, 2),
            ),
            "micro": mode(
                "1,064 nm microsecond",
                *(NA, 1064, Pulse.MICROSECOND),
                fluence_j_cm2=(8, 20),
                pulse_duration_us=(300, 1000),
                spot_size_mm=(5, 8),
                repetition_rate_hz=(5, 10),
            ),
        },
    ),
    (
        "Fractional fibre laser",
        "DEMO-02",
        45,
        True,
        {
            "glass": mode(
                "1,550 nm fractional",
                *(NF, 1550, Pulse.LONG),
                pulse_energy_mj=(4, 100),
                density_percent=(5, 55),
                passes=(2, 8),
            ),
            "thulium": mode(
                "1,927 nm fractional",
                *(NF, 1927, Pulse.LONG),
                pulse_energy_mj=(5, 20),
                density_percent=(30, 55),
                passes=(4, 8),
            ),
        },
    ),
    (
        "Fractional CO2 laser",
        "DEMO-03",
        -6,
        True,
        {
            "deep": mode(
                "10,600 nm fractional, deep",
                *(AF, 10_600, Pulse.MICROSECOND),
                pulse_energy_mj=(5, 50),
                density_percent=(5, 40),
                passes=(1, 2),
            ),
            "full": mode(
                "10,600 nm full field, scanned",
                *(AB, 10_600, Pulse.CONTINUOUS),
                power_w=(10, 60),
                pulse_duration_us=(90, 1000),
                passes=(1, 3),
            ),
        },
    ),
    (
        "Picosecond alexandrite laser",
        "DEMO-04",
        200,
        True,
        {
            "pico": mode(
                "755 nm picosecond, lens array",
                *(NA, 755, Pulse.PICOSECOND),
                fluence_j_cm2=(0.2, 1.5),
                pulse_duration_us=(0.0003, 0.0009),
                spot_size_mm=(6, 10),
                repetition_rate_hz=(1, 10),
            ),
        },
    ),
    (
        "Er:YAG laser",
        "DEMO-05",
        30,
        False,
        {
            "erbium": mode(
                "2,940 nm full field",
                *(AB, 2940, Pulse.MICROSECOND),
                fluence_j_cm2=(0.5, 25),
                pulse_duration_us=(250, 10_000),
                spot_size_mm=(2, 12),
            ),
        },
    ),
)

# What a first session is set to. What rises with the sessions has the rise as its second number.
USUAL = {
    "long": {
        "fluence_j_cm2": (40, 2),
        "pulse_duration_us": (30_000, 0),
        "spot_size_mm": (12, 0),
        "repetition_rate_hz": (1, 0),
        "passes": (2, 0),
    },
    "micro": {
        "fluence_j_cm2": ("12", "0.5"),
        "pulse_duration_us": (300, 0),
        "spot_size_mm": (5, 0),
        "repetition_rate_hz": (7, 0),
        "passes": (3, 0),
    },
    "glass": {"pulse_energy_mj": (30, 4), "density_percent": (15, 1), "passes": (6, 0)},
    "thulium": {"pulse_energy_mj": (10, 1), "density_percent": (35, 2), "passes": (6, 0)},
    "deep": {"pulse_energy_mj": (14, 1), "density_percent": (10, 1), "passes": (1, 0)},
    "full": {"power_w": (18, 0), "pulse_duration_us": (396, 0), "passes": (1, 0)},
    "pico": {
        "fluence_j_cm2": ("0.64", "0.02"),
        "pulse_duration_us": ("0.00075", 0),
        "spot_size_mm": (6, 0),
        "repetition_rate_hz": (5, 0),
        "pulse_count": (5000, 0),
    },
}
MOST_RISES = 5
ADVISER = "Demo laser protection adviser"
OPERATORS = ("practitioner", "clinician")
COOLING = {NA: Cooling.CONTACT, NF: Cooling.AIR, AF: Cooling.AIR, AB: Cooling.AIR}


def usual_mode(laser_type, area):
    """The short name of the mode that the clinic takes for this laser type and area."""
    face_or_neck = area in {Area.FACE, Area.NECK}
    return {
        NA: "micro" if face_or_neck else "long",
        NF: "glass" if face_or_neck else "thulium",
        AF: "deep",
        AB: "full",
    }[laser_type]


def usual_settings(name, laser_type, number):
    """The settings of the session of that number, 1 on."""
    rises = min(number - 1, MOST_RISES)
    settings = {
        setting: Decimal(str(start)) + rises * Decimal(str(rise))
        for setting, (start, rise) in USUAL[name].items()
    }
    return settings | {"cooling": COOLING[laser_type]}


def keep_safety_file(clinic, laser):
    """Write who may use a laser, and the service after which it is due when it is."""
    common = {"laser": laser, "created_at": laser.created_at}
    for name in OPERATORS:
        AuthorisedUser(
            user=clinic.accounts[name],
            trained_on=clinic.day(890),
            authorised_by=ADVISER,
            **common,
        ).save(by=laser.created_by)
    LaserService(
        serviced_on=laser.service_due_on - timedelta(days=365),
        serviced_by="Demo service engineer",
        work="Output, aiming beam and interlock checked.",
        next_due_on=laser.service_due_on,
        **common,
    ).save(by=laser.created_by)


def keep_lasers(clinic):
    """Write the lasers and fill `clinic.modes` by short name."""
    by = clinic.accounts["manager"]
    for name, serial, due_in, in_service, modes in LASERS:
        laser = Laser(
            name=name,
            manufacturer="Demo",
            serial_number=serial,
            service_due_on=clinic.day(-due_in),
            in_service=in_service,
            protection_adviser=ADVISER,
            local_rules_reviewed_on=clinic.day(265 - due_in),
            local_rules_review_due_on=clinic.day(-100 - due_in),
            created_at=clinic.stamp(900),
        )
        laser.save(by=by)
        keep_safety_file(clinic, laser)
        for short, fields in modes.items():
            clinic.modes[short] = LaserMode(laser=laser, created_at=laser.created_at, **fields)
            clinic.modes[short].save(by=by)
