"""The steps of one import: its columns, its problems, who is known already, saving, undoing."""

from django.core.exceptions import BadRequest, ValidationError
from django.utils.translation import gettext as _

from consultations.exchange.imports import checking, running, saving, staging, undoing
from consultations.exchange.imports.column_readings import ORDERS, UnclearColumnsError, kinds_of
from consultations.exchange.imports.given import said_for_all
from consultations.exchange.imports.preview import preview
from consultations.exchange.imports.targets import TARGETS
from consultations.exchange.reading import values
from consultations.exchange.reading.columns import for_all_rows, match, needed
from consultations.exchange.reading.fields import fields
from consultations.exchange.reading.tables import Table
from consultations.vocabulary import ImportState, RowDecision

EXAMPLES = 3
MOST_SHOWN = 200  # rows with problems, and rows to decide on, of one page
AT_ONCE = 1000  # rows that one request checks


def acts():
    """What each button of the page does, by its name."""
    return {
        "target_changed": change_target,
        "check": check_columns,
        "go_on": go_on,
        "columns": back_to_columns,
        "decide": decide,
        "save": save,
        "give_up": give_up,
        "undo": undo,
    }


# Acts


def change_target(request, batch):
    """The columns are taken for those of another kind of file."""
    target = request.POST.get("target", "")
    if target not in TARGETS:
        raise BadRequest("no kind of file of ours")
    table = Table(batch.file_name, tuple(batch.headings), ())
    found = match(table, format=batch.format or "auto", target=target).mapping
    mapping = [found.get(place, "") for place in range(len(batch.headings))]
    staging.change_mapping(batch, target=target, mapping=mapping, orders={})


def check_columns(request, batch):
    """Keep what the columns were taken for, and begin to check the rows."""
    known = fields(batch.target)
    mapping = [request.POST.get(f"column-{place}", "") for place in range(len(batch.headings))]
    if any(key and key not in known for key in mapping):
        raise BadRequest("no field of ours")
    orders = {
        key: request.POST[f"order-{key}"]
        for key in known
        if request.POST.get(f"order-{key}") in {*ORDERS["date"], *ORDERS["number"]}
    }
    for field in for_all_rows(batch.target, mapping):
        if (said := request.POST.get(f"order-{field.key}")) in dict(field.choices):
            orders[field.key] = said
    if (mapping, orders) != (batch.mapping, batch.orders):
        batch = staging.change_mapping(batch, target=batch.target, mapping=mapping, orders=orders)
    return _check(request, batch)


def go_on(request, batch):
    return _check(request, batch)


def _check(request, batch):
    """Check some rows; the page then goes on by itself, or is done."""
    try:
        batch = checking.check(batch, by=request.user, most=AT_ONCE)
    except UnclearColumnsError as error:
        return {"questions": error.questions}
    if batch.state == ImportState.CHECKED:
        return None
    return {"goes_on": True, "done": batch.rows.filter(is_checked=True).count()}


def back_to_columns(request, batch):
    """The columns once more; the rows are checked anew."""
    staging.change_mapping(batch, target=batch.target, mapping=batch.mapping, orders=batch.orders)


def decide(request, batch):
    """Keep who the rows of the page are, and what was said of all the others."""
    said = {}
    for name, value in request.POST.items():
        number = name.removeprefix("row-")
        if name == number or not number.isdecimal() or len(number) > 9:
            continue
        decision, _dash, meant = value.partition("-")
        if decision in RowDecision.values and (meant or decision != RowDecision.SAME):
            said[int(number)] = (decision, meant)
    checking.decide(batch, said)
    if (rest := request.POST.get("rest", "")) in RowDecision.values:
        checking.decide_all(batch, rest)


def save(request, batch):
    """Let the batch be saved, apart from this request."""
    running.start(batch, by=request.user, leaves_out="leave_out" in request.POST)


def give_up(request, batch):
    if running.is_running(batch):
        raise ValidationError(_("This import is being saved."))
    staging.give_up(batch)


def undo(request, batch):
    undoing.undo(batch, by=request.user)


# What the page shows


