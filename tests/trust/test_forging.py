"""A form takes what is on it: whatever else is posted beside it changes nothing, for any role."""

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group, Permission, User
from django.db import models
from django.urls import reverse

from consultations.actions.roles import sync_roles
from consultations.models import AreaAssessment, TreatmentSession
from consultations.permissions import MANAGER, RECEPTION, ROLES
from tests.factories import UserFactory
from tests.undone import undone

from .addresses import address_of
from .matrix import MATRIX
from .posts import fields_of, form_of, posted

pytestmark = pytest.mark.django_db

# Written anew with every save, by the program itself.
ALWAYS_NEW = {
    *("id", "created_at", "changed_at", "form_token", "signed_at", "decided_at", "cleared_at"),
    *("overridden_at", "entered_in_error_at", "image", "thumbnail", "password", "last_login"),
    *("withdrawn_at", "quoted_at"),
    *("date_joined", "saved_at", "erased_at", "arrived_at", "overbooked_at"),
    "uid",
    "booked_again",
    *("file", "logo"),
}


def may(who, row):
    return MATRIX[row]["POST"][who] == "kept"


def forms_of(who):
    """The forms this role may save, each with the model it is about."""
    by_name = {model._meta.model_name: model for model in site._registry}
    for row in MATRIX:
        name = row.removeprefix("auth_").partition("_")[0]
        if name in by_name and may(who, row):
            yield row, by_name[name]


def forged(model, own, stage):
    """A value for every field of a model that is not on one's own form."""
    values = {}
    for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
        for name in {field.name, f"{field.name}_0", getattr(field, "attname", field.name)}:
            if name not in own and field.name not in own and f"{field.name}_0" not in own:
                values[name] = forgery(field, stage)
    return values


def forgery(field, stage):
    if field.is_relation:
        keys = field.related_model._default_manager.order_by("-pk").values_list("pk", flat=True)
        return next(iter(keys[:1]), "1")
    if field.choices:
        return field.flatchoices[-1][0]
    match field:
        case models.BooleanField():
            return "true"
        case models.DateTimeField() | models.DateField():
            return "2025-04-05"
        case models.DecimalField() | models.IntegerField():
            return "3"
        case models.JSONField():
            return '["forged"]'
    return "forged"


def snapshot():
    """All rows of all records, without what is always new."""
    kept = {}
    for model in site._registry:
        names = [one.name for one in model._meta.concrete_fields if one.name not in ALWAYS_NEW]
        if model is AreaAssessment:
            # PostgreSQL gives each new consultation another key.
            names[names.index("consultation")] = "consultation__patient"
        kept[model.__name__] = sorted(map(repr, model._default_manager.values_list(*names)))
    kept["roles"] = sorted(User.groups.through.objects.values_list("user", "group"))
    kept["permissions"] = sorted(User.user_permissions.through.objects.values_list())
    return kept


def saved(client, address, data):
    """What is stored once this was posted; all of it is taken back."""
    cookies = client.cookies.copy()
    with undone():
        status = client.post(address, data).status_code
        kept = snapshot()
    client.cookies = cookies
    return status, kept


def differences(one, other):
    return {name: set(one[name]) ^ set(other[name]) for name in one if one[name] != other[name]}


@pytest.mark.parametrize("who", ["reception", "practitioner", "clinician", "manager"])
def test_nothing_that_is_not_on_the_form_is_saved(stage, figure, who):
    client, wrong, fields, forms = stage.client(who), {}, 0, 0
    for row, model in forms_of(who):
        address, _record = address_of(stage, row)
        page = client.get(address)
        data = form_of(page) | posted(stage).get(row, {})
        extra = forged(model, fields_of(page) | set(data), stage)
        plain = saved(client, address, data)
        for file in (*data.get("photos", []), *filter(None, [data.get("logo")])):
            file.seek(0)
        both = saved(client, address, extra | data)
        fields, forms = fields + len(extra), forms + 1
        if found := differences(plain[1], both[1]) or plain[0] != both[0]:
            wrong[row] = found
    figure("forms", forms)
    figure("fields forged", fields)
    assert wrong == {}


# Fields that are on the form, but not for this value


@pytest.mark.parametrize(
    ("who", "row", "values"),
    [
        ("practitioner", "treatmentsession_add@done", {"override_reason": "I say so."}),
        ("practitioner", "patient_visit", {"override": "I say so."}),
    ],
)
def test_a_value_beyond_ones_role_is_refused(stage, who, row, values):
    client = stage.client(who)
    address, _record = address_of(stage, row)
    data = form_of(client.get(address)) | posted(stage)[row] | values
    if "override" in values:
        data[f"plan-{stage.treatmentplan.pk}-override_reason"] = data.pop("override")
    before = snapshot()
    answer = client.post(address, data)
    assert (answer.status_code, differences(before, snapshot())) == (200, {})


