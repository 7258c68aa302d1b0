"""Storefront: the customer's screens. Only views; every decision belongs to checkout and orders."""
