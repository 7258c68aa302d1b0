"""The ground floor: money, distances, time, ids, errors, idempotency, leases, outbox, live topics, supervisor.

Knows nothing of the trade. Everything above may use it; it imports nothing from above.
"""
