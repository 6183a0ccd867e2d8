"""Interchange: what a file of cases is read as, and what it is refused for."""

from datetime import date
from decimal import Decimal

import pytest

from consultations.management.cases import Case, read_cases
from consultations.management.cases.cells import READERS
from consultations.management.cases.columns import KNOWN
from consultations.management.cases.errors import CasesError, CellError
from consultations.management.cases.table import read_table
from consultations.rules.facts import FACTS, AreaFacts
from consultations.vocabulary import Area, LaserType, Outcome, Phototype, Pulse, Severity


def cases(text, **options):
    return read_cases(read_table(text.encode()), **options)


def refusal(text, **options):
    with pytest.raises(CasesError) as caught:
        cases(text, **options)
    return str(caught.value)


def refused_cell(column, value):
    """What is said of one cell in a row that is otherwise good."""
    return refusal(
        f"consulted_on,area,severity,{column}\n2026-01-15,face,mild,{value}\n"
    ).removeprefix(f"Row 2, {column}: ")


# What is understood


def test_every_fact_has_a_reader():
    assert set(FACTS) - set(READERS) == set()


def test_every_reader_has_a_known_column():
    assert set(READERS) - set(KNOWN) == set()


def test_case_is_read_whole():
    text = (
        "case,consulted_on,area,severity,laser_considered,pulse_considered\n"
        "A-1,2026-01-15,neck,mild,ablative_full,picosecond\n"
    )
    assert cases(text) == (
        Case(
            row=2,
            cells=("A-1", "2026-01-15", "neck", "mild", "ablative_full", "picosecond"),
            case="A-1",
            facts=AreaFacts(on=date(2026, 1, 15), area=Area.NECK, severity=Severity.MILD),
            laser_considered=LaserType.ABLATIVE_FULL,
            pulse_considered=Pulse.PICOSECOND,
            expected=None,
        ),
    )


def test_words_are_read_in_any_case_and_stripped():
    [case] = cases("Area, SEVERITY ,on,phototype\n Face ,MILD, 2026-01-15 ,iv\n")
    assert case.facts == AreaFacts(
        on=date(2026, 1, 15), area=Area.FACE, severity=Severity.MILD, phototype=Phototype.IV
    )


@pytest.mark.parametrize(
    ("word", "value"),
    [
        *[(word, True) for word in ("yes", "Y", "True", "1")],
        *[(word, False) for word in ("no", "N", "FALSE", "0")],
        ("", None),
        ("  ", None),
    ],
)
def test_yes_no_and_not_asked(word, value):
    [case] = cases(f"on,area,severity,infection\n2026-01-15,face,mild,{word}\n")
    assert case.facts.infection is value


def test_numbers_are_read():
    [case] = cases("on,area,severity,age,max_downtime_days\n2026-01-15,face,mild,047,0\n")
    assert (case.facts.age, case.facts.max_downtime_days) == (47, 0)


@pytest.mark.parametrize(
    ("grade", "severity"),
    [
        ("0", "mild"),
        ("1.5", "mild"),
        ("2", "moderate"),
        ("2.50", "moderate"),
        ("3", "severe"),
        ("4.0", "severe"),
    ],
)
def test_blank_severity_follows_the_grade(grade, severity):
    [case] = cases(f"on,area,severity,grade\n2026-01-15,face,,{grade}\n")
    assert (case.facts.severity, case.facts.grade) == (severity, Decimal(grade))


@pytest.mark.parametrize(
    ("born_on", "age"),
    [
        ("2008-01-15", 18),
        ("2008-01-16", 17),
        ("2026-01-15", 0),
    ],
)
def test_age_is_that_on_the_day(born_on, age):
    [case] = cases(f"on,area,severity,date_of_birth\n2026-01-15,face,mild,{born_on}\n")
    assert case.facts.age == age


def test_age_of_who_was_born_on_29_february():
    text = "on,area,severity,date_of_birth\n{},face,mild,2008-02-29\n"
    ages = [cases(text.format(day))[0].facts.age for day in ("2026-02-28", "2026-03-01")]
    assert ages == [17, 18]


def test_blank_lines_are_skipped_and_row_numbers_stay_true():
    text = 'on,area,severity,case\n\n2026-01-15,face,mild,"two\nlines"\n,,,\n2026-01-15,face,mild\n'
    assert [(case.row, case.case) for case in cases(text)] == [(3, "two\nlines"), (5, "")]


def test_short_row_is_filled_with_blanks():
    [case] = cases("on,area,severity,smoker,case\n2026-01-15,face,mild\n")
    assert case.cells == ("2026-01-15", "face", "mild", "", "")


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_endings_and_byte_order_mark(ending):
    text = ending.join(["\ufeffon,area,severity", "2026-01-15,face,mild"])
    assert len(cases(text)) == 1


