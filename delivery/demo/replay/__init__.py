"""Replay: a recorded day of demand, played through the running platform in a city of its own.

The city is set up through services; from then on customers, lobbies, deliverers and printers use HTTP,
sockets and TCP only, and the report counts what they saw. Entry: `manage.py replay`.
"""
