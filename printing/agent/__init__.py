"""The edge agent: one small process on a box in a restaurant that carries tickets to printers nobody else can reach.

Owns the line to the platform (outbound only), the LAN and USB printers beside it, and a journal on disk: what a token
has come to is written before the first byte, so that a crash never prints a second ticket. While the internet is away
it prints what it has and reports afterwards. Refuses to guess: what broke off is reported as unconfirmed.
Standard library only, with `printing.drivers` beside it. Entry: `python -m printing.agent --help`.
"""
