"""Messaging: text to a person's phone or mailbox, as leased jobs behind ports.

Refuses to decide who is told what. Entry: `delivery.messaging.services.queue_message`.
"""
