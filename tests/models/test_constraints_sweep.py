"""What holds for every model: each promise is tested, each row has a name, each write a history."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.db.migrations.loader import MigrationLoader

import consultations
from tests import factories

from .promises import constraints

SOURCES = Path(consultations.__file__).parent
TESTS = Path(__file__).parent
# Not records: an index of the patients, a counter, and a mark on an account.
WITHOUT_FACTORY = {"GivenPassword", "RecordCounter", "RefusalCount", "SearchKey", "SignInLimit"}
MODELS = [
    model
    for model in apps.get_app_config("consultations").get_models()
    if not model.__name__.startswith("Historical")
]
FACTORIES = {
    factory._meta.model: factory
    for factory in vars(factories).values()
    if isinstance(factory, type) and not factory._meta.abstract
}
# Search keys are an index, and an erasure takes words out of who looked, which has no history but
# is named by the tombstone. Refused sign-ins are counted into one row until it is sealed.
MAY_WRITE_WITHOUT_HISTORY = {
    Path("trust/access.py"): {"update"},
    # Messages are no records; what became of them is kept by their attempts.
    Path("actions/messages.py"): {"update"},
    Path("actions/sending.py"): {"update"},
    Path("models/search.py"): {"bulk_create"},
    # Batches and their rows are no records; what they become is written with its history.
    Path("exchange/imports/checking.py"): {"update"},
    Path("exchange/imports/keeping.py"): {"bulk_create"},
    Path("exchange/imports/running.py"): {"update"},
    Path("exchange/imports/photos.py"): {"bulk_create"},
    Path("exchange/imports/staging.py"): {"bulk_create", "update"},
    Path("exchange/imports/undoing.py"): {"update"},
    Path("trust/erasure.py"): {"update"},
}


def test_every_constraint_is_named_by_a_test():
    tests = "".join(path.read_text() for path in TESTS.glob("test_*.py"))
    assert sorted(name for name in constraints() if f'"{name}"' not in tests) == []


def test_every_model_has_a_factory():
    without = {model.__name__ for model in MODELS if model not in FACTORIES}
    assert without == WITHOUT_FACTORY


@pytest.mark.django_db
@pytest.mark.parametrize("model", FACTORIES, ids=lambda model: model.__name__)
def test_every_record_says_what_it_is(model):
    record = FACTORIES[model]()
    assert str(record) not in {"", models.Model.__str__(record)}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_names_its_rows(model):
    assert model.__str__ is not models.Model.__str__


def writes_without_history(path):
    """Calls that write rows past `save`; a queryset's `update` names its columns, a set's does
    not."""
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    return {
        call.func.attr
        for call in calls
        if call.func.attr in {"bulk_create", "bulk_update"}
        or (call.func.attr == "update" and call.keywords and not call.args)
    }


def test_nothing_is_written_without_history():
    found = {
        path.relative_to(SOURCES): writes_without_history(path)
        for path in SOURCES.rglob("*.py")
        if "migrations" not in path.parts
    }
    assert {path: names for path, names in found.items() if names} == MAY_WRITE_WITHOUT_HISTORY


def test_nothing_switches_history_off():
    sources = "".join(path.read_text() for path in SOURCES.rglob("*.py"))
    assert "skip_history_when_saving" not in sources
    assert "save_without_historical_record" not in sources


@pytest.mark.django_db
def test_migrations_are_up_to_date():
    call_command("makemigrations", "consultations", check=True, dry_run=True, verbosity=3)


def test_migrations_are_named_by_people():
    migrations = MigrationLoader(None).disk_migrations
    auto_named = [
        name
        for (app, name), migration in migrations.items()
        if app == "consultations" and ("_auto_" in name or name[5:] == migration.suggest_name())
    ]
    assert auto_named == []
