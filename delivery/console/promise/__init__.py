"""Today's promise: a city's orders in time, lost minutes by cause, tickets and alarms, beside its last fourteen days.

`counted` is pure arithmetic, `rows` reads it in three statements, `page` draws it. Refuses to name people.
Entry: `delivery.console.promise.page.promise`, at /console/promise/.
"""
