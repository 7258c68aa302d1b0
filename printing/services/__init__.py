"""Every write of printing, one file per noun: printers, tickets, jobs, and what became of them.

Import the file: most processes queue, and only workers and the API load what draws (`sending`, `requests`).
"""
