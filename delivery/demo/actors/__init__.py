"""Actors: the people and printers of the living demonstration, on the public interfaces alone (HTTP, sockets, TCP).

Owns what is true outside the platform (bags on counters, ways through the streets, moods) and what was broken on
purpose. Refuses to write a row of the trade. An actor may be sent away at any moment, because a person takes over or
something is broken, and comes back to whatever it finds. Entry: `manage.py demo`, a child of `up --demo`.
"""