def context_of(batch, request):
    """What the step that a batch has come to is shown with."""
    if running.is_running(batch):
        return {"step": "saving", "done": running.rows_done(batch), "total": batch.counts["rows"]}
    was_ended = running.was_ended(batch)
    if batch.state == ImportState.READ:
        return {"step": "columns", "was_ended": was_ended, **_columns(batch, request)}
    if batch.state == ImportState.CHECKED:
        return {"step": "rows", "was_ended": was_ended, **_rows(batch)}
    return {"step": "done", "made": saving.made_of(batch)}


def _columns(batch, request):
    known = fields(batch.target)
    rows = list(batch.rows.order_by("number")[:EXAMPLES])
    columns = [
        {
            "place": place,
            "heading": heading,
            "key": request.POST.get(f"column-{place}", batch.mapping[place]),
            "examples": [text for row in rows if (text := _shown(row.cells[place]))],
        }
        for place, heading in enumerate(batch.headings)
    ]
    taken = [one["key"] for one in columns]
    return {
        "columns": columns,
        "needed": list(_needed(batch, taken)),
        "for_all": [
            (one, request.POST.get(f"order-{one.key}", batch.orders.get(one.key, "")))
            for one in for_all_rows(batch.target, taken)
        ],
        "fields": [(key, one.label) for key, one in known.items()],
        "targets": list(TARGETS),
        "orders": {key: batch.orders[key] for key in kinds_of(batch) if key in batch.orders},
        "total": batch.counts["rows"],
    }


def _needed(batch, taken):
    """Yield what every row needs, and whether it has a column or was said of all rows."""
    known, taken = fields(batch.target), {*taken, *said_for_all(batch)}
    for ways in needed(batch.target):
        is_met = not taken.isdisjoint(ways)
        labels = [str(known[key].label) for key in ways if key in taken or not is_met]
        yield _(" or ").join(labels), is_met


def _shown(cell):
    found = values.from_json(cell)
    return str(found)[:60]


def _rows(batch):
    wrong = batch.rows.exclude(problems=[]).order_by("number")
    twins = batch.rows.exclude(candidates=[]).filter(problems=[]).order_by("number")
    shown = list(twins.filter(decision="")[:MOST_SHOWN])
    shown = shown or list(twins[:MOST_SHOWN])
    patients = checking.patients_of(shown)
    problems, left = wrong.count(), checking.undecided(batch).count()
    skipped = twins.filter(decision=RowDecision.SKIP).count()
    # Only of patients no new record is made then.
    same = twins.filter(decision=RowDecision.SAME).count() if batch.target == "patients" else 0
    return {
        "wrong": list(wrong[:MOST_SHOWN]),
        "problems": problems,
        "twins": [_twin(batch, row, patients) for row in shown],
        "twins_count": twins.count(),
        "undecided": left,
        "most_shown": MOST_SHOWN,
        "skipped": skipped,
        "same": same,
        "new": batch.counts["rows"] - problems - skipped - same - left,
        "seconds": saving.about_seconds(batch),
        "decisions": [(one.value, one.label) for one in _decisions(batch)],
        "preview": preview(batch),
    }


def _decisions(batch):
    """What may be said: whatever is no patient cannot be of another who is not here."""
    if batch.target == "patients":
        return list(RowDecision)
    return [RowDecision.SAME, RowDecision.SKIP]


def _twin(batch, row, patients):
    """A row that may be somebody known: what it says, and what may be said of it."""
    said = [text for cell in row.cells if (text := _shown(cell))]
    words = list(checking.candidates_in_words(row, patients))
    choices = [
        (
            f"{RowDecision.SAME.value}-{checking.key_of(one)}",
            _("Same person: %(who)s") % {"who": who},
        )
        for one, who in zip(row.candidates, words, strict=True)
    ]
    choices += [(one.value, one.label) for one in _decisions(batch) if one is not RowDecision.SAME]
    chosen = choices[0][0] if row.decision == RowDecision.SAME else row.decision
    return {"row": row, "said": " · ".join(said), "choices": choices, "chosen": chosen}
