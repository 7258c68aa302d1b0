"""Dispatch: who carries what. Stops, routes, offers and decisions; the planner process and its pure engine.

`complete_stop` is the one writer of picked_up and delivered for platform deliveries. "Never two" is kept by
unique partial indexes. Refuses to hold a declined offer against a person. Entry: `dispatch.services`.
"""
