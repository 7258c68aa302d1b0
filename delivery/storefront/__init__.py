"""Storefront: the customer's screens, from an address to the tracking link.

Owns what a customer holds before an order exists: an address and a basket, in the session of the browser or with the
account. Refuses prices from anybody: pages show the restaurants' and checkout's numbers. Only views; every decision
belongs to checkout and orders. Entry: the web addresses in delivery.urls.
"""
