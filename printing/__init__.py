"""Printing: printers, tickets, print jobs and the proof that paper came out.

Owns the duty to get each ticket on paper once, and every later copy marked. Refuses to call a sent byte printed.
Pure: `rendering`. Entry: `printing.services`; the outside is `drivers`, the oracle is `simulator`.
"""
