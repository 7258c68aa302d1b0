"""Demo: people and shops to look at and to train on, brought in through services and public interfaces only.

Refuses a database that already has a city. Entry: `manage.py seed_demo`.
"""
