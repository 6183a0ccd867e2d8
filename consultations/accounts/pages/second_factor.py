"""Pages of sign-in codes: enter one, set up an authenticator, and get recovery codes."""

from base64 import b32encode

import segno
from django import forms
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_otp.plugins.otp_totp.models import TOTPDevice

from consultations.accounts import second_factor
from consultations.accounts.login_sessions import has_just_begun
from consultations.accounts.second_factor import device_id_of, is_still_to_come, next_step
from consultations.admin.pages.quick_actions import way_back
from consultations.models.staff import tell_of_account

from .sign_in import is_own_password, record_refusal, record_sign_in

NEW_KEY = "new_second_factor"


class CodeInput(forms.TextInput):
    def get_context(self, name, value, attrs):
        """Display the field empty: a wrong code is never right the next time."""
        return super().get_context(name, None, attrs)


class CodeField(forms.CharField):
    def __init__(self, *, autocomplete="off", **options):
        super().__init__(max_length=40, widget=CodeInput, **options)
        self.widget.attrs |= {"autocomplete": autocomplete, "spellcheck": "false"}

    def clean(self, value):
        """Remove spaces, which apps and people put in."""
        return "".join(super().clean(value).split())


def digits_field(**options):
    field = CodeField(
        label=gettext_lazy("Code from your app"), autocomplete="one-time-code", **options
    )
    field.widget.attrs |= {"inputmode": "numeric", "autofocus": True}
    return field


class CodeForm(forms.Form):
    code = digits_field(required=False)
    recovery_code = CodeField(label=gettext_lazy("Recovery code"), required=False)

    def __init__(self, request, data=None):
        super().__init__(data)
        self.request = request

    @property
    def typed(self):
        return self.cleaned_data.get("recovery_code") or self.cleaned_data.get("code") or ""

    def clean(self):
        if not self.errors and not self.typed:
            raise forms.ValidationError(_("Type a code."))
        if self.errors:
            return
        user = self.request.user
        if until := second_factor.wait_before_next(user=user, code=self.typed):
            raise forms.ValidationError(too_many(until))
        if not second_factor.give_code(request=self.request, code=self.typed):
            record_refusal(self.request, user, _("sign-in code"))
            raise forms.ValidationError(
                _("That code is not right. A code is valid for 30 seconds and works once.")
            )


class PasswordForm(forms.Form):
    """Asks for the password again before a change; wrong ones count like any sign-in."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request, data=None):
        super().__init__(data)
        self.request = request

    def clean_password(self):
        password = self.cleaned_data["password"]
        if not is_own_password(self.request, password):
            raise forms.ValidationError(_("This is not your password."))
        return password


class SetUpForm(PasswordForm):
    code = digits_field()

    def __init__(self, request, data=None):
        super().__init__(request, data)
        if is_still_to_come(request) and has_just_begun(request.session):
            # It was typed a moment ago.
            del self.fields["password"]

    field_order = ["code", "password"]


def too_many(until):
    seconds = max(1, round((until - timezone.now()).total_seconds()))
    if seconds < 120:
        words = ngettext(
            "Too many wrong codes. Try again in %(number)s second.",
            "Too many wrong codes. Try again in %(number)s seconds.",
            seconds,
        )
        return words % {"number": seconds}
    return _("Too many wrong codes. Try again in %(number)s minutes, or ask your manager.") % {
        "number": round(seconds / 60)
    }


def enter_code(site, request):
    """Ask a user with an authenticator for a code, after the password."""
    if refused := _elsewhere(request, "second_factor_code"):
        return refused
    form = CodeForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_recovery = not second_factor.is_six_digits(form.typed)
        answer = HttpResponseRedirect(_onward(request))
        record_sign_in(request, answer, _("recovery code") if is_recovery else _("sign-in code"))
        return answer
    return _page(site, request, "code", _("Enter your sign-in code"), form=form)


def set_up(site, request):
    """Display a new key, and store it once a code proves that an app has it."""
    if refused := _elsewhere(request, "second_factor_set_up"):
        return refused
    key = request.session.get(NEW_KEY)
    if key is None:
        key = request.session[NEW_KEY] = second_factor.new_key()
    form = SetUpForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        was_signing_in = is_still_to_come(request)
        codes = _set_up(request, form, key)
        if codes:
            return _kept(site, request, codes, was_signing_in)
    device = second_factor.unsaved_device(user=request.user, key=key)
    return _page(
        site,
        request,
        "set_up",
        _("Set up sign-in codes"),
        form=form,
        is_enforced=is_still_to_come(request),
        qr=mark_safe(qr_of(device.config_url)),  # noqa: S308  drawn by segno, holds no text
        secret=secret_of(device),
        app_url=mark_safe(device.config_url),  # noqa: S308  escaped by the attribute it stands in
    )


def _set_up(request, form, key):
    """Store the authenticator; return recovery codes, or [] with the reason in the form."""
    code = form.cleaned_data["code"]
    try:
        codes = second_factor.set_up(user=request.user, key=key, code=code)
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return []
    if not codes:
        form.add_error("code", _("That code is not right. Wait for the next one and try again."))
    return codes


def _kept(site, request, codes, was_signing_in):
    del request.session[NEW_KEY]
    second_factor.remember(request)
    answer = _codes(site, request, codes)
    if was_signing_in:
        record_sign_in(request, answer, _("sign-in codes set up"))
    tell_of_account(request.user, "Sign-in codes set up.")
    return answer


def new_codes(site, request):
    """Replace recovery codes that are used up or that somebody saw."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if device_id_of(request.user) is None:
        return HttpResponseRedirect(reverse("admin:second_factor"))
    form = PasswordForm(request, request.POST)
    if not form.is_valid():
        return overview(site, request, form)
    codes = second_factor.renew_recovery_codes(user=request.user)
    tell_of_account(request.user, "New recovery codes.")
    return _codes(site, request, codes)


def overview(site, request, form=None):
    """Display how the user signs in; redirect those without codes to set them up."""
    device = TOTPDevice.objects.filter(pk=device_id_of(request.user)).first()
    if device is None:
        return HttpResponseRedirect(reverse("admin:second_factor_set_up"))
    return _page(
        site,
        request,
        "overview",
        _("Sign-in codes"),
        form=form or PasswordForm(request),
        device=device,
        codes_left=second_factor.recovery_codes_left(request.user),
    )


def _codes(site, request, codes):
    return _page(site, request, "codes", _("Recovery codes"), codes=codes, onward=_onward(request))


def _elsewhere(request, page):
    """Return a redirect for a user who does not belong on this page, else None."""
    if not request.user.is_staff:
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))
    if is_still_to_come(request):
        right = next_step(request)
        return None if right == page else HttpResponseRedirect(reverse(f"admin:{right}"))
    return HttpResponseRedirect(_onward(request)) if page == "second_factor_code" else None


def _onward(request):
    return way_back(request) or reverse("admin:index")


def _page(site, request, name, title, **context):
    context |= {"title": title, "next": request.POST.get("next", request.GET.get("next", ""))}
    return TemplateResponse(
        request, f"admin/sign_in/{name}.html", {**site.each_context(request), **context}
    )


def qr_of(url):
    return segno.make_qr(url, error="m").svg_inline(
        dark="#000", light="#fff", border=4, svgclass="qr", lineclass=None, omitsize=True
    )


def secret_of(device):
    """Return the key to type into an app: groups of four letters."""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))
