"""Command: a file of cases through the rulebook, as a medical director sees it."""

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

PUBLISHED = Path(__file__).parents[1] / "data" / "published_cases.csv"
HEADER = "case,consulted_on,area,severity"
LEGEND = (
    "NA non-ablative, NF non-ablative fractional, AF ablative fractional, AB fully ablative laser."
)
MILD = "Mild laxity is what laser is for. Proposed: non-ablative laser, gradual, every 28 days, "


class Terminal(io.StringIO):
    def isatty(self):
        return True


class ClosedPipe(io.StringIO):
    def write(self, text):
        raise BrokenPipeError


class FullDisk(io.StringIO):
    def write(self, text):
        raise OSError(28, "No space left on device")


@pytest.fixture
def run(tmp_path):
    """Runs the command over text, bytes or a path; gives exit code, output and errors."""

    def run(content, *options, stdout=None):
        path = content
        if not isinstance(content, Path):
            path = tmp_path / "cases.csv"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        stdout, stderr = stdout or io.StringIO(), io.StringIO()
        try:
            call_command("assess_cases", str(path), *options, stdout=stdout, stderr=stderr)
        except SystemExit as exit:
            return exit.code, stdout.getvalue(), stderr.getvalue()
        return 0, stdout.getvalue(), stderr.getvalue()

    return run


# Published cases


def test_published_cases_all_agree(run):
    assert run(PUBLISHED, "--check") == (0, "121 of 121 cases agree.\n", "")


@pytest.mark.parametrize("format", ["json", "csv"])
def test_published_cases_all_agree_beside_results(run, format):
    code, results, said = run(PUBLISHED, "--check", "--format", format)
    assert (code, said) == (0, "121 of 121 cases agree.\n")
    assert results == run(PUBLISHED, "--format", format)[1]


def test_published_cases_are_counted(run):
    code, table, said = run(PUBLISHED)
    assert (code, said) == (0, "")
    assert table.splitlines()[-1] == (
        "121 cases: 58 candidate, 10 touch_up, 21 hold, 25 not_a_candidate, 7 refer_to_surgery."
    )


# Results


def test_table_is_aligned(run):
    code, table, said = run(
        f"{HEADER},tanned_on,infection\n"
        "one,2026-01-15,face,mild,,\n"
        "two,2026-01-15,stomach,severe,,\n"
        "three,2026-01-15,face,mild,2026-01-08,\n"
        "four,2026-01-15,face,mild,,yes\n"
    )
    assert (code, said) == (0, "")
    assert table.splitlines() == [
        "row  case   area     severity  outcome           until       lasers       proposed    why",
        "2    one    face     mild      candidate                     NA NF AF AB  NA gradual  "
        f"{MILD}to keep side effects low.",
        "3    two    stomach  severe    refer_to_surgery                                       "
        "Laxity is severe: laser is not suitable.",
        "4    three  face     mild      hold              2026-01-22                           "
        "The skin was tanned recently.",
        "5    four   face     mild      hold              not known                            "
        "Infection in this area, cold sores included.",
        "",
        LEGEND,
        "4 cases: 1 candidate, 2 hold, 1 refer_to_surgery.",
    ]


