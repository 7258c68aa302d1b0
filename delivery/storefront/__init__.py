"""Storefront: the customer's screens, from an address to the tracking link.

Owns what a browser holds before an order exists: an address and a basket, in its session. Refuses prices from
anybody: pages show the restaurants' and checkout's numbers. Only views; every decision belongs to checkout and orders.
"""
