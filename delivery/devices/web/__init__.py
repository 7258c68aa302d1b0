"""Doors for devices: the pairing page and its API."""
