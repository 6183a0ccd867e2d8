"""A clinic whose name and contacts stand on what it prints."""

import pytest

from tests.factories import ClinicSettingsFactory


@pytest.fixture
def clinic(clinician):
    return ClinicSettingsFactory(
        by=clinician,
        name="Linden Clinic",
        address="1 High Street\nLondon N1 1AA",
        phone="020 7946 0100",
        registration="Registered no. 123456",
        signature_block="Consultant dermatologist",
    )