def test_table_is_wrapped_to_the_terminal(run, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    _, table, _ = run(f"{HEADER}\n{'a' * 200},2026-01-15,face,severe\n", stdout=Terminal())
    assert table.splitlines()[1:3] == [
        "2    aaaaaaaaaaaaaaaaaaaaaaa…  face  severe    refer_to_surgery                           "
        "Laxity is severe: laser",
        " " * 90 + "is not suitable.",
    ]


def test_json_of_a_referral(run):
    code, text, said = run(f"{HEADER},grade\nA,2026-01-15,face,severe,3\n", "--format", "json")
    [result] = json.loads(text)
    findings = result.pop("findings")
    assert (code, said) == (0, "")
    assert result == {
        "row": 2,
        "case": "A",
        "area": "face",
        "outcome": "refer_to_surgery",
        "until": None,
        "lasers": [],
        "proposed_laser": None,
        "pace": None,
    }
    assert [finding["id"] for finding in findings] == [
        "laxity.severe",
        "laxity.borderline",
        "herpes",
        "screen.not_asked",
    ]
    assert findings[0] == {
        "id": "laxity.severe",
        "level": "refer",
        "message": "Laxity is severe: laser is not suitable.",
        "hint": "Explain why laser would disappoint, and refer to a surgeon. "
        "Laser may refine the result after recovery.",
        "lasers": [
            "non_ablative",
            "non_ablative_fractional",
            "ablative_fractional",
            "ablative_full",
        ],
        "until": None,
        "source": "How Tightening the Skin with Lasers Works (patient guide, the clinic's "
        "protocol); Brightman, Dermatology Times (fractional CO2 on the neck); NCT03894371",
    }


def test_json_of_a_candidate_and_of_a_hold(run):
    _, text, _ = run(
        f"{HEADER},skin_problem,recent_procedure,recent_procedure_on\n"
        "\n"
        ",2026-01-15,face,moderate,yes,,\n"
        ",2026-01-15,face,moderate,,peel,2026-01-14\n",
        "--format",
        "json",
    )
    results = json.loads(text)
    for result in results:
        del result["findings"]
    assert results == [
        {
            "row": 3,
            "case": "",
            "area": "face",
            "outcome": "candidate",
            "until": None,
            "lasers": ["non_ablative", "non_ablative_fractional"],
            "proposed_laser": "non_ablative_fractional",
            "pace": "gradual",
        },
        {
            "row": 4,
            "case": "",
            "area": "face",
            "outcome": "hold",
            "until": "2026-01-28",
            "lasers": [],
            "proposed_laser": None,
            "pace": None,
        },
    ]


def test_csv_carries_other_columns_through_as_they_were(run):
    code, text, said = run(
        f'room,{HEADER},note,skin_problem\n=1+1,A ,2026-01-15, Face ,mild,"x, ""y""\nz",yes\n',
        "--format",
        "csv",
    )
    assert (code, said) == (
        0,
        "Column not known, not used: room\nColumn not known, not used: note\n",
    )
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        [
            *("room", "case", "consulted_on", "area", "severity", "note", "skin_problem"),
            *("outcome", "until", "lasers", "proposed_laser", "pace", "findings"),
        ],
        [
            *("=1+1", "A ", "2026-01-15", " Face ", "mild", 'x, "y"\nz', "yes"),
            *("candidate", "", "non_ablative non_ablative_fractional", "non_ablative", "gradual"),
            "skin.problem:exclude herpes:caution skin.problem:caution screen.not_asked:info",
        ],
    ]


def test_csv_can_be_assessed_again(run):
    _, once, _ = run(PUBLISHED, "--format", "csv")
    code, twice, _ = run(once, "--format", "csv")
    assert (code, twice) == (0, once)


def test_misspelt_column_is_named_once(run):
    rows = "A,2026-01-15,face,mild,yes\n" * 2
    assert run(f"{HEADER},keloid_histroy\n{rows}")[2] == (
        "Column not known, not used: keloid_histroy (did you mean keloid_history?)\n"
    )


# Check


def test_difference_is_printed_and_exits_1(run):
    checked = run(
        f"{HEADER},expected\nA,2026-01-15,face,severe,candidate\nB,2026-01-15,face,mild,candidate\n",
        "--check",
    )
    assert checked == (
        1,
        "row  case  area  expected   got               why\n"
        "2    A     face  candidate  refer_to_surgery  Laxity is severe: laser is not suitable.\n"
        "\n"
        "1 of 2 cases agree.\n",
        "",
    )


def test_difference_beside_json_is_on_standard_error(run):
    code, text, said = run(
        f"{HEADER},expected\nA,2026-01-15,face,severe,candidate\n", "--check", "--format", "json"
    )
    assert (code, json.loads(text)[0]["outcome"]) == (1, "refer_to_surgery")
    assert said.splitlines() == [
        "row  case  area  expected   got               why",
        "2    A     face  candidate  refer_to_surgery  Laxity is severe: laser is not suitable.",
        "",
        "0 of 1 cases agree.",
    ]


@pytest.mark.parametrize(
    ("laser", "expected", "code"),
    [
        ("ablative_fractional", "hold", 0),
        ("non_ablative", "hold", 1),
        ("", "hold", 1),
        ("ablative_fractional", "not_a_candidate", 0),
        ("non_ablative", "not_a_candidate", 1),
        ("", "not_a_candidate", 1),
        ("ablative_fractional", "refer_to_surgery", 1),
        ("ablative_fractional", "candidate", 0),
    ],
)
def test_refusal_is_met_where_the_laser_considered_is_not_allowed(run, laser, expected, code):
    text = f"{HEADER},skin_problem,laser_considered,expected\nA,2026-01-15,face,mild,yes"
    assert run(f"{text},{laser},{expected}\n", "--check")[0] == code


