"""Interchange: answers of one row that can, and that cannot, stand beside each other."""

import pytest

from consultations.management.cases import read_cases
from consultations.management.cases.errors import CasesError
from consultations.management.cases.table import read_table


def refused(columns, row):
    """What is said of a row with these cells, which is otherwise good."""
    text = f"on,area,severity,{columns}\n2026-01-15,face,mild,{row}\n"
    try:
        read_cases(read_table(text.encode()))
    except CasesError as error:
        return str(error)
    return ""


AGREEING = [
    ("tanned,tanned_on", ["yes,2026-01-10", "yes,", ",2026-01-10", "no,", "no,2026-01-10"]),
    ("recent_procedure,recent_procedure_on", ["peel,2026-01-10", "peel,", "none,", ","]),
    (
        "test_patch_result,test_patch_cleared",
        ["reaction,yes", "reaction,no", "clear,no", "awaited,", ",no", "clear,yes"],
    ),
    ("test_patch_result,test_patch_on", ["clear,2026-01-10", "clear,", ",2026-01-10"]),
    ("photosensitiser,photosensitising_drug", ["none,yes", "other,no", ",yes"]),
    ("pregnant,breastfeeding,pregnant_or_breastfeeding", ["no,no,yes", "yes,,no", "no,,yes"]),
    ("isotretinoin,isotretinoin_last_dose_on", ["past,", "never,2026-01-10"]),
]


@pytest.mark.parametrize(
    ("columns", "row"), [(columns, row) for columns, rows in AGREEING for row in rows]
)
def test_answers_that_can_stand_beside_each_other(columns, row):
    assert refused(columns, row) == ""


@pytest.mark.parametrize(
    ("columns", "row", "said"),
    [
        (
            "recent_procedure,recent_procedure_on",
            "none,2026-01-10",
            'recent_procedure_on: "2026-01-10" is not accepted; '
            "leave it blank, to agree with recent_procedure (none).",
        ),
        (
            "recent_procedure,recent_procedure_on",
            ",2026-01-10",
            "recent_procedure: blank is not accepted; "
            "write what was done, or leave recent_procedure_on blank.",
        ),
        (
            "recent_procedure_on",
            "2026-01-10",
            "recent_procedure: blank is not accepted; "
            "write what was done, or leave recent_procedure_on blank.",
        ),
        (
            "recent_procedure,recent_procedure_on",
            "peel,2026-01-16",
            'recent_procedure_on: "2026-01-16" is not accepted; '
            "write a day not after the consultation (2026-01-15).",
        ),
    ],
)
def test_answers_that_contradict_each_other(columns, row, said):
    assert refused(columns, row) == f"Row 2, {said}"