# Columns that are not used


def test_known_columns_are_not_named():
    assert read_table(f"{','.join(set(KNOWN) - {'on'})}\n1".encode()).notes == ()


def test_unknown_columns_are_named():
    table = read_table(b"on,area,severity,keloid_histroy,room,,\n2026-01-15,face,mild,yes,4,,x\n")
    assert table.notes == (
        "Column not known, not used: keloid_histroy (did you mean keloid_history?)",
        "Column not known, not used: room",
        "Column not used, it has no name: column 7",
    )


def test_unknown_column_is_not_taken_for_one_that_is_there():
    table = read_table(b"on,area,severity,smoker,smoker2\n2026-01-15,face,mild,yes,no\n")
    assert table.notes == ("Column not known, not used: smoker2",)


# Cells that are refused


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        (
            "infection",
            "maybe",
            '"maybe" is not accepted; write yes or no, or leave it blank.',
        ),
        (
            "phototype",
            "VII",
            '"VII" is not accepted; write I, II, III, IV, V or VI, or leave it blank.',
        ),
        (
            "isotretinoin",
            "no",
            '"no" is not accepted; write never, past or taking, or leave it blank.',
        ),
        (
            "laser_considered",
            "co2",
            '"co2" is not accepted; write non_ablative, non_ablative_fractional, '
            "ablative_fractional or ablative_full, or leave it blank.",
        ),
        (
            "pulse_considered",
            "nanosecond",
            '"nanosecond" is not accepted; write long, microsecond, q_switched, picosecond or '
            "continuous, or leave it blank.",
        ),
        (
            "photosensitiser",
            "yes",
            '"yes" is not accepted; write none, other, amiodarone_minocycline_st_johns_wort or '
            "pdt_drug, or leave it blank.",
        ),
        (
            "weight_loss_medicine",
            "yes",
            '"yes" is not accepted; write never, past or taking, or leave it blank.',
        ),
        (
            "test_patch_result",
            "good",
            '"good" is not accepted; write clear, reaction or awaited, or leave it blank.',
        ),
        (
            "grade",
            "1.2",
            '"1.2" is not accepted; write 0 to 4 in half steps, or leave it blank.',
        ),
        (
            "grade",
            "4.5",
            '"4.5" is not accepted; write 0 to 4 in half steps, or leave it blank.',
        ),
        (
            "grade",
            "3",
            '"3" is not accepted; write one that agrees with mild '
            "(0 to 1.5 mild, 2 to 2.5 moderate, 3 to 4 severe).",
        ),
        *[
            (
                "age",
                value,
                f'"{value}" is not accepted; write whole years, 0 to 130, or leave it blank.',
            )
            for value in ("-1", "131", "47.5", "1_0", "٤٧")
        ],
        *[
            (
                "max_downtime_days",
                value,
                f'"{value}" is not accepted; write whole days, 0 or more, or leave it blank.',
            )
            for value in ("-1", "2.5", "a week")
        ],
        *[
            (
                "tanned_on",
                value,
                f'"{value}" is not accepted; write a day as YYYY-MM-DD, 1900 to 2100, '
                "or leave it blank.",
            )
            for value in ("08/01/2026", "20260108", "2026-02-30", "2026-W02-4", "1899-12-31")
        ],
        *[
            (
                column,
                "2026-01-16",
                '"2026-01-16" is not accepted; '
                "write a day not after the consultation (2026-01-15).",
            )
            for column in (
                "surgery_on",
                "tanned_on",
                "filler_on",
                "isotretinoin_last_dose_on",
                "delivered_on",
                "topical_retinoid_on",
                "test_patch_on",
                "date_of_birth",
            )
        ],
    ],
)
def test_bad_cell(column, value, said):
    assert refused_cell(column, value) == said


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (
            ",face,mild",
            "Row 2, consulted_on: blank is not accepted; write a day as YYYY-MM-DD, 1900 to 2100.",
        ),
        (
            "2026-01-15,,mild",
            "Row 2, area: blank is not accepted; write face, neck, stomach, arms or legs.",
        ),
        (
            "2026-01-15,chin,mild",
            'Row 2, area: "chin" is not accepted; write face, neck, stomach, arms or legs.',
        ),
        (
            "2026-01-15,face,",
            "Row 2, severity: blank is not accepted; "
            "write mild, moderate or severe, or give a grade.",
        ),
        (
            "2026-01-15,face,bad",
            'Row 2, severity: "bad" is not accepted; '
            "write mild, moderate or severe, or leave it blank.",
        ),
        (
            "2026-01-15,face,mild,x",
            'Row 2, cell 4: "x" is not accepted; the header has 3 columns.',
        ),
    ],
)
def test_required_cell(row, said):
    assert refusal(f"consulted_on,area,severity\n{row}\n") == said


