"""What a large clinic asks most is read off an index in its order, however much there is."""

import pytest

from consultations.models import TreatmentSession
from consultations.trust.audit import CHANGED, Asked, Writes

from .plans import plan_of

pytestmark = pytest.mark.django_db

HISTORY = TreatmentSession.history.model


def name_of_index(model, *columns):
    [name] = [one.name for one in model._meta.indexes if tuple(one.fields) == columns]
    return name


@pytest.mark.parametrize(
    ("asked", "column"), [(Asked(user=1), "history_user"), (Asked(kind=CHANGED), "history_type")]
)
def test_audit_reads_the_latest_writes_in_their_order(asked, column):
    source = Writes(HISTORY)
    rows = source.rows(asked).order_by("-history_date", "-pk").values_list(*source.columns)
    index = name_of_index(HISTORY, column, "history_date", "history_id")
    plan = plan_of(rows[:51])
    assert index in plan
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan
