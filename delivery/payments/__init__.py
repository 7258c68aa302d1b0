"""Payments: the tenders that pay an order, and the providers behind a port.

An attempt is committed before a provider is called, under a key that the provider keeps unique. Refuses to
decide what an order costs. Entry: `delivery.payments.services`.
"""
