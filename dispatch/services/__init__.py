"""Every write of dispatch, one file per noun.

All of them lock rows in one order, so no two can wait for each other: city lease, routes by id, the open offer of a
route, deliverers by id, orders by id. Stops have no lock of their own: the lock of their route covers them, and
stops without a route are taken by an UPDATE that counts what it changed.
"""
