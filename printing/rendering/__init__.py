"""Rendering: printer-neutral content in, the bytes of one printer out. Pure: no Django, no clock, no socket.

Owns the layout of the ticket, the vocabulary of the paper and the encoding of characters. A character of a
customer never becomes a command: controls are stripped, and what the code page lacks is drawn as an image.
Refuses prices, drawer pulses and anything that outlives the ticket in the printer.
Entries: `ticket.render_ticket(content, profile)` and `blocks.render_blocks(content, profile)`. Import the file:
most processes know `content` only.
"""
