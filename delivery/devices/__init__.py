"""Devices: every paired tablet, kitchen screen, phone, printer and edge agent.

Owns identity, secret, pairing and last seen; turns a request into its Actor. Refuses to know what a device
shows or prints. Entry: `delivery.devices.services`.
"""
