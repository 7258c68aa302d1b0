"""The same read over HTTP, for screens behind networks that break sockets."""

from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from delivery.ground.api import ApiRequest
from delivery.ground.errors import NotSignedIn
from delivery.ground.live import store
from delivery.ground.live.protocol import BadMessage
from delivery.ground.live.store import Since


@require_GET
def live(request: ApiRequest) -> HttpResponse:
    """`?topic&epoch&since` -> one frame, as on `/ws/`: what the caller lacks, or the whole topic.

    Raises:
        NotSignedIn: nobody is asking. NotFound: no such topic for them. BadMessage: `since` is not a number.
    """
    rights = store.rights_of(request.actor)
    if rights is None:
        raise NotSignedIn()
    topic = request.GET.get("topic", "")
    store.allowed_city(topic, request.actor)
    response = JsonResponse(store.read_topic(topic, rights=rights, since=_since(request)).as_wire())
    response["Cache-Control"] = "no-store"
    return response


def _since(request: ApiRequest) -> Since | None:
    epoch, seq = request.GET.get("epoch"), request.GET.get("since")
    if epoch is None or seq is None:
        return None
    try:
        return Since(epoch, int(seq))
    except ValueError as error:
        raise BadMessage() from error
