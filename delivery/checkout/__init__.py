"""Checkout: THE door for a new order, whatever its channel: quote -> authorise -> place.

A quote holds price, zone and fee for ten minutes; placing takes the server's numbers, never the caller's.
Refuses everything that a restaurant or a city would refuse, with a code. Entry: `delivery.checkout.services`.
"""
