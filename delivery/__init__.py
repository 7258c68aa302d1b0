"""Passeplat's company: its doors, its shared nouns, its ground floor.

"Delivery" is the company, not the act; the act is a route.
"""
