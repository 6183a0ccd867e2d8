"""Phones of the whole world: as dialled at home and as dialled from abroad they are one number."""

import re

import phonenumbers
import pytest
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from consultations.models.phone import asked_as, countries, kept_as

ABROAD = (PhoneNumberFormat.E164, PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.RFC3966)
KINDS = (PhoneNumberType.FIXED_LINE, PhoneNumberType.MOBILE)
# Tristan da Cunha: phonenumbers knows of no mobiles there.
WITHOUT_MOBILES = {"TA"}


def examples(region):
    """Pairs of the ways to write one number: as dialled at home, and from abroad."""
    numbers = [phonenumbers.example_number_for_type(region, kind) for kind in KINDS]
    for number in filter(None, numbers):
        home = phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL)
        abroad = [phonenumbers.format_number(number, one) for one in ABROAD]
        national = phonenumbers.national_significant_number(number)
        prefix = phonenumbers.ndd_prefix_for_region(region, True) or ""
        for full in (*abroad, abroad[0].replace("+", "00")):
            yield from ((one, full) for one in (home, national, prefix + national))


def is_found(stored, typed, country="GB"):
    kept, asked = kept_as(stored), asked_as(typed, lambda: country)
    return any(one in form for one in asked for form in kept)


def test_every_region_is_found_both_ways():
    regions = sorted(phonenumbers.SUPPORTED_REGIONS)
    lost = {
        (region, stored, typed)
        for region in regions
        for pair in examples(region)
        for stored, typed in (pair, pair[::-1])
        if not is_found(stored, typed)
    }
    without = {
        region
        for region in regions
        for kind in KINDS
        if phonenumbers.example_number_for_type(region, kind) is None
    }
    assert [len(regions), lost, without] == [245, set(), WITHOUT_MOBILES]


@pytest.mark.parametrize("country", ["AR", "RU", "US"])
def test_where_the_clinic_is_loses_no_number(country):
    pairs = [pair for region in ("AR", "BE", "GB", "HU", "IT", "SG") for pair in examples(region)]
    lost = {
        pair for one in pairs for pair in (one, one[::-1]) if not is_found(*pair, country=country)
    }
    assert lost == set()


@pytest.mark.parametrize(
    ("stored", "forms"),
    [
        ("020 7946 0958", {"02079460958"}),
        ("020 7946 0958 (mum)", {"02079460958"}),
        ("+44 20 7946 0958", {"442079460958", "2079460958", "02079460958"}),
        ("+44 (0)20 7946 0958", {"4402079460958", "2079460958", "02079460958"}),
        ("+44 20 7946 0958 (mum)", {"442079460958", "2079460958", "02079460958"}),
        ("0044 20 7946 0958", {"00442079460958", "2079460958", "02079460958"}),
        ("+44 20 7946 0958 x12", {"44207946095812", "2079460958", "02079460958"}),
        ("+٤٤ 20 7946 0958", {"442079460958", "2079460958", "02079460958"}),
        ("+999 12345", {"99912345"}),
        ("12", set()),
        ("+", set()),
    ],
)
def test_forms_that_are_kept(stored, forms):
    assert kept_as(stored) == forms


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("+44 20 7946 0958", {"2079460958"}),
        ("020 7946 0958", {"2079460958"}),
        ("07946", {"07946"}),
        ("+54 9 11 2345 6789", {"91123456789", "0111523456789"}),
        ("9" * 300, {"9" * 300}),
        ("+" * 300 + "1234", {"1234"}),
    ],
)
def test_forms_that_are_asked_for(typed, asked):
    assert asked_as(typed, lambda: "GB") == asked


def test_country_is_asked_for_only_where_it_is_needed():
    def country():
        raise AssertionError("asked")

    assert [asked_as(one, country) for one in ("+44 20 7946 0958", "0958")] == [
        {"2079460958"},
        {"0958"},
    ]


def test_countries_to_choose_from():
    names = [name for _code, name in countries()]
    assert [len(names), dict(countries())["GB"]] == [245, "United Kingdom (+44)"]
    assert names[:4] == [
        *("Afghanistan (+93)", "Åland Islands (+358)", "Albania (+355)", "Algeria (+213)"),
    ]
    assert not [name for name in names if not re.match(r"[A-ZÅ]\S.{2,} \(\+\d+\)", name)]
