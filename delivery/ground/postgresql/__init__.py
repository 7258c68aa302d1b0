"""Django's PostgreSQL backend, which tells one transaction from the next and a busy pool from a dead server.

Entry: settings' `ENGINE`."""
