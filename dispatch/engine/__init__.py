"""The dispatch engine: who fetches which orders, in which order, starting when.

Owns the decision of one minute in one city. Pure Python over numpy and scipy: it reads no clock, no database
and no chance: the same problem always gives the same plan. Time is a float of city minutes, places are (x, y)
metres. Refuses to hold state between minutes (the last plan's chains come back in the next problem), to break
a locked stop, to mix two restaurants in one bundle, to fail because of one broken order (it waits, with why).

Its one entry is `dispatch.engine.plan.plan(problem) -> Plan`; `dispatch.engine.protocol` speaks JSON lines.
"""
