"""Screens and API of restaurants."""
