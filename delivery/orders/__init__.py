"""Orders: what was ordered, its state, its lines and its money.

Pure cores: `transitions` (the one table of states) and `pricing`. Money moves only through `ledger.post`.
Refuses to know payment providers, deliverers and printers. Entry: `delivery.orders.services`; a new order
comes only from `delivery.checkout`.
"""
