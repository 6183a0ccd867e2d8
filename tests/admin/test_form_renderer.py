"""What is drawn without a template is what Django's templates give."""

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.forms.utils import ErrorList
from django.utils.safestring import mark_safe

from consultations.admin.parts.form_renderer import DRAWN, INPUTS, FormRenderer
from tests.admin.browsing import change_url
from tests.factories import SessionFactory

ODD = "\"<b>&'", "", 0, None, 2.5, True, mark_safe("<i>"), "ü\n"
ATTRS = {"id": "id_a", "class": '<&">', "required": True, "disabled": False, "max": 3}
GROUPS = [("", "–"), ("<1>", 'a "b"'), ("Group <", [(2, "Two"), ("c", mark_safe("<i>"))])]


class Named(forms.Form):
    a = forms.CharField(label='<Name> & "more"', widget=forms.TextInput({"id": "a&b"}))
    b = forms.CharField(label=mark_safe("<b>b</b>"))


def widgets():
    for name in INPUTS:
        own = {"input_type": name, "template_name": f"django/forms/widgets/{name}.html"}
        yield type("Widget", (forms.TextInput,), own)()
    yield forms.Textarea()
    yield forms.Select(choices=GROUPS)


def contexts():
    for widget in widgets():
        for value in ODD:
            for attrs in ({}, ATTRS):
                yield widget.template_name, widget.get_context('n"<', value, attrs)
    for errors in (ErrorList(), ErrorList(["<a>", mark_safe("<i>")], field_id='x"')):
        yield errors.template_name, errors.get_context()
    for tag, use_tag in (("label", True), ("legend", True), ("label", False)):
        for label in ("<l>", mark_safe("<i>l</i>")):
            for attrs in (ATTRS, None):
                told = {"label": label, "tag": tag, "use_tag": use_tag, "attrs": attrs}
                yield "django/forms/label.html", told


def test_drawn_as_by_the_templates_of_django():
    drawn, given, asked = FormRenderer(), TemplatesSetting(), set()
    for name, context in contexts():
        asked.add(name)
        assert drawn.render(name, context) == given.render(name, context), (name, context)
    assert asked == set(DRAWN)


@pytest.mark.parametrize("form", [Named(), Named({"a": '"<'})], ids=["new", "posted"])
def test_form_is_the_same_to_the_letter(form):
    given = Named(form.data if form.is_bound else None, renderer=TemplatesSetting())
    form.renderer = FormRenderer()
    assert str(form) == str(given)


@pytest.mark.django_db
def test_scripts_of_a_form_are_those_of_all_its_fields(client_for, clinician):
    session = SessionFactory(by=clinician)
    form = client_for(clinician).get(change_url(session)).context_data["adminform"].form
    every = sum((field.widget.media for field in form.fields.values()), forms.Media())
    assert sorted(map(str, form.media._js)) == sorted(map(str, every._js))
    assert "admin/js/autocomplete.js" in form.media._js
