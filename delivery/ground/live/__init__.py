"""Live: what changes in the database appears on every screen that follows its topic, and nothing is ever missed.

Owns `/ws/` and `/api/live`: the read of a topic at one moment (store), the one subscription of a process and
its look at PostgreSQL each second (hub, feed), one socket's side (follower), the protocol (consumer, protocol).
A position is (epoch, seq). The truth is the topic log that the relay writes; Valkey only makes it quick.
Refuses to know what a topic is about: families, rights and the resolver of actors come from `delivery.wiring`.
Entry: `consumer.live_socket`, mounted by `delivery.asgi`.
"""
