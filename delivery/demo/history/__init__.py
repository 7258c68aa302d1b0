"""Fourteen days that the demonstration's cities have behind them when they open, so that reports have something to say.

The one place that writes rows of the past, and the reason why it goes past the services: they stamp the present
instant, and relay each fact to screens, printers and webhooks. What the services compute (states, prices, promises,
pay, tickets) is computed here by the same pure functions; triggers and constraints of PostgreSQL hold as ever. Every
order is final, every fact relayed, nothing is due. Only `seed()` calls it, inside its transaction, on cities that
nobody has ordered in. Entry: `write_history`.
"""

from delivery.demo.history.write import write_history

__all__ = ["write_history"]
