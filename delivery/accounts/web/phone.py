"""`/phone/sign-in/`: a number, then six digits; no password for people on the road."""

from django import forms
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from delivery.accounts import services
from delivery.accounts.errors import PhoneCodeWrong, PhoneInvalid
from delivery.ground.http import caller_address
from delivery.ground.ids import new_token
from delivery.messaging.services import queue_message

AFTER_SIGN_IN = "/phone/"


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=30,
        help_text=_("With the country code, as in +56 9 1234 5678"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "autofocus": True}),
    )


class CodeForm(forms.Form):
    phone = forms.CharField(max_length=30, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Six digits"),
        max_length=12,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "autofocus": True,
                "class": "door__code",
            }
        ),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The first form sends the code and answers with the second; the second signs in."""
    if request.method != "POST":
        return _page(request, PhoneForm())
    return _check_code(request) if "code" in request.POST else _send_code(request)


def _send_code(request: HttpRequest) -> HttpResponse:
    form = PhoneForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        phone = services.normal_phone(form.cleaned_data["phone"])
        code = services.issue_phone_code(phone=phone, caller=caller_address(request))
    except PhoneInvalid as error:
        form.add_error("phone", _("This is not a phone number with its country code."))
        return _page(request, form, status=error.status)
    if code is not None:
        text = _("Your Passeplat code is %(code)s. Nobody of us will ever ask you for it.") % {"code": code}
        queue_message(medium="sms", to=phone, text=str(text), intent_key=f"phone-code:{new_token(12)}")
    return _page(request, CodeForm(initial={"phone": phone}), phone=phone)


def _check_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.POST)
    phone = request.POST.get("phone", "")
    if not form.is_valid():
        return _page(request, form, phone=phone)
    try:
        account = services.check_phone_code(
            phone=form.cleaned_data["phone"], code=form.cleaned_data["code"], caller=caller_address(request)
        )
    except (PhoneCodeWrong, PhoneInvalid) as error:
        form.add_error("code", _("This code is wrong or too old."))
        return _page(request, form, phone=phone, status=error.status)
    login(request, account, backend="django.contrib.auth.backends.ModelBackend")
    return HttpResponseRedirect(_next(request))


def _page(request: HttpRequest, form: forms.Form, *, phone: str = "", status: int = 200) -> HttpResponse:
    context = {"form": form, "phone": phone, "next": _next(request)}
    return render(request, "accounts/phone.html", context, status=status)


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else AFTER_SIGN_IN
