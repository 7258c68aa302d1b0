"""Who may open which URL of integrations: keys that hold the scope; whose webhooks, the views decide."""

from delivery.ground.access import Rule, scoped

KEYS = Rule("a program with an API key", lambda actor: actor.key_id is not None)
WEBHOOKS = scoped(KEYS, "webhooks:write")

ACCESS: dict[str, Rule] = {
    "api:webhooks": WEBHOOKS,
    "api:webhook": WEBHOOKS,
    "api:webhook_deliveries": WEBHOOKS,
}
