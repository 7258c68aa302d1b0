"""The real ASGI application with one topic family and one open page of its own: for browsers and benchmarks."""

from collections.abc import Sequence
from typing import Any

from delivery.asgi import application as whole
from delivery.ground.access import Actor
from delivery.ground.registry import TopicFamily, wired
from tests.live.stage import ANA, LYON, latest_rows

PAGE = b"""<!doctype html><html lang="en"><title>Small</title>
<div data-live-banner hidden>Not live for <span data-live-age></span></div><ul></ul>
<script type="module">
import { follow, serverNow } from "/static/live.js";
const list = document.querySelector("ul");
const topic = follow({
  topic: location.hash.slice(1),
  onRows() { list.replaceChildren(...[...topic.rows.values()].map(show)); },
  onState({ link, code }) { document.title = code ?? link; },
});
function show(row) {
  const item = document.createElement("li");
  item.textContent = `${row.entity} ${row.dish}`;
  return item;
}
window.serverNow = serverNow;
</script></html>"""


def _rights(actors: Sequence[Actor]) -> dict[Actor, object]:
    return dict.fromkeys(actors, 1)


wired.families = {
    "shop": TopicFamily(
        "shop",
        snapshot=lambda key: latest_rows(f"shop.{key}"),
        may_join=lambda actor, key: True,
        city_of=lambda key: LYON,
    )
}
wired.actor_of_scope = lambda scope: ANA
wired.rights_of = _rights


async def application(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http" or scope["path"] != "/small/":
        await whole(scope, receive, send)
        return
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]})
    await send({"type": "http.response.body", "body": PAGE})
