"""E-mail addresses as people paste them."""

from django import forms

from consultations.models.text import bare_mail


class MailField(forms.EmailField):
    """Also mailto:a@b.example, <a@b.example> or with the dot of a sentence behind."""

    def to_python(self, value):
        return bare_mail(super().to_python(value))
