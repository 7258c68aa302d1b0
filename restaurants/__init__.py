"""Restaurants: shops, their menus, prices, hours, stations and people.

Owns what can be ordered and when. Refuses to know orders. Prices are append-only. Entry: `restaurants.services`
for writes, `restaurants.selectors` for menus and opening.
"""
