import pytest
from . import test_matrix as m
from .matrix import MATRIX
pytestmark = pytest.mark.django_db
def test_mine(stage, monkeypatch):
    rows = {row: line for row, line in MATRIX.items() if row.startswith("import")}
    monkeypatch.setattr(m, "MATRIX", rows)
    answers = m.ask_everything(stage)
    expected = {(row, who, method): rows[row][method][who] for row in rows for who in m.EVERYBODY for method in ("GET", "POST")}
    found = {one: answers[one].in_a_word for one in expected}
    assert {one: (found[one], expected[one]) for one in expected if found[one] != expected[one]} == {}