PULSED = f"{HEADER},gold_therapy,tattoo,laser_considered,pulse_considered"


@pytest.mark.parametrize(
    ("answers", "laser", "pulse", "findings", "lasers"),
    [
        ("yes,", "non_ablative", "q_switched", ["laser.gold", "gold"], 3),
        (",yes", "non_ablative", "picosecond", ["laser.tattoo"], 3),
        ("yes,yes", "ablative_full", "Picosecond", ["laser.gold", "laser.tattoo", "gold"], 3),
        ("yes,", "", "q_switched", ["laser.gold", "gold"], 4),
        ("yes,", "non_ablative", "long", ["gold"], 4),
        ("yes,", "non_ablative", "", ["gold"], 4),
        ("no,no", "non_ablative", "q_switched", [], 4),
    ],
)
def test_pulse_that_would_darken_takes_the_laser_away(run, answers, laser, pulse, findings, lasers):
    row = f"A,2026-01-15,face,mild,{answers},{laser},{pulse}"
    code, text, said = run(f"{PULSED}\n{row}\n", "--format", "json")
    [result] = json.loads(text)
    found = [one["id"] for one in result["findings"] if "gold" in one["id"] or "laser" in one["id"]]
    assert (code, said, found) == (0, "", findings)
    assert (result["outcome"], len(result["lasers"])) == ("candidate", lasers)
    assert result["proposed_laser"] in result["lasers"]
    assert (laser in result["lasers"]) is (lasers == 4 and laser != "")


@pytest.mark.parametrize(
    ("pulse", "expected", "code"),
    [
        ("q_switched", "not_a_candidate", 0),
        ("q_switched", "hold", 0),
        ("q_switched", "candidate", 0),
        ("q_switched", "touch_up", 1),
        ("long", "not_a_candidate", 1),
        ("", "not_a_candidate", 1),
    ],
)
def test_refusal_is_met_where_the_pulse_considered_would_darken(run, pulse, expected, code):
    row = f"A,2026-01-15,face,mild,yes,,non_ablative,{pulse},{expected}"
    assert run(f"{PULSED},expected\n{row}\n", "--check")[0] == code


# Refused


def test_bad_cells_exit_2_without_results(run):
    assert run(f"{HEADER}\nA,2026-01-15,chin,mild\nB,2026-01-15,face,\n") == (
        2,
        "",
        'Row 2, area: "chin" is not accepted; write face, neck, stomach, arms or legs.\n'
        "Row 3, severity: blank is not accepted; "
        "write mild, moderate or severe, or give a grade.\n",
    )


def test_missing_file(run, tmp_path):
    path = tmp_path / "none.csv"
    assert run(path) == (2, "", f'There is no file "{path}".\n')


def test_directory(run, tmp_path):
    assert run(tmp_path) == (2, "", f"{tmp_path} is a directory, not a file.\n")


def test_file_name_that_cannot_be(run):
    code, _, said = run(Path("x" * 5000))
    assert (code, said) == (2, f"{'x' * 399}… cannot be read: File name too long.\n")


def test_file_that_is_too_large(run, monkeypatch):
    monkeypatch.setattr("consultations.management.commands.assess_cases.LARGEST_FILE", 1_000_000)
    assert run(b"x" * 1_000_001) == (2, "", "The file is larger than 1 MB; split it.\n")


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n", b"PK\x03\x04\0", b"\xff\xfea\0", b"{}"])
def test_what_is_no_csv_file_exits_2_in_one_line(run, content):
    code, text, said = run(content)
    assert (code, text, said.count("\n")) == (2, "", 1)


# Where the output goes


@pytest.mark.parametrize("format", ["table", "json", "csv"])
def test_reader_that_stops_early_is_no_error(run, format):
    assert run(PUBLISHED, "--format", format, stdout=ClosedPipe()) == (0, "", "")


def test_full_disk_is_said(run):
    assert run(PUBLISHED, stdout=FullDisk()) == (
        2,
        "",
        "The results cannot be written: No space left on device.\n",
    )
