#!/usr/bin/env bash
# xlsx (SheetJS) 0.18.5: a workbook that says that its days count from 1904 is written with days counted from 1900, so
# readers find a birth date four years and a day late. SheetJS itself reads it back as it was, and so does exceljs
# 4.4.0, which does not know the setting by its word "true": two mistakes that undo each other.
#
# Seen with one birth date, 5 March 1980, written by `writeFile`; openpyxl 3.1.5 reads 6 March 1984, as LibreOffice 7.4
# does.
# What it means here: nothing in such a file tells; an import shows how it read the birth dates before it is saved.
#
# Exits 0 while that is still so, 1 when it has changed.
set -euo pipefail
away=$(mktemp -d)
trap 'rm -rf "$away"' EXIT
cd "$away"
npm install --silent --no-fund --no-audit --ignore-scripts xlsx@0.18.5 exceljs@4.4.0 >/dev/null
python3 -m venv .venv
.venv/bin/pip install -q openpyxl==3.1.5
cat >look.cjs <<'JS'
const sheets = require("xlsx");
const excel = require("exceljs");

const day = (date) => date.toISOString().slice(0, 10);
const sheet = sheets.utils.aoa_to_sheet([["Born"], [new Date(Date.UTC(1980, 2, 5))]], { cellDates: true });
const workbook = { SheetNames: ["Patients"], Sheets: { Patients: sheet }, Workbook: { WBProps: { date1904: true } } };
sheets.writeFile(workbook, "patients.xlsx");
const again = sheets.readFile("patients.xlsx", { cellDates: true });
console.log(`xlsx ${day(again.Sheets.Patients.A2.v)}`);
const other = new excel.Workbook();
other.xlsx.readFile("patients.xlsx").then(() => console.log(`exceljs ${day(other.worksheets[0].getCell("A2").value)}`));
JS
TZ=UTC node look.cjs | tee told
.venv/bin/python -c '
from openpyxl import load_workbook
print("openpyxl", load_workbook("patients.xlsx").active["A2"].value.date())
' | tee -a told
[ "$(sort told)" = "$(printf '%s\n' 'exceljs 1980-03-05' 'openpyxl 1984-03-06' 'xlsx 1980-03-05')" ]