def test_a_practitioner_records_nobody_elses_session(stage):
    client = stage.client("practitioner")
    address, _record = address_of(stage, "treatmentsession_add@done")
    data = form_of(client.get(address)) | posted(stage)["treatmentsession_add@done"]
    before = TreatmentSession.objects.count()
    answer = client.post(address, data | {"operator": stage.users["clinician"].pk})
    assert (answer.status_code, TreatmentSession.objects.count()) == (200, before)


# Who books and reads everything does not treat


@pytest.fixture
def both(stage):
    user = UserFactory(username="both")
    user.groups.set(Group.objects.filter(name__in=(RECEPTION, MANAGER)))
    stage.users["both"] = user
    yield stage.client("both")
    del stage.users["both"]


@pytest.mark.parametrize(
    "row",
    [
        "patient_add",
        "patient_change",
        "appointment_add",
        "appointment_change",
    ],
)
def test_reception_and_manager_at_once_write_no_clinical_field(stage, both, row):
    address, _record = address_of(stage, row)
    model = {one._meta.model_name: one for one in site._registry}[row.partition("_")[0]]
    page, own = both.get(address), fields_of(stage.client("reception").get(address))
    # Who may open the chart is led there by "Save", so "Save and stay" is another button.
    assert fields_of(page) - {"_continue"} == own - {"_continue"}
    data = form_of(page) | posted(stage)[row]
    plain = saved(both, address, data)
    with_more = saved(both, address, forged(model, own | set(data), stage) | data)
    assert plain[0] == with_more[0] == 302
    assert differences(plain[1], with_more[1]) == {}


# Staff accounts


def account(user):
    return reverse("admin:auth_user_change", args=[user.pk])


@pytest.fixture
def manager(stage):
    return stage.client("manager")


def test_the_manager_holds_no_right_over_rights():
    auth = Permission.objects.filter(content_type__app_label="auth", group__name=MANAGER)
    assert set(auth.values_list("codename", flat=True)) == {"view_user", "add_user", "change_user"}


def test_the_manager_gives_no_group_that_somebody_made(stage, manager):
    """A group made by hand may hold any right there is."""
    group = Group.objects.create(name="Made by hand")
    group.permissions.set(Permission.objects.all())
    colleague = stage.users["reception"]
    form = form_of(manager.get(account(colleague)))
    answer = manager.post(account(colleague), form | {"groups": [group.pk]})
    assert answer.status_code == 200
    assert [one.name for one in colleague.groups.all()] == [RECEPTION]


def test_a_group_that_somebody_made_can_be_taken_away(stage, manager):
    group, colleague = Group.objects.create(name="Made by hand"), stage.users["reception"]
    colleague.groups.add(group)
    form = form_of(manager.get(account(colleague)))
    assert str(group.pk) in manager.get(account(colleague)).content.decode()
    role = Group.objects.get(name=RECEPTION)
    assert manager.post(account(colleague), form | {"groups": [role.pk]}).status_code == 302
    assert [one.name for one in colleague.groups.all()] == [RECEPTION]


def test_the_manager_keeps_their_own_role(stage, manager):
    own = stage.users["manager"]
    every = [group.pk for group in Group.objects.all()]
    form = form_of(manager.get(account(own)))
    power = {"groups": every, "is_superuser": "on", "is_staff": "", "user_permissions": ["1"]}
    assert manager.post(account(own), form | power | {"first_name": "New"}).status_code == 302
    own.refresh_from_db()
    kept = [own.first_name, own.is_superuser, own.is_staff, own.is_active]
    assert kept == ["New", False, True, True]
    assert [group.name for group in own.groups.all()] == [MANAGER]
    assert own.user_permissions.count() == 0


@pytest.mark.parametrize("page", ["change", "password_change"])
def test_the_manager_touches_no_superuser(stage, manager, page):
    superuser = stage.users["superuser"]
    url = reverse(f"admin:auth_user_{page}", args=[superuser.pk])
    power = {"username": "superuser", "is_active": "", "password1": "Tr1cky-enough"}
    answer = manager.post(url, power | {"password2": "Tr1cky-enough", "usable_password": "true"})
    before = superuser.password
    superuser.refresh_from_db()
    assert (answer.status_code, superuser.is_active, superuser.password) == (403, True, before)


def test_roles_that_were_changed_by_hand_are_set_right(stage):
    for name in ROLES:
        Group.objects.get(name=name).permissions.set(Permission.objects.all())
    assert sync_roles() == list(ROLES)
    for name, wanted in ROLES.items():
        held = Group.objects.get(name=name).permissions.values_list("codename", flat=True)
        assert set(held) == wanted
