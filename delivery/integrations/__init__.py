"""Integrations: programs of other companies at our door, and what we tell them.

Owns API keys (scoped, bound to places, shown once) and webhooks out (signed, leased, retried, never into our own
network). Refuses to know what it carries: peers announce, wiring brings it here. Entries: `keys`, `webhooks`.
"""
