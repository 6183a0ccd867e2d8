"""The widgets of questions and of words."""

from django import forms
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .form_renderer import attributes, escaped

OF_THE_GROUP = ("aria-label", "aria-describedby", "class")


class Words(forms.Textarea):
    """Lines end as they are stored: browsers post them otherwise, which would be a change."""

    def value_from_datadict(self, data, files, name):
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class Segments(forms.RadioSelect):
    """A few choices side by side: seen at once, answered by one tap or one key."""

    use_fieldset = False  # the group has its own label and points to its own help
    LONGEST = 60  # characters that stand in one line
    NARROW = 30  # characters that stand in one column of a form

    @classmethod
    def of(cls, choices):
        """In one line where the words are few, else each by itself."""
        length = sum(len(str(label)) for _value, label in choices)
        if length > cls.LONGEST:
            return cls({"class": "pills"})
        return cls({"class": "wide"} if length > cls.NARROW else None)

    def _render(self, template_name, context, renderer=None):
        """Drawn here: a form has dozens, and a template takes ten times as long."""
        widget = context["widget"]
        attrs = widget["attrs"]
        group = {name: attrs[name] for name in ("id", *OF_THE_GROUP) if attrs.get(name)}
        group |= {"class": f"segments {group.get('class', '')}".strip(), "role": "radiogroup"}
        options = "".join(
            f'<label><input type="radio" name="{escaped(one["name"])}"'
            f' value="{escaped(one["value"])}"{attributes(one["attrs"])}>'
            f"<span>{escaped(one['label'])}</span></label>\n"
            for _group, some, _index in widget["optgroups"]
            for one in some
        )
        return mark_safe(f"<div{attributes(group)}>{options}</div>")  # noqa: S308  escaped

    def create_option(self, *args, **kwargs):
        option = super().create_option(*args, **kwargs)
        for name in (*OF_THE_GROUP, "aria-invalid"):
            option["attrs"].pop(name, None)
        return option


class YesNo(Segments):
    """Yes, no, or not asked – the third is the default and never counts as a no."""

    VALUES = {"true": True, "false": False}

    def __init__(self, attrs=None, blank=None):
        choices = [
            ("true", gettext_lazy("Yes")),
            ("false", gettext_lazy("No")),
            ("unknown", blank or gettext_lazy("Not asked")),
        ]
        super().__init__({"class": "yes-no", **(attrs or {})}, choices)

    def format_value(self, value):
        if value in self.VALUES:
            return [value]
        return [{True: "true", False: "false"}.get(value, "unknown")]

    def value_from_datadict(self, data, files, name):
        return self.VALUES.get(data.get(name))


# What was done, not what was asked.
DONE_OR_NOT = {"eyewear_worn", "antiviral_given", "aftercare_given"}


def unanswered(name):
    """What stands for a blank answer to this question."""
    return _("Not recorded") if name in DONE_OR_NOT else _("Not asked")
