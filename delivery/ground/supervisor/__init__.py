"""Runs one whole copy of the platform from one command: servers, preparation, application processes.

Owns DATA_DIR: its lock, secrets, ports, run.json and logs. Starts PostgreSQL and Valkey unless their URLs are
given, keeps every process alive and leaves none behind, however it ends itself.
Refuses to know what the application is: the caller hands over steps and floors of children.
Entry: `delivery.ground.supervisor.run.supervise`.
"""