def test_age_and_date_of_birth_agree():
    text = "on,area,severity,age,date_of_birth\n2026-01-15,face,mild,{},{}\n"
    assert cases(text.format(26, "2000-01-15"))[0].facts.age == 26
    assert refusal(text.format(25, "2000-01-15")) == (
        'Row 2, age: "25" is not accepted; '
        "write 26, to agree with date_of_birth, or leave it blank."
    )


def test_nobody_is_older_than_130():
    text = "on,area,severity,date_of_birth\n2100-01-15,face,mild,1900-01-15\n"
    assert refusal(text) == (
        'Row 2, date_of_birth: "1900-01-15" is not accepted; '
        "write one that makes the age 130 years at most."
    )


def test_all_bad_cells_are_reported():
    with pytest.raises(CasesError) as caught:
        cases("on,area,grade\n2026-01-15,chin,9\n2026-01-15,face,1\n15.1.2026,face,1\n")
    assert caught.value.cells == (
        CellError(2, "area", "chin", "write face, neck, stomach, arms or legs"),
        CellError(2, "grade", "9", "write 0 to 4 in half steps, or leave it blank"),
        CellError(4, "on", "15.1.2026", "write a day as YYYY-MM-DD, 1900 to 2100"),
    )


def test_long_or_unprintable_value_is_shown_on_one_line():
    said = refused_cell("infection", f'"a\n\x1b[31m{"b" * 100}"')
    assert said == f'"a ?[31m{"b" * 52}…" is not accepted; write yes or no, or leave it blank.'


def test_expected_is_read_only_for_a_check():
    text = "on,area,severity,expected\n2026-01-15,face,mild,{}\n"
    said = "write candidate, touch_up, hold, not_a_candidate or refer_to_surgery."
    assert cases(text.format("perhaps"))[0].expected is None
    assert cases(text.format("Hold"), check=True)[0].expected == Outcome.HOLD
    assert refusal(text.format("perhaps"), check=True) == (
        f'Row 2, expected: "perhaps" is not accepted; {said}'
    )
    assert refusal(text.format(""), check=True) == (
        f"Row 2, expected: blank is not accepted; {said}"
    )


# Files that are refused


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf \n\n", "The file is empty."),
        (b"on,area,severity\n", "The file has a header and no cases."),
        (b"on,area,severity\n,,\n\n", "The file has a header and no cases."),
        (b"on,area,\xe9\n", "The file is not text in UTF-8; save it as CSV UTF-8."),
        (
            "on,area,severity\n".encode("utf-16"),
            "The file is not text in UTF-8; save it as CSV UTF-8.",
        ),
        (b"on,area,severity\n\0", "The file is not a CSV file: it has NUL bytes."),
        (b"on,area,Area,severity\n1,,,\n", "Columns given twice: area, Area."),
        (b"on,consulted_on,area\n1,,,\n", "Columns given twice: on, consulted_on."),
        (b"room,area,room\n1,,\n", "Columns given twice: room."),
        (
            b"on,area,severity\n2026-01-15,face,mild,\n2026-01-15,face," + b"x" * 140_000,
            "Row 3 cannot be read as CSV: field larger than field limit (131072).",
        ),
        (
            b'on,area,severity\n2026-01-15,face,"mild\n2026-01-15,face,mild\n',
            "Row 2 cannot be read as CSV: unexpected end of data.",
        ),
    ],
)
def test_file_is_refused_in_one_line(content, said):
    with pytest.raises(CasesError) as caught:
        read_table(content)
    assert (str(caught.value), caught.value.cells) == (said, ())


@pytest.mark.parametrize(
    ("content", "seems"),
    [
        (b"name,price\nx,1\n", ""),
        (
            b"consulted_on;area;severity\n2026-01-15;face;mild\n",
            " (this one seems to use semicolons)",
        ),
        (b'"consulted_on";"area"\n"2026-01-15";"face"\n', " (this one seems to use semicolons)"),
        (b"consulted_on\tarea\tseverity\n", " (this one seems to use tabs)"),
    ],
)
def test_header_is_not_understood(content, seems):
    with pytest.raises(CasesError) as caught:
        read_table(content)
    assert str(caught.value) == (
        "The header was not understood: it names consulted_on, area and severity, "
        f"separated by commas{seems}."
    )


def test_missing_columns_are_named():
    assert refusal("area,case\nface,1\n", check=True) == (
        "Columns missing: consulted_on, severity, expected."
    )
