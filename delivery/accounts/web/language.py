"""`/language/`: the language of a screen; kept in the browser, and with the person, else with the paired device."""

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as remember_in_cookie

from delivery.accounts import services
from delivery.devices import services as devices
from delivery.devices.models import Device
from delivery.ground.api import ApiRequest


@require_POST
def set_language(request: ApiRequest) -> HttpResponse:
    """Takes `language` and `next`; answers 302 to `next`."""
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        if request.actor.account_id is not None:
            services.set_language(account_id=request.actor.account_id, language=language)
        else:
            for device in Device.objects.filter(pk__in=request.actor.device_ids):
                devices.set_language(device=device, language=language)
    return remember_in_cookie(request)
