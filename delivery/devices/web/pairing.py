"""`/lobby/pair/` and `/kitchen/pair/`: type the code, and this browser becomes the screen."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from delivery.devices import actors, services
from delivery.devices.errors import PairingCodeWrong
from delivery.devices.middleware import set_cookie
from delivery.devices.models import Device, Kind
from delivery.ground.http import caller_address

HEADINGS = {Kind.LOBBY: _("Pair the counter tablet"), Kind.KITCHEN: _("Pair the kitchen screen")}


class PairingForm(forms.Form):
    code = forms.CharField(
        label=_("Pairing code"),
        max_length=20,
        help_text=_("Eight letters and digits"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "autofocus": True, "class": "door__code"}
        ),
    )
    name = forms.CharField(
        label=_("Name of this screen"),
        max_length=60,
        required=False,
        help_text=_("So that you find it again in the list of devices"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, kind: Kind) -> HttpResponse:
    """A code decides which restaurant and which screen; a code for the other screen leads there."""
    form = PairingForm(request.POST or None)
    status = 200
    if form.is_valid():
        try:
            device, secret = services.pair_device(
                code=form.cleaned_data["code"], name=form.cleaned_data["name"], caller=caller_address(request)
            )
        except PairingCodeWrong as error:
            form.add_error("code", _("This code is wrong, used or too old."))
            status = error.status
        else:
            return _paired(request, device, secret)
    return render(request, "devices/pair.html", {"form": form, "heading": HEADINGS[kind]}, status=status)


def _paired(request: HttpRequest, device: Device, secret: str) -> HttpResponse:
    """The browser keeps the secrets of its other screens; a second pairing of the same kind replaces the first.

    A language that was chosen in this browser before becomes the screen's, in place of the restaurant's.
    """
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in dict(settings.LANGUAGES):
        services.set_language(device=device, language=chosen)
    held = actors.secrets_in(request.COOKIES.get(actors.DEVICE_COOKIE, ""))
    kept = [each for each in held for other in actors.devices_of([each]) if other.kind != device.kind]
    response = HttpResponseRedirect(f"/{device.kind}/")
    set_cookie(response, actors.DEVICE_COOKIE, ".".join([secret, *kept]))
    return response
