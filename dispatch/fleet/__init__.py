"""Fleet: deliverers, their shifts, their latest positions and their pay.

Refuses to hold a refusal against a person. Positions are signals, kept only while on duty.
Entry: `dispatch.fleet.services`.
"""
