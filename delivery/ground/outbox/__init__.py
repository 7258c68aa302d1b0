"""The outbox: every fact is a row, written in the transaction that made it true; the rows are the history.

Owns the event log, its relay to reactions and topics, retries, deadlines and hints to other processes.
Refuses a fact about a row that this transaction has not locked, and never waits for Valkey.
Entry: `record` for a change, `insert` for a new row; `deadlines.arm` beside them; `manage.py relay` carries.
"""

from delivery.ground.outbox.record import insert, insert_many, record

__all__ = ["insert", "insert_many", "record"]
