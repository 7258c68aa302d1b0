"""The company, not the act: the act of carrying a bag is a route (see dispatch).

Owns the doors (URLs, sockets, commands), the nouns that everybody shares (accounts, cities, devices,
orders) and the ground floor. Read `delivery/wiring.py` first: it is the map of what a fact causes.
"""
