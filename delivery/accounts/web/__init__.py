"""Doors for people: password, phone code, language."""
