"""Cities: an operating area with its own clock, currency, zones, fees, rules and people on call.

Refuses to know restaurants, orders and deliverers. Entry: `delivery.cities.selectors` and `.services`.
"""
