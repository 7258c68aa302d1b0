"""The desk: alarms, and the person on call who owns each of them.

Opens alarms from facts of any package; refuses an alarm without a city or a way to close it.
Entry: `dispatch.desk.services`.
"""
