"""`/language/`: the language of a screen; kept in the browser, and with the person who is signed in."""

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as remember_in_cookie

from delivery.accounts import services
from delivery.ground.api import ApiRequest


@require_POST
def set_language(request: ApiRequest) -> HttpResponse:
    """Takes `language` and `next`; answers 302 to `next`."""
    language = request.POST.get("language", "")
    if request.actor.account_id is not None and language in dict(settings.LANGUAGES):
        services.set_language(account_id=request.actor.account_id, language=language)
    return remember_in_cookie(request)
